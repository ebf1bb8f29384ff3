import EmbeddingVisualization
import Synchronization

/// Shows how a trainer is doing: one line drawn again and again on a terminal, a line now and then elsewhere.
final class ProgressLine: TrainingListener {
    /// Seconds between two lines when standard error is no terminal.
    private static let plainInterval = 10.0

    private let describe: @Sendable (TrainingProgress) -> String
    private let lastPlain = Mutex(0.0)

    /// - Parameter describe: what to say besides the share done and the time left.
    init(_ describe: @escaping @Sendable (TrainingProgress) -> String) {
        self.describe = describe
    }

    func iterationDone(_ progress: TrainingProgress) {
        let done = progress.fractionCompleted
        let left = done > 0 ? progress.elapsedSeconds * (1 - done) / done : .infinity
        let percent = fixed(100 * done, 1)
        let facts = "\(describe(progress))  ETA \(clockTime(left))"
        if Console.isTerminal {
            let filled = Int(done * 20)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
            Console.redraw("\(bar) \(percent)%  \(facts)")
            return
        }
        let due = lastPlain.withLock { last in
            guard progress.elapsedSeconds - last >= Self.plainInterval else { return false }
            last = progress.elapsedSeconds
            return true
        }
        if due { Console.say("\(percent)%  \(facts)") }
    }

    func trainingEnded(_ progress: TrainingProgress) {
        if Console.isTerminal { Console.clearLine() }
    }
}
