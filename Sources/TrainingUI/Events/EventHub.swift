internal import Synchronization
internal import TrainingStats

/// All open event streams.
final class EventHub: Sendable {
    /// Streams that are open at once, at most.
    static let clientLimit = 64
    /// A reader that takes nothing for so long is disconnected.
    static let patience = Duration.seconds(60)

    private struct State {
        var clients: [ObjectIdentifier: EventClient] = [:]
        var isOpen = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.clients.count } }

    /// Takes clients from now on.
    func open() { state.withLock { $0.isOpen = true } }

    /// Ends all streams; takes no client until it is opened again.
    func close() {
        let clients = state.withLock { state in
            defer { state = State() }
            return state.clients.values
        }
        for client in clients { client.finish() }
    }

    /// Adds a client.
    /// - Throws: `HTTPFailure` 503 when there are too many, or the server stops.
    func add(_ client: EventClient) throws {
        try state.withLock { state in
            guard state.isOpen else { throw HTTPFailure.busy("the server is stopping", retryAfter: 5) }
            guard state.clients.count < Self.clientLimit else {
                throw HTTPFailure.busy(
                    "\(Self.clientLimit) event streams are open already; close a page", retryAfter: 5)
            }
            state.clients[ObjectIdentifier(client)] = client
        }
    }

    func remove(_ client: EventClient) {
        client.finish()
        _ = state.withLock { $0.clients.removeValue(forKey: ObjectIdentifier(client)) }
    }

    func notifyAll(_ reason: EventClient.Wake) {
        state.withLock { state in
            for client in state.clients.values { client.wake(reason) }
        }
    }

    /// Wakes the clients whose run is meant.
    func notify(_ reason: EventClient.Wake, where isMeant: (SourceKey) -> Bool) {
        state.withLock { state in
            for client in state.clients.values {
                if let key = client.key, isMeant(key) { client.wake(reason) }
            }
        }
    }

    /// A worker reported.
    func notifyUpdate(_ key: SourceKey) {
        state.withLock { state in
            for client in state.clients.values {
                if client.key == nil {
                    client.wake(.anyUpdate)
                } else if client.key == key {
                    client.wake(.update)
                }
            }
        }
    }

    /// Wakes all once a second, and lets go of those that hang.
    func tick() {
        let clients = state.withLock { Array($0.clients.values) }
        for client in clients {
            client.disconnectIfStuck(for: Self.patience)
            client.wake(.tick)
        }
    }
}
