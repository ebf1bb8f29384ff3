import Synchronization

/// Keeps the error of the first bad row, whichever thread finds one first.
final class RowFault: Sendable {
    private let first = Mutex<(row: Int, error: WordEmbeddingError)?>(nil)

    /// Notes the error of a row; `error` is made only when no earlier row is known to be bad.
    func note(row: Int, _ error: () -> WordEmbeddingError) {
        first.withLock { first in
            if first.map({ row < $0.row }) ?? true { first = (row, error()) }
        }
    }

    /// Throws what was noted.
    func check() throws {
        if let fault = first.withLock({ $0 }) { throw fault.error }
    }
}
