internal import Synchronization
internal import TrainingStats

/// Names a worker's run in one of the attached storages.
struct SourceKey: Hashable, Sendable {
    var storage: ObjectIdentifier
    var source: StatsSource
}

/// The sessions of all storages with their state, for `/api/runs`: asks only about what changed.
final class RunList: Sendable {
    /// Sessions of one storage that are listed at most, the newest.
    static let sessionLimit = 1_000
    /// A run that says nothing for so long, in milliseconds, is silent.
    static let silence: Int64 = 30_000

    /// A worker, as far as the list tells of it.
    struct Worker: Sendable {
        var source: StatsSource
        var updates = 0
        var lastSeen: Int64?
        var iteration = 0
        var fraction = 0.0
        var score: Double?
        var isLast = false
        var modelClass: String?
        var start: Int64?
        var hasLayers = false
        var hasMap = false
    }

    private struct Known {
        var worker: Worker
        var checked: ContinuousClock.Instant
    }

    /// What storages told since the last look.
    private struct Marks {
        var stale: Set<SourceKey> = []
        var staleInfo: Set<SourceKey> = []
        /// When the last record arrived, by the server's clock.
        var arrivals: [SourceKey: Int64] = [:]
        var newSources: Set<ObjectIdentifier> = []
    }

    private struct State {
        var known: [SourceKey: Known] = [:]
        var sources: [ObjectIdentifier: (sources: [StatsSource], checked: ContinuousClock.Instant)] = [:]
    }

    private let marks = Mutex(Marks())
    private let state = Mutex(State())

    /// Takes an event of a storage. Quick: storages call it.
    func note(_ event: StatsStorageEvent, storage: ObjectIdentifier) {
        let key = SourceKey(storage: storage, source: event.source)
        marks.withLock { marks in
            switch event.kind {
            case .newSessionID, .newTypeID, .newWorkerID: marks.newSources.insert(storage)
            case .postMetaData: break
            case .postStaticInfo:
                marks.stale.insert(key)
                marks.staleInfo.insert(key)
            case .postUpdate:
                marks.stale.insert(key)
                marks.arrivals[key] = millisecondsNow()
            }
        }
    }

    /// When the last record arrived, by this machine's clock; `nil` when none has since the storage was attached.
    func lastArrival(_ key: SourceKey) -> Int64? { marks.withLock { $0.arrivals[key] } }

    /// Forgets what it knows of a storage, or of one session in it.
    func forget(storage: ObjectIdentifier, session: String? = nil) {
        let isMeant = { (key: SourceKey) in
            key.storage == storage && (session == nil || key.source.session == session)
        }
        marks.withLock { marks in
            marks.stale = marks.stale.filter { !isMeant($0) }
            marks.staleInfo = marks.staleInfo.filter { !isMeant($0) }
            marks.arrivals = marks.arrivals.filter { !isMeant($0.key) }
        }
        state.withLock { state in
            state.known = state.known.filter { !isMeant($0.key) }
            state.sources[storage] = nil
        }
    }

    /// Workers of a session in a storage.
    func workers(session: String, in storage: any StatsStorage) throws -> [Worker] {
        try all(in: storage).filter { $0.source.session == session }
    }

    /// The answer of `/api/runs`. A storage that cannot be read has a sentence under `problems`.
    func json(storages: [any StatsStorage]) throws -> [UInt8] {
        let now = millisecondsNow()
        var runs: [Run] = []
        var problems: [String] = []
        var seen: Set<String> = []
        for storage in storages where !storage.isClosed {
            do {
                let bySession = Dictionary(grouping: try all(in: storage), by: \.source.session)
                for (session, workers) in bySession where seen.insert(session).inserted {
                    let metadata = try storage.metadata(session: session)
                    runs.append(Run(session, workers, metadata, storage: storage.name, now: now))
                }
            } catch {
                problems.append("\(error)")
            }
        }
        runs.sort { ($0.start ?? 0, $0.session) > ($1.start ?? 0, $1.session) }
        var json = JSONWriter(capacity: 256 + runs.count * 512)
        json.raw("{\"now\":")
        json.integer(now)
        json.raw(",\"runs\":")
        json.array(runs) { $1.write(to: &$0) }
        json.raw(",\"problems\":")
        json.array(problems) { $0.string($1) }
        json.raw("}")
        return json.bytes
    }

    // MARK: Keeping up

    private func all(in storage: any StatsStorage) throws -> [Worker] {
        let id = ObjectIdentifier(storage)
        return try state.withLock { state in
            try sources(in: storage, &state).map { source in
                let key = SourceKey(storage: id, source: source)
                let (isStale, hasInfo, arrival) = marks.withLock { marks in
                    (
                        marks.stale.remove(key) != nil, marks.staleInfo.remove(key) != nil, marks.arrivals[key]
                    )
                }
                var known = state.known[key] ?? Known(worker: Worker(source: source), checked: .now)
                // One that has ended seldom says more; one that has not may be written by another process.
                let interval: Duration = known.worker.isLast ? .seconds(10) : .seconds(1)
                if state.known[key] == nil || isStale || .now - known.checked > interval {
                    do {
                        if hasInfo || known.worker.start == nil { try inform(&known.worker, storage) }
                        try update(&known.worker, storage)
                    } catch {
                        marks.withLock { marks in
                            marks.stale.insert(key)
                            marks.staleInfo.insert(key)
                        }
                        throw error
                    }
                    known.checked = .now
                    state.known[key] = known
                }
                // Clocks differ: what arrived here was last seen by the clock here.
                if let arrival { known.worker.lastSeen = arrival }
                return known.worker
            }
        }
    }

    private func sources(in storage: any StatsStorage, _ state: inout State) throws -> [StatsSource] {
        let id = ObjectIdentifier(storage)
        let hasNew = marks.withLock { $0.newSources.remove(id) != nil }
        if !hasNew, let known = state.sources[id], .now - known.checked < .seconds(2) { return known.sources }
        var sources: [StatsSource] = []
        do {
            for session in try storage.listSessionIDs().suffix(Self.sessionLimit) {
                for type in try storage.listTypeIDs(session: session) {
                    for worker in try storage.listWorkerIDs(session: session, type: type) {
                        sources.append(StatsSource(session: session, type: type, worker: worker))
                    }
                }
            }
        } catch {
            _ = marks.withLock { $0.newSources.insert(id) }
            throw error
        }
        state.sources[id] = (sources, .now)
        return sources
    }

    private func update(_ worker: inout Worker, _ storage: any StatsStorage) throws {
        worker.updates = try storage.numberOfUpdates(worker.source)
        if let record = try storage.latestUpdate(worker.source), let report = record.report {
            worker.lastSeen = max(worker.lastSeen ?? .min, record.timestamp)
            worker.iteration = report.iteration
            worker.score = report.score ?? worker.score
            worker.isLast = report.isLast
            worker.fraction =
                report.totalUnits > 0 ? min(1, Double(report.completedUnits) / Double(report.totalUnits)) : 0
            if !report.layers.isEmpty { worker.hasLayers = true }
        }
        if !worker.hasMap { worker.hasMap = try !storage.listMaps(worker.source).isEmpty }
    }

    private func inform(_ worker: inout Worker, _ storage: any StatsStorage) throws {
        guard let info = try storage.staticInfo(worker.source) else { return }
        worker.start = info.startTime
        worker.modelClass = info.model?.modelClass
        if info.model?.layers.isEmpty == false { worker.hasLayers = true }
    }
}
