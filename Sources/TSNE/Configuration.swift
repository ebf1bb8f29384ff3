internal import LinearAlgebra
public import NearestNeighbors

extension BarnesHutTsne {
    /// Every option of t-SNE. A value; `validate()` says what is wrong with it.
    public struct Configuration: Codable, Sendable, Equatable {
        /// Where the points start.
        public enum Initialization: String, Codable, Sendable, CaseIterable {
            /// Along the first principal components, scaled to a standard deviation of 1e-4 on the first, plus noise
            /// of a hundredth of that (Kobak and Berens 2019).
            case pca
            /// Normally distributed with a standard deviation of 1e-4.
            case random
        }

        /// How the repulsion is summed.
        public enum Method: String, Codable, Sendable, CaseIterable {
            /// In each iteration the cheapest of the others whose error is within that of the tree at `theta`.
            case auto
            /// Over the cells of a quadtree or octree (van der Maaten 2014).
            case barnesHut = "barnes-hut"
            /// On a grid, in 2-D (Linderman et al. 2019). Where the map is too wide or too sparse for that, the tree.
            case interpolation
            /// Over all pairs.
            case exact
        }

        /// Dimensions of the map: 2 (default) or 3.
        public var dimensions = 2
        /// Effective number of neighbours; default 30. Lowered to (n − 1) / 3, with a warning, when there are fewer
        /// points. The 3 · perplexity nearest neighbours are used.
        public var perplexity = 30.0
        /// How the repulsion is summed; default `.auto`. All agree within the error that `theta` allows.
        public var method = Method.auto
        /// Several perplexities at once, in place of `perplexity`: the affinities are the means of theirs, so that small
        /// and large structure both count (Kobak and Berens 2019); `nil` (default): one. The search is for 3 times the
        /// largest.
        public var perplexities: [Double]?
        /// How the neighbours are sought; default `.automatic`: exactly up to 150,000 points.
        public var neighborMethod = NeighborMethod.automatic
        /// Whether the share of neighbours kept and the continuity are measured for every point too, for tables and
        /// colours; default off. It costs a second or so at 70,000 points, more when the map was made from other
        /// neighbours than those of the input.
        public var pointTrust = false
        /// Accuracy of the repulsion. Barnes-Hut: a cell is taken as one when its full width is less than θ times its distance, as
        /// in scikit-learn and openTSNE; DL4J and bhtsne compare half the width, so the same θ is more accurate
        /// here. Interpolation: the distance of the grid's nodes, at most 0.7. The error of the repulsion in the mean
        /// square is some 2 % at 0.5 and 0.5 % at 0.25 by the tree, 2 % and 0.05 % on the grid. Default 0.5; 0 sums
        /// all pairs.
        public var theta = 0.5
        /// Iterations in all; default 1000.
        public var maxIterations = 1000
        /// Iteration at which the exaggeration ends; default 250.
        public var stopLyingIteration = 250
        /// Step per unit of gradient, the gradient taken without its factor 4 as in van der Maaten's program.
        /// `nil` (default): max(200, n / exaggeration of the phase), as openTSNE; with AdaGrad 10.
        public var learningRate: Double?
        /// Momentum until `switchMomentumIteration`; default 0.5.
        public var momentum = 0.5
        /// Momentum afterwards; default 0.8.
        public var finalMomentum = 0.8
        /// Iteration at which the momentum changes; default 250.
        public var switchMomentumIteration = 250
        /// Per-coordinate AdaGrad steps in place of gains and momentum; default off.
        public var useAdaGrad = false
        /// Least gain of a coordinate; default 0.01.
        public var minGain = 0.01
        /// Whether columns are centred and then all divided by the largest absolute value; default on. Under the
        /// Euclidean and Manhattan metrics neither changes the affinities, so nothing is done and the map has the same
        /// bytes.
        public var normalize = true
        /// Whether the vectors are first reduced to `pcaDimensions` principal components; default off.
        public var usePca = false
        /// Principal components kept; default 50.
        public var pcaDimensions = 50
        /// How far apart vectors are; `nil` (default): what the caller of `fit` says.
        public var metric: Metric?
        /// Where the points start; default `.pca`.
        public var initialization = Initialization.pca
        /// Factor of the attraction until `stopLyingIteration`; default 12.
        public var exaggeration = 12.0
        /// Factor of the attraction in the late phase (Kobak and Berens 2019): clusters of very large maps become denser
        /// and come apart. Default 1: none.
        public var lateExaggeration = 1.0
        /// Iteration at which the late phase begins; `nil` (default): where the early exaggeration ends.
        public var lateExaggerationIteration: Int?
        /// Whether the early exaggeration ends when the relative fall of the divergence is past its peak (opt-SNE,
        /// Belkina et al. 2019), at the latest at `stopLyingIteration`; the momentum changes with it. Default off.
        public var automaticExaggerationEnd = false
        /// Degrees of freedom α of the map's similarities 1 / (1 + d²/α)^α (Kobak et al. 2020): below 1 the tails are
        /// heavier, and clusters show finer structure. Default 1, van der Maaten's t-SNE.
        public var degreesOfFreedom = 1.0
        /// Ends the descent after the exaggeration when the divergence fell by less than this share of itself within
        /// 50 iterations; 1e-3 is a good value. `nil` (default): all `maxIterations` are done.
        public var earlyStop: Double?
        /// Iterations after which the map is kept in `Embedding.snapshots`; `nil` (default): never.
        public var snapshotInterval: Int?
        /// Seed of the random numbers; default 1. The same seed gives the same bytes at any number of threads.
        public var seed: UInt64 = 1
        /// Threads; `nil` (default) and 0: all processors.
        public var threads: Int?

