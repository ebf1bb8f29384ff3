internal import Dispatch
internal import Synchronization

/// Hands the events of a storage to its listeners: in order, one at a time, on a queue of its own.
final class StatsEventHub: Sendable {
    private struct State {
        var listeners: [(number: Int, call: @Sendable (StatsStorageEvent) -> Void)] = []
        var nextNumber = 0
        var pending: [StatsStorageEvent] = []
        var isDelivering = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "training-stats.events")

    var hasListeners: Bool { state.withLock { !$0.listeners.isEmpty } }

    func add(_ call: @escaping @Sendable (StatsStorageEvent) -> Void) -> StatsListenerToken {
        state.withLock { state in
            state.nextNumber += 1
            state.listeners.append((state.nextNumber, call))
            return StatsListenerToken(number: state.nextNumber)
        }
    }

    func remove(_ token: StatsListenerToken) {
        state.withLock { state in
            state.listeners.removeAll { $0.number == token.number }
            if state.listeners.isEmpty { state.pending = [] }
        }
    }

    /// Takes events; returns at once.
    func post(_ events: [StatsStorageEvent]) {
        state.withLock { state in
            guard !events.isEmpty, !state.listeners.isEmpty else { return }
            state.pending += events
            guard !state.isDelivering else { return }
            state.isDelivering = true
            queue.async { self.deliver() }
        }
    }

    /// Waits until what was posted so far has been delivered.
    func wait(until deadline: DispatchTime) -> Bool {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        return done.wait(timeout: deadline) == .success
    }

    private func deliver() {
        while true {
            let (events, listeners) = state.withLock { state in
                let taken = (state.pending, state.listeners)
                state.pending = []
                if taken.0.isEmpty { state.isDelivering = false }
                return taken
            }
            if events.isEmpty { return }
            for event in events {
                for listener in listeners { listener.call(event) }
            }
        }
    }
}

extension DispatchTime {
    /// The time that lies a duration ahead, of three years at most.
    static func after(_ duration: Duration) -> DispatchTime {
        let (seconds, attoseconds) = min(max(.zero, duration), .seconds(100_000_000)).components
        return .now() + .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }

    /// What is left until this time; zero when it is over.
    var remaining: Duration {
        let now = DispatchTime.now().uptimeNanoseconds
        return .nanoseconds(uptimeNanoseconds > now ? Int64(clamping: uptimeNanoseconds - now) : 0)
    }
}
