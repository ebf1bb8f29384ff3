public import LinearAlgebra
public import NearestNeighbors
public import Training

extension BarnesHutTsne {
    /// Fills a `Configuration`, with the names of Deeplearning4j's builder. Each call returns a changed copy.
    public struct Builder: Sendable {
        private var configuration = Configuration()
        private var layout: Matrix?
        private var listeners: [any TrainingListener] = []

        /// A builder with every option at its default.
        public init() {}

        private func with(_ change: (inout Builder) -> Void) -> Builder {
            var copy = self
            change(&copy)
            return copy
        }

        /// Iterations in all; default 1000.
        public func setMaxIter(_ iterations: Int) -> Builder { with { $0.configuration.maxIterations = iterations } }
        /// Iteration at which the exaggeration ends; default 250.
        public func stopLyingIteration(_ iteration: Int) -> Builder {
            with { $0.configuration.stopLyingIteration = iteration }
        }
        /// Learning rate; without this call it is automatic.
        public func learningRate(_ rate: Double) -> Builder { with { $0.configuration.learningRate = rate } }
        /// AdaGrad steps in place of gains and momentum; default off.
        public func useAdaGrad(_ use: Bool) -> Builder { with { $0.configuration.useAdaGrad = use } }
        /// Accuracy of the repulsion, 0 for all pairs; default 0.5. See `Configuration.theta`.
        public func theta(_ theta: Double) -> Builder { with { $0.configuration.theta = theta } }
        /// How the repulsion is summed; default `.auto`. See `Configuration.method`.
        public func method(_ method: Configuration.Method) -> Builder { with { $0.configuration.method = method } }
        /// Momentum of the first iterations; default 0.5.
        public func setMomentum(_ momentum: Double) -> Builder { with { $0.configuration.momentum = momentum } }
        /// Momentum of the later iterations; default 0.8.
        public func setFinalMomentum(_ momentum: Double) -> Builder {
            with { $0.configuration.finalMomentum = momentum }
        }
        /// Momentum of the later iterations; default 0.8.
        public func finalMomentum(_ momentum: Double) -> Builder { setFinalMomentum(momentum) }
        /// Iteration at which the momentum changes; default 250.
        public func setSwitchMomentumIteration(_ iteration: Int) -> Builder {
            with { $0.configuration.switchMomentumIteration = iteration }
        }
        /// Iteration at which the momentum changes; default 250.
        public func switchMomentumIteration(_ iteration: Int) -> Builder { setSwitchMomentumIteration(iteration) }
        /// Whether the input is centred and scaled; default on.
        public func normalize(_ normalize: Bool) -> Builder { with { $0.configuration.normalize = normalize } }
        /// Whether the input is first reduced to 50 principal components; default off.
        public func usePca(_ use: Bool) -> Builder { with { $0.configuration.usePca = use } }
        /// Effective number of neighbours; default 30.
        public func perplexity(_ perplexity: Double) -> Builder { with { $0.configuration.perplexity = perplexity } }
        /// Least gain of a coordinate; default 0.01.
        public func minGain(_ gain: Double) -> Builder { with { $0.configuration.minGain = gain } }
        /// Dimensions of the map, 2 or 3; default 2.
        public func numDimension(_ dimensions: Int) -> Builder { with { $0.configuration.dimensions = dimensions } }
        /// Where the points start: one row a point, one column a dimension of the map.
        public func staticInitialLayout(_ layout: Matrix) -> Builder { with { $0.layout = layout } }
        /// Where the points start without a static layout; default `.pca`.
        public func initialization(_ initialization: Configuration.Initialization) -> Builder {
            with { $0.configuration.initialization = initialization }
        }
        /// Factor of the attraction in the late phase, and the iteration at which that begins (`nil`: where the early
        /// exaggeration ends). See `Configuration.lateExaggeration`.
        public func lateExaggeration(_ factor: Double, from iteration: Int? = nil) -> Builder {
            with {
                $0.configuration.lateExaggeration = factor
                $0.configuration.lateExaggerationIteration = iteration
            }
        }
        /// Whether the early exaggeration ends of itself; default off. See `Configuration.automaticExaggerationEnd`.
        public func automaticExaggerationEnd(_ automatic: Bool) -> Builder {
            with { $0.configuration.automaticExaggerationEnd = automatic }
        }
        /// Degrees of freedom of the map's similarities; default 1. See `Configuration.degreesOfFreedom`.
        public func degreesOfFreedom(_ freedom: Double) -> Builder {
            with { $0.configuration.degreesOfFreedom = freedom }
        }
        /// Least relative fall of the divergence in 50 iterations; without this call all iterations are done.
        public func earlyStop(_ share: Double) -> Builder { with { $0.configuration.earlyStop = share } }
        /// Iterations after which the map is kept in `Embedding.snapshots`.
        public func snapshotInterval(_ iterations: Int) -> Builder {
            with { $0.configuration.snapshotInterval = iterations }
        }
        /// Seed of the random numbers; default 1.
        public func seed(_ seed: UInt64) -> Builder { with { $0.configuration.seed = seed } }
        /// How far apart vectors are; without this call what the caller of `fit` says.
        public func similarityFunction(_ metric: Metric) -> Builder { with { $0.configuration.metric = metric } }
        /// Threads; without this call all processors.
        public func threads(_ threads: Int) -> Builder { with { $0.configuration.threads = threads } }
        /// Who watches the work.
        public func setListeners(_ listeners: any TrainingListener...) -> Builder { setListeners(listeners) }
        /// Who watches the work.
        public func setListeners(_ listeners: [any TrainingListener]) -> Builder { with { $0.listeners = listeners } }

        /// The trainer. Its options are checked when the work starts.
        public func build() -> BarnesHutTsne {
            BarnesHutTsne(configuration: configuration, initialLayout: layout, listeners: listeners)
        }
    }
}
