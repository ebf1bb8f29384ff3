import Synchronization

/// Asks a running trainer to stop early and to return what it has.
///
/// Give one token to the trainer and keep it; `cancel()` may be called from any thread, a signal source included.
public final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    /// A token that nobody has cancelled yet.
    public init() {}

    /// Asks for the stop. Calling it again changes nothing.
    public func cancel() {
        flag.store(true, ordering: .relaxed)
    }

    /// Whether `cancel()` was called.
    public var isCancelled: Bool {
        flag.load(ordering: .relaxed)
    }
}
