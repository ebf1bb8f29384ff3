internal import GRDB

/// Asks a stats file; used by one thread, within a transaction. Nothing in the file is believed.
struct StatsFileReader {
    let db: Database

    init(_ db: Database) { self.db = db }

    // MARK: Sources

    func sessions() throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT session FROM session WHERE removed = 0 AND EXISTS (
                    SELECT 1 FROM source JOIN record ON record.source = source.id WHERE source.session = session.id)
                ORDER BY id
                """)
    }

    func sources() throws -> [StatsSource] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT session.session, type, worker FROM source JOIN session ON session.id = source.session
                WHERE removed = 0 AND EXISTS (SELECT 1 FROM record WHERE record.source = source.id)
                """
        ).map { StatsSource(session: try $0.text(0), type: try $0.text(1), worker: try $0.text(2)) }
    }

    func sourceID(_ source: StatsSource) throws -> Int? {
        try Int.fetchOne(
            db,
            sql: """
                SELECT source.id FROM source JOIN session ON session.id = source.session
                WHERE session.session = ? AND removed = 0 AND type = ? AND worker = ?
                """, arguments: [source.session, source.type, source.worker])
    }

    func metadata(session: String) throws -> SessionMetadata? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT id, name FROM session WHERE session = ? AND removed = 0", arguments: [session])
        else { return nil }
        let name = row.hasNull(atIndex: 1) ? nil : try row.text(1)
        // The last that came, leaving out what was old when it came.
        let last = try Row.fetchOne(
            db,
            sql: """
                SELECT content FROM record AS r JOIN source ON source.id = r.source JOIN detail ON detail.id = r.id
                WHERE source.session = ? AND r.kind = 0 AND NOT EXISTS (
                    SELECT 1 FROM record AS o
                    WHERE o.source = r.source AND o.kind = 0 AND o.sequence > r.sequence AND o.id < r.id)
                ORDER BY r.id DESC LIMIT 1
                """, arguments: [try row.whole(0)])
        var metadata: SessionMetadata?
        if let last {
            let source = StatsSource(session: session, type: "metadata", worker: "metadata")
            let record = try StatsRow.record(
                source: source, sequence: 0, timestamp: 0, kind: StatsRow.Kind.metadata.rawValue,
                content: try last.bytes(0))
            if case .metadata(let found) = record.content { metadata = found }
        }
        return SessionMetadata.named(name, metadata)
    }

    // MARK: Records

    /// Names and numbers of the records that came after one.
    func rows(
        after id: Int, limit: Int
    ) throws -> [(id: Int, kind: StatsRow.Kind, source: StatsSource, sequence: Int, timestamp: Int64)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT record.id, kind, session.session, type, worker, sequence, timestamp
                FROM record JOIN source ON source.id = record.source JOIN session ON session.id = source.session
                WHERE record.id > ? ORDER BY record.id LIMIT ?
                """, arguments: [id, limit]
        ).map { row in
            guard let kind = StatsRow.Kind(rawValue: try row.whole(1)) else {
                throw DamagedRow(reason: "there is no kind \(try row.whole(1)) of records")
            }
            let source = StatsSource(session: try row.text(2), type: try row.text(3), worker: try row.text(4))
            return (try row.whole(0), kind, source, try row.whole(5), Int64(try row.whole(6)))
        }
    }

    func lastID() throws -> Int { try Int.fetchOne(db, sql: "SELECT max(id) FROM record") ?? 0 }

    /// Whole records of one kind; `condition` follows the source and the kind.
    func records(
        _ source: StatsSource, _ kind: StatsRow.Kind, _ condition: String, _ arguments: StatementArguments = []
    ) throws -> [StatsRecord] {
        guard let id = try sourceID(source) else { return [] }
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT sequence, timestamp, content FROM record JOIN detail ON detail.id = record.id
                WHERE source = ? AND kind = ? \(condition)
                """, arguments: [id, kind.rawValue] + arguments)
        var records: [StatsRecord] = []
        while let row = try cursor.next() {
            let sequence = try row.whole(0)
            do {
                records.append(
                    try StatsRow.record(
                        source: source, sequence: sequence, timestamp: try row.whole(1), kind: kind.rawValue,
                        content: try row.bytes(2)))
            } catch {
                throw DamagedRow(reason: "record \(sequence) of worker \(source.worker) is damaged: \(error)")
            }
        }
        return records
    }

    func numberOfUpdates(_ source: StatsSource) throws -> Int {
        guard let id = try sourceID(source) else { return 0 }
        return try numberOfUpdates(id)
    }

    private func numberOfUpdates(_ source: Int) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM record WHERE source = ? AND kind = ?",
            arguments: [source, StatsRow.Kind.update.rawValue]) ?? 0
    }

    func updateTimes(_ source: StatsSource) throws -> [(sequence: Int, timestamp: Int64)] {
        guard let id = try sourceID(source) else { return [] }
        return try Row.fetchAll(
            db, sql: "SELECT sequence, timestamp FROM record WHERE source = ? AND kind = ? ORDER BY sequence",
            arguments: [id, StatsRow.Kind.update.rawValue]
        ).map { (try $0.whole(0), Int64(try $0.whole(1))) }
    }

    func maps(_ source: StatsSource) throws -> [(sequence: Int, iteration: Int)] {
        guard let id = try sourceID(source) else { return [] }
        return try Row.fetchAll(
            db, sql: "SELECT sequence, iteration FROM record WHERE source = ? AND kind = ? ORDER BY sequence",
            arguments: [id, StatsRow.Kind.map.rawValue]
        ).map { (try $0.whole(0), try $0.whole(1)) }
    }

    // MARK: Series

    /// The series with the updates since added; from the beginning when it does not fit to what is in the file, because
    /// updates came late or the session was removed.
    func extend(_ series: StatsSeries, _ source: StatsSource) throws -> StatsSeries {
        guard let id = try sourceID(source) else { return StatsSeries(capacity: series.capacity) }
        var series = series
        try append(to: &series, source: id, after: series.lastSequence)
        guard series.updates > 0, series.updates != (try numberOfUpdates(id)) else { return series }
        series = StatsSeries(capacity: series.capacity)
        try append(to: &series, source: id, after: -1)
        return series
    }

    /// The updates with larger sequence numbers.
    func series(_ source: StatsSource, after sequence: Int, capacity: Int) throws -> StatsSeries {
        var series = StatsSeries(capacity: capacity)
        if let id = try sourceID(source) { try append(to: &series, source: id, after: sequence) }
        return series
    }

    private func append(to series: inout StatsSeries, source: Int, after sequence: Int) throws {
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT sequence, timestamp, iteration, layout, scalars FROM record
                WHERE source = ? AND kind = ? AND sequence > ? ORDER BY sequence
                """, arguments: [source, StatsRow.Kind.update.rawValue, sequence])
        var layouts: [Int: [String]] = [:]
        while let row = try cursor.next() {
            let layout = try row.whole(3)
            let names = try layouts[layout] ?? self.layout(layout)
            layouts[layout] = names
            let cells = try row.withUnsafeData(atIndex: 4) { $0.map(StatsRow.cells) ?? [] }
            guard cells.count == names.count else {
                throw DamagedRow(reason: "\(cells.count) numbers under \(names.count) names")
            }
            let sequence = try row.whole(0)
            series.append(
                names: names,
                StatsSeries.Point(
                    firstSequence: sequence, lastSequence: sequence, updates: 1, iteration: try row.whole(2),
                    timestamp: Int64(try row.whole(1)), cells: cells))
        }
    }

    private func layout(_ id: Int) throws -> [String] {
        let names = try String.fetchOne(db, sql: "SELECT names FROM layout WHERE id = ?", arguments: [id])
        guard let names else { throw DamagedRow(reason: "names of numbers are missing") }
        return try StatsJSON.decode([String].self, from: Array(names.utf8))
    }
}
