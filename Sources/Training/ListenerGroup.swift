internal import Synchronization

/// All listeners of one training, asked and told together.
package final class ListenerGroup: Sendable {
    private let listeners: [any TrainingListener]
    private let offered: TrainingDetail
    private let asked = Atomic<Int>(0)

    /// - Parameters:
    ///   - listeners: who watches.
    ///   - offered: the detail that the trainer has; wishes for more are not heard.
    package init(_ listeners: [any TrainingListener], offering offered: TrainingDetail) {
        self.listeners = listeners
        self.offered = offered
    }

    /// Whether nobody watches.
    package var isEmpty: Bool { listeners.isEmpty }

    /// What any listener wants of an iteration.
    package func wanted(iteration: Int, elapsedSeconds: Double) -> TrainingDetail {
        var all: TrainingDetail = []
        for listener in listeners {
            all.formUnion(listener.wantedDetail(iteration: iteration, elapsedSeconds: elapsedSeconds))
        }
        all.formIntersection(offered)
        asked.bitwiseOr(all.rawValue, ordering: .relaxed)
        return all
    }

    /// What was wanted of any iteration so far: so much is worked out of the last one.
    package var everWanted: TrainingDetail { TrainingDetail(rawValue: asked.load(ordering: .relaxed)) }

    /// Tells that the work begins.
    package func start(_ run: TrainingRun) {
        for listener in listeners { listener.trainingStarted(run) }
    }

    /// Tells of an iteration.
    package func tell(_ progress: TrainingProgress) {
        for listener in listeners { listener.iterationDone(progress) }
    }

    /// Tells that the work is over.
    package func end(_ progress: TrainingProgress) {
        for listener in listeners { listener.trainingEnded(progress) }
    }
}
