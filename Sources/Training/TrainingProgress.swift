/// How far a trainer has come: what a progress bar or a chart needs of it.
public struct TrainingProgress: Sendable {
    /// Iterations done. One iteration is a gradient step of t-SNE, or 10,000 trained centre words of Word2Vec.
    public var iteration: Int
    /// Units of work done: words of Word2Vec (over all epochs), gradient steps of t-SNE.
    public var completedUnits: Int
    /// Units of work planned; `completedUnits == totalUnits` when all is done.
    public var totalUnits: Int
    /// The objective: mean loss of the pairs since the last report, or the Kullback-Leibler divergence.
    /// `nil` when it was not computed; NaN when it is not a number.
    public var score: Double?
    /// Learning rate in force.
    public var learningRate: Double
    /// Wall-clock seconds since the work began.
    public var elapsedSeconds: Double

    /// The state as given.
    public init(
        iteration: Int, completedUnits: Int, totalUnits: Int, score: Double?, learningRate: Double,
        elapsedSeconds: Double
    ) {
        self.iteration = iteration
        self.completedUnits = completedUnits
        self.totalUnits = totalUnits
        self.score = score
        self.learningRate = learningRate
        self.elapsedSeconds = elapsedSeconds
    }

    /// Share of the planned work that is done, 0…1.
    public var fractionCompleted: Double {
        totalUnits > 0 ? min(1, Double(completedUnits) / Double(totalUnits)) : 1
    }

    /// Mean units of work a second so far; 0 before any time has passed.
    public var unitsPerSecond: Double {
        elapsedSeconds > 0 ? Double(completedUnits) / elapsedSeconds : 0
    }
}
