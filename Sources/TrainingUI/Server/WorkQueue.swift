internal import Foundation

/// Where storages are asked and answers are built: threads of its own, so that a slow disk holds up neither the
/// server's event loops nor the tasks of the program.
struct WorkQueue: Sendable {
    private let queue: OperationQueue

    init(threads: Int) {
        queue = OperationQueue()
        queue.name = "training-ui.work"
        queue.maxConcurrentOperationCount = threads
    }

    /// Runs `work` there.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result(catching: work)) }
        }
    }
}
