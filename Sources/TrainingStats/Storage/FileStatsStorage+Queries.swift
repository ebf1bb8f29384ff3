internal import GRDB

extension FileStatsStorage {
    private func query<Answer>(_ empty: Answer, _ body: (StatsFileReader) throws -> Answer) throws -> Answer {
        try file.read { try body(StatsFileReader($0)) } ?? empty
    }

    /// Every session, the oldest first.
    public func listSessionIDs() throws -> [String] { try query([]) { try $0.sessions() } }

    /// Kinds of reporters in a session, sorted.
    public func listTypeIDs(session: String) throws -> [String] {
        try query([]) { reader in
            Set(try reader.sources().lazy.filter { $0.session == session }.map(\.type)).sorted()
        }
    }

    /// Workers in a session, sorted; of one kind of reporter only, when named.
    public func listWorkerIDs(session: String, type: String?) throws -> [String] {
        try query([]) { reader in
            let sources = try reader.sources().lazy.filter { $0.session == session && (type == nil || $0.type == type) }
            return Set(sources.map(\.worker)).sorted()
        }
    }

    /// The last metadata of a session, with the name that a person gave it.
    public func metadata(session: String) throws -> SessionMetadata? {
        try query(nil) { try $0.metadata(session: session) }
    }

    /// The last static information of a worker.
    public func staticInfo(_ source: StatsSource) throws -> StaticInfo? {
        try query(nil) { reader in
            let record = try reader.records(source, .staticInfo, "ORDER BY sequence DESC LIMIT 1").first
            guard case .staticInfo(let info) = record?.content else { return nil }
            return info
        }
    }

    /// Updates that arrived from a worker.
    public func numberOfUpdates(_ source: StatsSource) throws -> Int {
        try query(0) { try $0.numberOfUpdates(source) }
    }

    /// The update with the largest sequence number.
    public func latestUpdate(_ source: StatsSource) throws -> StatsRecord? {
        try query(nil) { try $0.records(source, .update, "ORDER BY sequence DESC LIMIT 1").first }
    }

    /// One update; `nil` when there is none with this number.
    public func update(_ source: StatsSource, sequence: Int) throws -> StatsRecord? {
        try query(nil) { try $0.records(source, .update, "AND sequence = ?", [sequence]).first }
    }

    /// Whole updates with larger sequence numbers, in order.
    public func updates(_ source: StatsSource, after sequence: Int, limit: Int) throws -> [StatsRecord] {
        try query([]) { reader in
            try reader.records(
                source, .update, "AND sequence > ? ORDER BY sequence LIMIT ?", [sequence, max(0, limit)])
        }
    }

    /// Up to `count` whole updates spread evenly over the run.
    public func sampledUpdates(_ source: StatsSource, count: Int) throws -> [StatsRecord] {
        try query([]) { reader in
            let all = try reader.updateTimes(source).map(\.sequence)
            return try Spread.indices(of: all, count: count).flatMap {
                try reader.records(source, .update, "AND sequence = ?", [all[$0]])
            }
        }
    }

    /// Sequence number and time stamp of every update.
    public func updateTimes(_ source: StatsSource) throws -> [(sequence: Int, timestamp: Int64)] {
        try query([]) { try $0.updateTimes(source) }
    }

    /// The scalars of all updates with larger sequence numbers: those after a number merged only where there are more
    /// than `limit`, those of the whole run (after −1) to at most 1,024 points.
    public func series(_ source: StatsSource, after sequence: Int, limit: Int) throws -> StatsSeries.Batch {
        try query(StatsSeries.Batch()) { reader in
            let series: StatsSeries
            if sequence < 0 {
                series = try reader.extend(seriesCache[source] ?? StatsSeries(), source)
                seriesCache[source] = series
            } else {
                series = try reader.series(source, after: sequence, capacity: limit)
            }
            return StatsSeries.Batch(names: series.names, points: series.points).merged(to: limit)
        }
    }

    /// Sequence numbers and iterations of the maps that are kept.
    public func listMaps(_ source: StatsSource) throws -> [(sequence: Int, iteration: Int)] {
        try query([]) { reader in
            // A spill file has all of them.
            let maps = try reader.maps(source)
            return Spread.indices(of: maps.map(\.sequence), count: WorkerRecords.mapCapacity).map { maps[$0] }
        }
    }

    /// One map.
    public func map(_ source: StatsSource, sequence: Int) throws -> MapSnapshot? {
        try query(nil) { reader in
            let record = try reader.records(source, .map, "AND sequence = ?", [sequence]).first
            guard case .map(let map) = record?.content else { return nil }
            return map
        }
    }
}