        /// The threads that are meant.
        public var resolvedThreads: Int { LinearAlgebra.resolvedThreads(threads) }

        /// The defaults.
        public init() {}

        /// Checks every option.
        /// - Throws: `TsneError.invalidConfiguration`, naming the first option that is out of range.
        public func validate() throws(TsneError) {
            try check("dimensions", dimensions == 2 || dimensions == 3, "2 or 3", dimensions)
            try check("perplexity", perplexity.isFinite && perplexity >= 1, "at least 1", perplexity)
            if let perplexities {
                try check("perplexities", !perplexities.isEmpty, "at least one", "none")
                for value in perplexities {
                    try check("perplexities", value.isFinite && value >= 1, "each at least 1", value)
                }
            }
            try check("theta", theta.isFinite && theta >= 0, "at least 0", theta)
            try check(
                "method", method != .interpolation || dimensions == 2 && theta > 0,
                "not interpolation, which is for 2 dimensions and a theta above 0", method.rawValue)
            try check("maxIterations", maxIterations >= 0, "at least 0", maxIterations)
            try check("stopLyingIteration", stopLyingIteration >= 0, "at least 0", stopLyingIteration)
            if let learningRate {
                try check("learningRate", learningRate.isFinite && learningRate > 0, "above 0", learningRate)
            }
            try check("momentum", (0..<1).contains(momentum), "from 0 to less than 1", momentum)
            try check("finalMomentum", (0..<1).contains(finalMomentum), "from 0 to less than 1", finalMomentum)
            try check("switchMomentumIteration", switchMomentumIteration >= 0, "at least 0", switchMomentumIteration)
            try check("minGain", minGain.isFinite && minGain >= 0, "at least 0", minGain)
            try check("pcaDimensions", pcaDimensions >= 1, "at least 1", pcaDimensions)
            try check("exaggeration", exaggeration.isFinite && exaggeration > 0, "above 0", exaggeration)
            try check(
                "lateExaggeration", lateExaggeration.isFinite && lateExaggeration > 0, "above 0", lateExaggeration)
            if let lateExaggerationIteration {
                try check(
                    "lateExaggerationIteration", lateExaggerationIteration >= 0, "at least 0",
                    lateExaggerationIteration)
            }
            try check("degreesOfFreedom", (0.1...100).contains(degreesOfFreedom), "0.1 to 100", degreesOfFreedom)
            if let earlyStop { try check("earlyStop", (0..<1).contains(earlyStop), "from 0 to less than 1", earlyStop) }
            if let snapshotInterval {
                try check("snapshotInterval", snapshotInterval >= 1, "at least 1", snapshotInterval)
            }
            if let threads { try check("threads", threads >= 0, "at least 0", threads) }
        }

        private func check(
            _ option: String, _ holds: Bool, _ expected: String, _ found: some CustomStringConvertible
        ) throws(TsneError) {
            if !holds { throw .invalidConfiguration(option: option, expected: expected, found: found.description) }
        }
    }
}
