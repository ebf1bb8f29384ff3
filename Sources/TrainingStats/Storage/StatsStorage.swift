/// Records that can be asked for: DL4J's query interface, keyed by sequence numbers in place of milliseconds.
///
/// Queries may be made from any thread while records arrive. They throw `StatsError` where a file cannot be read.
public protocol StatsStorage: StatsStorageRouter {
    /// Where the records lie, for people: a path, or "memory".
    var name: String { get }

    /// Takes records as `put` does, but waits until they are stored: a server answers its client only then.
    /// - Returns: how many were new, and how many were there already or belong to a session that was removed.
    /// - Throws: `StatsError` when they could not be stored; then none is, and they may be given again.
    @discardableResult
    func store(_ records: [StatsRecord]) throws -> (accepted: Int, duplicates: Int)

    /// Every session, the oldest first.
    func listSessionIDs() throws -> [String]
    /// Kinds of reporters in a session, sorted.
    func listTypeIDs(session: String) throws -> [String]
    /// Workers in a session, sorted; of one kind of reporter only, when named.
    func listWorkerIDs(session: String, type: String?) throws -> [String]
    /// The last metadata of a session.
    func metadata(session: String) throws -> SessionMetadata?
    /// The last static information of a worker.
    func staticInfo(_ source: StatsSource) throws -> StaticInfo?

    /// Updates that arrived from a worker, those included that a bounded storage has merged since.
    func numberOfUpdates(_ source: StatsSource) throws -> Int
    /// The last update of a worker: a record whose content is `.update`.
    func latestUpdate(_ source: StatsSource) throws -> StatsRecord?
    /// One update; `nil` when there is none with this number, or it was merged.
    func update(_ source: StatsSource, sequence: Int) throws -> StatsRecord?
    /// Whole updates with larger sequence numbers, in order, at most `limit`. A bounded storage has whole updates of
    /// the recent past and a thinned-out choice of older ones.
    func updates(_ source: StatsSource, after sequence: Int, limit: Int) throws -> [StatsRecord]
    /// Up to `count` whole updates spread evenly over the run, the first and the last included.
    func sampledUpdates(_ source: StatsSource, count: Int) throws -> [StatsRecord]
    /// Sequence number and time stamp of every update that `updates` would return.
    func updateTimes(_ source: StatsSource) throws -> [(sequence: Int, timestamp: Int64)]

    /// The scalars of all updates with larger sequence numbers, old ones perhaps merged into coarser points that keep
    /// their extremes; at most `limit` points, the oldest first.
    func series(_ source: StatsSource, after sequence: Int, limit: Int) throws -> StatsSeries.Batch

    /// Sequence numbers and iterations of the maps that are kept, in order. Storages keep at most 64 of a worker, spread
    /// evenly over the run, the first and the last included.
    func listMaps(_ source: StatsSource) throws -> [(sequence: Int, iteration: Int)]
    /// One map.
    func map(_ source: StatsSource, sequence: Int) throws -> MapSnapshot?

    /// Gives a session a name for people; it then stands in the metadata. The records keep its identifier.
    /// Throws `StatsError.noSuchSession`, or `.invalidValue` for an unusable name.
    func renameSession(_ session: String, to name: String) throws
    /// Removes all records of a session; what still arrives of it is let go. Throws `StatsError.noSuchSession`.
    func removeSession(_ session: String) throws

    /// Calls a function for each event until the returned token is given to `removeListener`. The function is called
    /// from a thread of the storage and must be quick.
    func addListener(_ listener: @escaping @Sendable (StatsStorageEvent) -> Void) -> StatsListenerToken
    /// Ends what `addListener` began.
    func removeListener(_ token: StatsListenerToken)

    /// Writes what waits and lets go of the file. Later puts are lost and counted so; later queries throw.
    func close()
    /// Whether `close` was called.
    var isClosed: Bool { get }
}

extension StatsStorage {
    /// Whether a session has any record.
    public func sessionExists(_ session: String) throws -> Bool { try listSessionIDs().contains(session) }

    /// Static information of all workers of a session, by worker.
    public func allStaticInfos(session: String, type: String) throws -> [String: StaticInfo] {
        var infos: [String: StaticInfo] = [:]
        for worker in try listWorkerIDs(session: session, type: type) {
            infos[worker] = try staticInfo(StatsSource(session: session, type: type, worker: worker))
        }
        return infos
    }

    /// The last update of each worker of a session.
    public func latestUpdateOfAllWorkers(session: String, type: String) throws -> [StatsRecord] {
        try listWorkerIDs(session: session, type: type).compactMap {
            try latestUpdate(StatsSource(session: session, type: type, worker: $0))
        }
    }

    /// Updates that arrived from all workers of a session.
    public func numberOfUpdates(session: String) throws -> Int {
        var count = 0
        for type in try listTypeIDs(session: session) {
            for worker in try listWorkerIDs(session: session, type: type) {
                count += try numberOfUpdates(StatsSource(session: session, type: type, worker: worker))
            }
        }
        return count
    }
}

/// What happened in a storage: DL4J's six kinds of events.
public struct StatsStorageEvent: Sendable, Equatable {
    /// The kinds.
    public enum Kind: String, Sendable, CaseIterable {
        /// The first record of a session.
        case newSessionID
        /// The first record of a kind of reporter in a session.
        case newTypeID
        /// The first record of a worker in a session.
        case newWorkerID
        /// Metadata arrived.
        case postMetaData
        /// Static information arrived.
        case postStaticInfo
        /// An update or a map arrived.
        case postUpdate
    }

    /// What happened.
    public var kind: Kind
    /// Whose record it was.
    public var source: StatsSource
    /// Its number.
    public var sequence: Int
    /// Its time stamp.
    public var timestamp: Int64

    /// The event as given.
    public init(kind: Kind, source: StatsSource, sequence: Int, timestamp: Int64) {
        self.kind = kind
        self.source = source
        self.sequence = sequence
        self.timestamp = timestamp
    }
}

/// Names a function that `addListener` registered.
public struct StatsListenerToken: Hashable, Sendable {
    let number: Int
}
