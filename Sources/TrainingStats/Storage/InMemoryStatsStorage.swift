internal import Dispatch
internal import Synchronization

/// Records in memory, which stays bounded however long a run is.
///
/// Of each worker it keeps the scalars of all updates, merged to at most 1,024 points that keep their extremes; whole
/// updates, the newest 512 or some more and 128 older ones spread over the run; 64 maps spread over the run; fewer of
/// both where they are larger than `byteLimit` allows; and the last metadata and static information. A record is kept
/// once, and in its place whenever it comes. What still comes of a session that was removed is let go.
public final class InMemoryStatsStorage: StatsStorage {
    /// Workers, over all sessions, whose records are kept; those of further ones are lost and counted so.
    public static let workerLimit = 4_096
    /// Bytes that whole updates may take, over all workers and about; each has an equal share. Maps have as much again.
    public static let byteLimit = 1 << 28

    private struct Session {
        var metadata: SessionMetadata?
        /// As a person named it.
        var name: String?
    }

    private struct State {
        /// In the order in which they came.
        var order: [String] = []
        var sessions: [String: Session] = [:]
        var workers: [StatsSource: WorkerRecords] = [:]
        var known = KnownSources()
        var removed: Set<String> = []
        var counters = RouterCounters()
        var isClosed = false
    }

    private let state = Mutex(State())
    private let hub = StatsEventHub()

    /// An empty storage.
    public init() {}

    /// "memory".
    public var name: String { "memory" }

    // MARK: Records

    /// Keeps records; they can be asked for when it returns. Those that break the rules are lost and counted so.
    public func put(_ records: [StatsRecord]) {
        state.withLock { state in
            if state.isClosed {
                state.counters.received += records.count
                state.counters.lost += records.count
            } else {
                let valid = records.filter(\.isValid)
                state.counters.received += records.count - valid.count
                state.counters.lost += records.count - valid.count
                _ = keep(valid, &state)
            }
        }
    }

    /// Keeps records, as `put` does.
    /// - Throws: `StatsError.closed`, or `.invalidRecord`: then none is kept.
    @discardableResult
    public func store(_ records: [StatsRecord]) throws -> (accepted: Int, duplicates: Int) {
        for (index, record) in records.enumerated() { try record.validate(index: index) }
        return try state.withLock { state in
            try checkOpen(state)
            return keep(records, &state)
        }
    }

    private func keep(_ records: [StatsRecord], _ state: inout State) -> (accepted: Int, duplicates: Int) {
        var (accepted, duplicates) = (0, 0)
        state.counters.received += records.count
        for record in records {
            let source = record.source
            if state.removed.contains(source.session) {
                duplicates += 1
                continue
            }
            guard state.workers.count < Self.workerLimit || state.workers[source] != nil else {
                state.counters.lost += 1
                continue
            }
            let isNew = state.workers[source] == nil
            let share = Self.byteLimit / max(1, state.workers.count + (isNew ? 1 : 0))
            let room = WorkerRecords.Room(updates: share, maps: share)
            // The others have less from now on; looked at whenever their number has doubled.
            if isNew, state.workers.count & (state.workers.count - 1) == 0 {
                for other in Array(state.workers.keys) { state.workers[other]?.fit(room) }
            }
            guard state.workers[source, default: WorkerRecords()].insert(record, room: room) else {
                duplicates += 1
                continue
            }
            accepted += 1
            if state.sessions[source.session] == nil {
                state.sessions[source.session] = Session()
                state.order.append(source.session)
            }
            if case .metadata(let metadata) = record.content,
                state.workers[source]?.isNewestMetadata(record.sequence) == true
            {
                state.sessions[source.session]?.metadata = metadata
            }
            // Within the lock, so that the order is that of the records.
            hub.post(
                state.known.events(
                    record.content.eventKind, source: source, sequence: record.sequence, timestamp: record.timestamp))
        }
        state.counters.delivered += accepted + duplicates
        return (accepted, duplicates)
    }

    /// Waits until the listeners have been told of everything put so far; the records themselves are there at once.
    @discardableResult
    public func flush(timeout: Duration) -> Bool {
        hub.wait(until: .after(timeout))
    }

    /// What became of the records. A record that was there already counts as delivered.
    public var counters: RouterCounters { state.withLock { $0.counters } }

    // MARK: Queries

    private func query<Answer>(_ answer: (borrowing State) throws -> Answer) throws -> Answer {
        try state.withLock { state in
            try checkOpen(state)
            return try answer(state)
        }
    }

    private func checkOpen(_ state: borrowing State) throws {
        if state.isClosed { throw StatsError.closed(storage: name) }
    }

    /// Every session, the oldest first.
    public func listSessionIDs() throws -> [String] { try query { $0.order } }

    /// Kinds of reporters in a session, sorted.
    public func listTypeIDs(session: String) throws -> [String] {
        try query { state in
            Set(state.workers.keys.lazy.filter { $0.session == session }.map(\.type)).sorted()
        }
    }

    /// Workers in a session, sorted; of one kind of reporter only, when named.
    public func listWorkerIDs(session: String, type: String?) throws -> [String] {
        try query { state in
            let sources = state.workers.keys.lazy.filter { $0.session == session && (type == nil || $0.type == type) }
            return Set(sources.map(\.worker)).sorted()
        }
    }

