internal import Dispatch
internal import Synchronization

/// State behind a lock, and threads that wait until it is as they want it.
final class Monitor<State: Sendable>: Sendable {
    /// What a waiting thread makes of the state.
    enum Verdict<Answer> {
        case ready(Answer)
        /// Look again after the next change, or at that time.
        case wait(until: DispatchTime)
    }

    private struct Guarded {
        var state: State
        var waiters: [DispatchSemaphore] = []
    }
    private let guarded: Mutex<Guarded>

    init(_ state: State) {
        guarded = Mutex(Guarded(state: state))
    }

    /// Looks at the state.
    func read<Answer>(_ body: (State) -> Answer) -> Answer {
        guarded.withLock { body($0.state) }
    }

    /// Changes the state, and wakes who waits.
    @discardableResult
    func change<Answer>(_ body: (inout State) -> Answer) -> Answer {
        guarded.withLock { guarded in
            defer {
                for waiter in guarded.waiters { waiter.signal() }
                guarded.waiters = []
            }
            return body(&guarded.state)
        }
    }

    /// Waits until `look` has an answer; it is asked again after each change. What it changes wakes nobody.
    func wait<Answer>(_ look: (inout State) -> Verdict<Answer>) -> Answer {
        while true {
            let semaphore = DispatchSemaphore(value: 0)
            let verdict = guarded.withLock { guarded in
                let verdict = look(&guarded.state)
                if case .wait = verdict { guarded.waiters.append(semaphore) }
                return verdict
            }
            switch verdict {
            case .ready(let answer): return answer
            case .wait(let time):
                if semaphore.wait(timeout: time) == .timedOut {
                    guarded.withLock { $0.waiters.removeAll { $0 === semaphore } }
                }
            }
        }
    }
}
