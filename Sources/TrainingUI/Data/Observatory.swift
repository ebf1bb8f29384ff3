internal import Synchronization
internal import TrainingStats

/// The attached storages, what is cached of them, and who listens: everything behind the pages that outlives a
/// request.
final class Observatory: Sendable {
    /// Caches that are kept at most, and for how long after the last question.
    static let cacheLimit = 32
    static let cacheLifetime = Duration.seconds(60)

    private struct Attached {
        var storage: any StatsStorage
        var token: StatsListenerToken
    }

    private struct State {
        var attached: [Attached] = []
        var caches: [SourceKey: SourceCache] = [:]
        var provider: (@Sendable (String) -> (any StatsStorage)?)?
    }

    let runs = RunList()
    let events = EventHub()
    let work = WorkQueue(threads: 4)
    /// Posted records are taken one batch at a time: unpacked batches are large.
    let intake = WorkQueue(threads: 1)
    private let state = Mutex(State())

    // MARK: Storages

    var provider: (@Sendable (String) -> (any StatsStorage)?)? {
        get { state.withLock { $0.provider } }
        set { state.withLock { $0.provider = newValue } }
    }

    var storages: [any StatsStorage] { state.withLock { $0.attached.map(\.storage) } }

    /// Adds a storage; one that is there already stays as it is.
    func attach(_ storage: any StatsStorage) {
        let id = ObjectIdentifier(storage)
        let token = storage.addListener { [weak self] event in self?.note(event, storage: id) }
        let isNew = state.withLock { state in
            guard !state.attached.contains(where: { $0.storage === storage }) else { return false }
            state.attached.append(Attached(storage: storage, token: token))
            return true
        }
        guard isNew else { return storage.removeListener(token) }
        events.notifyAll(.runs)
    }

    /// Takes a storage away; one that is not there changes nothing.
    func detach(_ storage: any StatsStorage) {
        let id = ObjectIdentifier(storage)
        let token = state.withLock { state -> StatsListenerToken? in
            guard let index = state.attached.firstIndex(where: { $0.storage === storage }) else { return nil }
            state.caches = state.caches.filter { $0.key.storage != id }
            return state.attached.remove(at: index).token
        }
        guard let token else { return }
        storage.removeListener(token)
        runs.forget(storage: id)
        events.notifyAll(.runs)
    }

    /// Takes an event of a storage. Quick: storages call it.
    private func note(_ event: StatsStorageEvent, storage: ObjectIdentifier) {
        let key = SourceKey(storage: storage, source: event.source)
        let cache = state.withLock { $0.caches[key] }
        cache?.markStale()
        if event.kind == .postStaticInfo { cache?.markInfoStale() }
        runs.note(event, storage: storage)
        switch event.kind {
        case .newSessionID, .newTypeID, .newWorkerID: events.notifyAll(.runs)
        case .postMetaData:
            events.notify(.info) { $0.source.session == event.source.session }
            events.notifyAll(.runs)
        case .postStaticInfo:
            events.notify(.info) { $0 == key }
            events.notifyAll(.runs)
        case .postUpdate: events.notifyUpdate(key)
        }
    }

    // MARK: Questions; they may wait for a disk

    /// The cache of a worker's run.
    /// - Throws: `HTTPFailure` 404 when no storage knows it.
    func cache(_ source: StatsSource) throws -> SourceCache {
        if let known = known(source) { return known }
        let storage = try storage(session: source.session)
        guard try storage.listWorkerIDs(session: source.session, type: source.type).contains(source.worker) else {
            throw HTTPFailure.notFound("this session has no such worker")
        }
        let key = SourceKey(storage: ObjectIdentifier(storage), source: source)
        return state.withLock { state in
            let cache = state.caches[key] ?? SourceCache(storage: storage, source: source)
            // A storage that was detached meanwhile keeps no cache.
            guard state.attached.contains(where: { $0.storage === storage }) else { return cache }
            state.caches[key] = cache
            return cache
        }
    }

    private func known(_ source: StatsSource) -> SourceCache? {
        state.withLock { state in
            for attached in state.attached {
                let key = SourceKey(storage: ObjectIdentifier(attached.storage), source: source)
                if let cache = state.caches[key] { return cache }
            }
            return nil
        }
    }

    /// The first storage that has a session; asks the provider for one that none has.
    /// - Throws: `HTTPFailure` 404.
    func storage(session: String) throws -> any StatsStorage {
        for storage in storages where !storage.isClosed {
            if try storage.sessionExists(session) { return storage }
        }
        if let storage = provider?(session), try storage.sessionExists(session) {
            attach(storage)
            return storage
        }
        throw HTTPFailure.notFound("there is no such session")
    }

    /// Gives a session a name.
    func rename(_ session: String, to name: String) throws {
        try storage(session: session).renameSession(session, to: name)
        events.notify(.info) { $0.source.session == session }
        events.notifyAll(.runs)
    }

    /// Removes a session from the first storage that has it.
    func remove(_ session: String) throws {
        let storage = try storage(session: session)
        try storage.removeSession(session)
        let id = ObjectIdentifier(storage)
        state.withLock { state in
            state.caches = state.caches.filter { $0.key.storage != id || $0.key.source.session != session }
        }
        runs.forget(storage: id, session: session)
        events.notifyAll(.runs)
    }

    // MARK: Once a second

    /// Wakes the event streams and lets go of caches that nobody asked for lately.
    func tick() {
        events.tick()
        let caches = state.withLock { $0.caches }
        let byUse = caches.map { (key: $0.key, lastUse: $0.value.lastUse) }.sorted { $0.lastUse > $1.lastUse }
        let kept = byUse.prefix(Self.cacheLimit).prefix { .now - $0.lastUse < Self.cacheLifetime }
        guard kept.count < byUse.count else { return }
        state.withLock { state in
            for (key, _) in byUse.dropFirst(kept.count) { state.caches[key] = nil }
        }
    }
}