    /// The last metadata of a session, with the name that a person gave it.
    public func metadata(session: String) throws -> SessionMetadata? {
        try query { state in
            guard let session = state.sessions[session] else { return nil }
            return SessionMetadata.named(session.name, session.metadata)
        }
    }

    /// The last static information of a worker.
    public func staticInfo(_ source: StatsSource) throws -> StaticInfo? {
        try query { $0.workers[source]?.staticInfo }
    }

    /// Updates that arrived from a worker.
    public func numberOfUpdates(_ source: StatsSource) throws -> Int {
        try query { $0.workers[source]?.numberOfUpdates ?? 0 }
    }

    /// The update with the largest sequence number.
    public func latestUpdate(_ source: StatsSource) throws -> StatsRecord? {
        try query { $0.workers[source]?.latestUpdate }
    }

    /// One update; `nil` when there is none with this number, or it is no longer kept as a whole.
    public func update(_ source: StatsSource, sequence: Int) throws -> StatsRecord? {
        try query { $0.workers[source]?.update(sequence: sequence) }
    }

    /// Whole updates with larger sequence numbers, in order.
    public func updates(_ source: StatsSource, after sequence: Int, limit: Int) throws -> [StatsRecord] {
        try query { $0.workers[source]?.updates(after: sequence, limit: limit) ?? [] }
    }

    /// Up to `count` whole updates spread evenly over the run.
    public func sampledUpdates(_ source: StatsSource, count: Int) throws -> [StatsRecord] {
        try query { $0.workers[source]?.sampledUpdates(count: count) ?? [] }
    }

    /// Sequence number and time stamp of every update that is kept as a whole.
    public func updateTimes(_ source: StatsSource) throws -> [(sequence: Int, timestamp: Int64)] {
        try query { $0.workers[source]?.updateTimes ?? [] }
    }

    /// The scalars of all updates with larger sequence numbers. Updates that have been merged with `sequence` or older
    /// ones are left out, unless they are among the newest 512: ask from −1 when so far behind.
    public func series(_ source: StatsSource, after sequence: Int, limit: Int) throws -> StatsSeries.Batch {
        try query { $0.workers[source]?.series(after: sequence, limit: limit) ?? StatsSeries.Batch() }
    }

    /// Sequence numbers and iterations of the maps that are kept.
    public func listMaps(_ source: StatsSource) throws -> [(sequence: Int, iteration: Int)] {
        try query { $0.workers[source]?.maps ?? [] }
    }

    /// One map.
    public func map(_ source: StatsSource, sequence: Int) throws -> MapSnapshot? {
        try query { $0.workers[source]?.map(sequence: sequence) }
    }

    // MARK: Sessions

    /// Gives a session a name for people.
    /// - Throws: `StatsError.noSuchSession`, or `.invalidValue` for an unusable name.
    public func renameSession(_ session: String, to name: String) throws {
        let name = try SessionMetadata.checkedName(name)
        try state.withLock { state in
            try checkOpen(state)
            guard state.sessions[session] != nil else { throw StatsError.noSuchSession(session) }
            state.sessions[session]?.name = name
        }
    }

    /// Removes all records of a session.
    /// - Throws: `StatsError.noSuchSession`.
    public func removeSession(_ session: String) throws {
        try state.withLock { state in
            try checkOpen(state)
            guard state.sessions.removeValue(forKey: session) != nil else { throw StatsError.noSuchSession(session) }
            state.order.removeAll { $0 == session }
            state.workers = state.workers.filter { $0.key.session != session }
            state.known.remove(session: session)
            state.removed.insert(session)
        }
    }

    // MARK: Listeners and closing

    /// Calls a function for each event from now on.
    public func addListener(_ listener: @escaping @Sendable (StatsStorageEvent) -> Void) -> StatsListenerToken {
        hub.add(listener)
    }

    /// Ends what `addListener` began. A call that is under way ends by itself.
    public func removeListener(_ token: StatsListenerToken) { hub.remove(token) }

    /// Lets go of the records. Later puts are lost and counted so; later queries throw.
    public func close() {
        state.withLock { state in
            let counters = state.counters
            state = State()
            state.counters = counters
            state.isClosed = true
        }
    }

    /// Whether `close` was called.
    public var isClosed: Bool { state.withLock { $0.isClosed } }
}

extension SessionMetadata {
    /// What a session's metadata are when a person has named it.
    static func named(_ name: String?, _ metadata: SessionMetadata?) -> SessionMetadata? {
        guard let name else { return metadata }
        return SessionMetadata(name: name, command: metadata?.command)
    }

    /// A name that a person gives to a session, without white space at its ends.
    /// - Throws: `StatsError.invalidValue` when it is empty, too long, or has control characters.
    static func checkedName(_ name: String) throws(StatsError) -> String {
        let trimmed = name.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        do {
            try RecordCheck(index: nil).identifier(trimmed, "name")
        } catch .invalidRecord(_, _, let reason) {
            throw .invalidValue(name: "the session's name", reason: reason)
        }
        return trimmed
    }
}
