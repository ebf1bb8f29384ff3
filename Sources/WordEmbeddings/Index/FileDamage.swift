import Synchronization

/// The first damage that was found in a file whose parts are checked when they are used.
///
/// What finds it cannot throw in the midst of a search. It notes the error and goes on with harmless numbers; whoever
/// asked calls `check()` before the answer is given.
final class FileDamage: Sendable {
    private let isFound = Atomic<Bool>(false)
    private let first = Mutex<WordEmbeddingError?>(nil)

    /// Keeps an error, unless there is one already.
    func note(_ error: WordEmbeddingError) {
        first.withLock { if $0 == nil { $0 = error } }
        isFound.store(true, ordering: .releasing)
    }

    /// Throws what was found so far.
    func check() throws {
        guard isFound.load(ordering: .acquiring) else { return }
        if let error = first.withLock({ $0 }) { throw error }
    }
}
