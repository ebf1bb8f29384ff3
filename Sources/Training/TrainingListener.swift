/// Whoever watches a trainer: a progress bar, a statistics listener, a test.
///
/// A trainer calls its listeners from one thread at a time, in the order start, iterations, end. It waits for
/// them, so a listener that has much to do takes the values and does its work elsewhere.
public protocol TrainingListener: Sendable {
    /// The work begins; nothing has been trained yet.
    func trainingStarted(_ progress: TrainingProgress)
    /// Some iterations more are done. Trainers decide how often they call; at least once a second.
    func iterationDone(_ progress: TrainingProgress)
    /// The work is over, finished or cancelled; the last state.
    func trainingEnded(_ progress: TrainingProgress)
}

extension TrainingListener {
    /// Does nothing.
    public func trainingStarted(_ progress: TrainingProgress) {}
    /// Does nothing.
    public func trainingEnded(_ progress: TrainingProgress) {}
}
