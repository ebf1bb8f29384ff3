import EmbeddingVisualization
import Synchronization

/// Shows how a trainer is doing: one line drawn again and again on a terminal, a line now and then elsewhere.
final class ProgressLine: TrainingListener {
    /// Seconds between two lines when standard error is no terminal.
    private static let plainInterval = 10.0

    private let describe: @Sendable (TrainingProgress) -> String
    private let averagesScore: Bool
    private let last = Mutex(Last())

    /// What happened since the last line, and when that was.
    private struct Last {
        var seconds = 0.0
        var units = 0
        var weightedScore = 0.0
        var weight = 0.0
    }

    /// - Parameters:
    ///   - averagesScore: the score is a mean since the last report, so that a line shows the mean over all reports
    ///     since the last line.
    ///   - describe: what to say besides the share done and the time left.
    init(averagesScore: Bool, _ describe: @escaping @Sendable (TrainingProgress) -> String) {
        self.averagesScore = averagesScore
        self.describe = describe
    }

    func iterationDone(_ progress: TrainingProgress) {
        guard let line = lineIsDue(progress) else { return }
        show(line)
    }

    /// The state to show, or `nil` when it is too early for another line.
    private func lineIsDue(_ progress: TrainingProgress) -> TrainingProgress? {
        last.withLock { last in
            if averagesScore, let score = progress.score {
                let units = Double(max(1, progress.completedUnits - last.units))
                last.weightedScore += score * units
                last.weight += units
            }
            last.units = progress.completedUnits
            let isDue = Console.isTerminal || progress.elapsedSeconds - last.seconds >= Self.plainInterval
            guard isDue else { return nil }
            var line = progress
            if averagesScore, last.weight > 0 { line.score = last.weightedScore / last.weight }
            last = Last(seconds: progress.elapsedSeconds, units: progress.completedUnits)
            return line
        }
    }

    private func show(_ progress: TrainingProgress) {
        let done = progress.fractionCompleted
        let rate = progress.unitsPerSecond
        let left = rate > 0 ? Double(progress.totalUnits - progress.completedUnits) / rate : .infinity
        let percent = fixed(100 * done, 1)
        let facts = "\(describe(progress))  ETA \(clockTime(left))"
        if Console.isTerminal {
            let filled = Int(done * 20)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
            Console.redraw("\(bar) \(percent)%  \(facts)")
        } else {
            Console.say("\(percent)%  \(facts)")
        }
    }
}
