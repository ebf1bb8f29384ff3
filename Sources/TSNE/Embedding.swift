public import LinearAlgebra

/// A map made by t-SNE, and how good it is.
public struct Embedding: Sendable {
    /// The points' places: one row a point, 2 or 3 columns, centred on 0.
    public let coordinates: Matrix
    /// Kullback-Leibler divergence of the map from the affinities, in nats, without exaggeration, ≥ 0; NaN when there
    /// was nothing to optimise (fewer than 4 points, or cancelled before the neighbours were known).
    public let klDivergence: Double
    /// Share of each point's 10 nearest neighbours among the input vectors (in the chosen metric, before
    /// normalisation and PCA) that are among its 10 nearest on the map, mean over the points. `nil` with fewer than
    /// 12 points. When the map was not made from those neighbours themselves and there are more than 20,000 points,
    /// a sample of 5,000 points, always the same, is taken.
    public let neighborsKept: Double?
    /// Iterations done.
    public let iterations: Int
    /// Whether the work was cancelled before all iterations were done.
    public let cancelled: Bool
    /// Iteration at which the early exaggeration ended; what was set, unless it ended of itself.
    public let exaggerationEnd: Int
    /// The maps on the way, when the options asked for them.
    public let snapshots: [Snapshot]
    /// The perplexity after lowering.
    public let perplexityUsed: Double
    /// What the user should know: options that were changed or look wrong. One sentence each.
    public let warnings: [String]
    /// The options, with the metric filled in.
    public let configuration: BarnesHutTsne.Configuration
}

extension Embedding {
    /// A map on the way.
    public struct Snapshot: Sendable, Equatable {
        /// Iterations that made it.
        public let iteration: Int
        /// As `Embedding.coordinates`.
        public let coordinates: Matrix
    }
}
