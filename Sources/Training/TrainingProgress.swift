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
    /// Training examples so far: trained centre words of Word2Vec, points × steps of t-SNE. 0 when not counted.
    public var examples = 0
    /// Epoch that is under way, from 1; `nil` for trainers without epochs.
    public var epoch: Int?
    /// Units of work done by each thread; empty when not known.
    public var unitsByThread: [Int] = []
    /// Units of work that an earlier run did, which this one goes on from.
    public var unitsBefore = 0
    /// What the model was measured by after the epoch that has just ended; empty at all other times.
    public var figures: [TrainingFigure] = []
    /// Processor seconds spent so far on detail that listeners wanted.
    public var detailSeconds = 0.0
    /// Euclidean length of the whole gradient; `nil` when it was not computed.
    public var gradientNorm: Double?
    /// Values of the layers, when a listener wanted them.
    public var layers: [LayerValues] = []
    /// The map so far, when a listener wanted it.
    public var coordinates: MapCoordinates?
    /// Neighbours of the probe words, when a listener wanted them.
    public var neighbors: [ProbeNeighbors] = []

    /// The state as given; what is not named here is empty and may be set afterwards.
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

    /// Mean units of work a second so far in this run; 0 before any time has passed.
    public var unitsPerSecond: Double {
        elapsedSeconds > 0 ? Double(completedUnits - unitsBefore) / elapsedSeconds : 0
    }
}

/// Values of one layer, all of them or a sample; `TrainingLayer.sampling` says which. Kinds that do not exist are empty.
public struct LayerValues: Sendable {
    /// The layer's name, as in `TrainingRun.layers`.
    public var name: String
    /// Its parameters before the update.
    public var parameters: [Float]
    /// The gradient of the objective with respect to the same parameters.
    public var gradients: [Float]
    /// What was added to the same parameters: the gradient after learning rate and momentum.
    public var updates: [Float]
    /// What the layer gives to the next one.
    public var activations: [Float]

    /// The values as given.
    public init(
        name: String, parameters: [Float] = [], gradients: [Float] = [], updates: [Float] = [],
        activations: [Float] = []
    ) {
        self.name = name
        self.parameters = parameters
        self.gradients = gradients
        self.updates = updates
        self.activations = activations
    }
}

/// A map while it is optimised.
public struct MapCoordinates: Sendable, Equatable {
    /// 2 or 3.
    public var dimensions: Int
    /// One row a point, in the order of the input: `dimensions` values a row.
    public var values: [Float]

    /// The coordinates as given.
    public init(dimensions: Int, values: [Float]) {
        self.dimensions = dimensions
        self.values = values
    }
}

/// The nearest neighbours of one word, in the middle of the training.
public struct ProbeNeighbors: Sendable, Codable, Equatable {
    /// A word and how similar it is.
    public struct Neighbor: Sendable, Codable, Equatable {
        /// The neighbour.
        public var word: String
        /// Cosine of the angle between the two vectors.
        public var similarity: Float

        /// The neighbour as given.
        public init(word: String, similarity: Float) {
            self.word = word
            self.similarity = similarity
        }
    }

    /// The word that was asked for.
    public var word: String
    /// Its neighbours, the nearest first.
    public var neighbors: [Neighbor]

    /// The answer as given.
    public init(word: String, neighbors: [Neighbor]) {
        self.word = word
        self.neighbors = neighbors
    }
}
