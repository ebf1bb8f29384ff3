public import Training

/// The state of a training at one iteration: DL4J's update report.
///
/// Every part is optional or empty where the listener's configuration switches it off or the trainer has no such
/// thing. Numbers that are not numbers stay so.
public struct StatsReport: Codable, Sendable, Equatable {
    /// Iterations done.
    public var iteration: Int
    /// Epoch under way, from 1.
    public var epoch: Int?
    /// Mean loss since the last report, or the Kullback-Leibler divergence.
    public var score: Double?
    /// Euclidean length of the whole gradient.
    public var gradientNorm: Double?
    /// Learning rate in force.
    public var learningRate: Double?
    /// Units of work done; see `StaticInfo.Model.unit`.
    public var completedUnits: Int
    /// Units of work planned.
    public var totalUnits: Int
    /// Seconds since the training began.
    public var elapsedSeconds: Double
    /// How fast it goes.
    public var performance: Performance?
    /// What it takes of the machine.
    public var memory: Memory?
    /// Statistics of each layer.
    public var layers: [LayerStatistics]
    /// Neighbours of the probe words.
    public var neighbors: [ProbeNeighbors]
    /// What the model was measured by since the last report; `nil` when it was not.
    public var figures: [TrainingFigure]?
    /// What the listener and its router cost and do.
    public var observer: Observer
    /// Whether this is the last report of the run, finished or cancelled.
    public var isLast: Bool

    /// A report of an iteration; everything else is empty and may be set afterwards.
    public init(iteration: Int, completedUnits: Int, totalUnits: Int, elapsedSeconds: Double) {
        self.iteration = iteration
        self.completedUnits = completedUnits
        self.totalUnits = totalUnits
        self.elapsedSeconds = elapsedSeconds
        layers = []
        neighbors = []
        observer = Observer()
        isLast = false
    }

    /// How fast a training goes. Rates are means since the previous report.
    public struct Performance: Codable, Sendable, Equatable {
        /// Training examples so far: centre words of Word2Vec, points × steps of t-SNE.
        public var totalExamples = 0
        /// Minibatches so far; an iteration is one minibatch.
        public var totalMinibatches = 0
        /// Examples a second.
        public var examplesPerSecond = 0.0
        /// Minibatches a second.
        public var minibatchesPerSecond = 0.0
        /// Units of work a second.
        public var unitsPerSecond = 0.0
        /// Units of work a second of each training thread; empty when not known.
        public var unitsPerSecondByThread: [Double] = []
        /// Processor time of the process a second: 2 means that two processors are busy.
        public var processorsBusy = 0.0

        /// All zero.
        public init() {}
    }

    /// Memory of the process, in bytes.
    public struct Memory: Codable, Sendable, Equatable {
        /// Resident now.
        public var resident = 0
        /// Most that was resident at any time.
        public var peak = 0
        /// Free for new work on the machine; 0 when not known.
        public var available = 0

        /// All zero.
        public init() {}
    }

    /// What watching costs, and whether records arrive.
    public struct Observer: Codable, Sendable, Equatable {
        /// Processor seconds that the listener has taken of the training threads so far.
        public var listenerSeconds = 0.0
        /// State of the router that this listener reports to; `nil` when it has nothing to say.
        public var router: RouterCounters?

        /// All zero.
        public init() {}
    }
}

/// What a router did with the records it was given.
public struct RouterCounters: Codable, Sendable, Equatable {
    /// Records that were put into it.
    public var received = 0
    /// Records that arrived where they should go.
    public var delivered = 0
    /// Records waiting in memory.
    public var queued = 0
    /// Records waiting in the spill file.
    public var spilled = 0
    /// Records that are gone: neither delivered nor anywhere to be found.
    public var lost = 0
    /// Attempts to deliver that failed.
    public var failures = 0

    /// All zero.
    public init() {}
}
