/// Whoever watches a trainer: a progress bar, a statistics listener, a test.
///
/// A trainer calls `trainingStarted`, `iterationDone` and `trainingEnded` from one thread at a time, in that order.
/// It waits for them, so a listener that has much to do takes the values and does its work elsewhere.
public protocol TrainingListener: Sendable {
    /// The work begins; nothing has been trained yet.
    func trainingStarted(_ run: TrainingRun)
    /// What the listener will use of an iteration besides its number, the units done and the learning rate.
    ///
    /// A trainer asks before it works out anything that costs time. Called from any thread at any time, several at
    /// once included, and more often than `iterationDone`, so it must be cheap. The answer is no promise in either
    /// direction: `iterationDone` may bring more (another listener asked) or less (the trainer has no such thing).
    /// What was wanted of any iteration comes with the last one too.
    func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail
    /// Some iterations more are done. Trainers decide how often they call: at least once a second, and as soon as
    /// they can when a listener wants detail.
    func iterationDone(_ progress: TrainingProgress)
    /// The work is over, finished, cancelled or failed; the last state.
    func trainingEnded(_ progress: TrainingProgress)
}

extension TrainingListener {
    /// Does nothing.
    public func trainingStarted(_ run: TrainingRun) {}
    /// Wants nothing.
    public func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail { [] }
    /// Does nothing.
    public func trainingEnded(_ progress: TrainingProgress) {}
}

/// What a trainer works out only when somebody wants it.
public struct TrainingDetail: OptionSet, Sendable, Hashable {
    /// One bit a kind of detail.
    public let rawValue: Int

    /// The set with those bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The objective, where it costs extra (the divergence of t-SNE).
    public static let score = TrainingDetail(rawValue: 1)
    /// Values of the layers: parameters, gradients, updates, activations.
    public static let layers = TrainingDetail(rawValue: 2)
    /// The map so far.
    public static let coordinates = TrainingDetail(rawValue: 4)
    /// The nearest neighbours of the probe words.
    public static let neighbors = TrainingDetail(rawValue: 8)
}
