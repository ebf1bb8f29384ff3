/// What is trained, told once when the work begins.
public struct TrainingRun: Sendable {
    /// The trainer's name, such as "Word2Vec".
    public var modelClass: String
    /// Every option of the run.
    public var configuration: any Encodable & Sendable
    /// The parts of the model that have parameters, in the order of the data.
    public var layers: [TrainingLayer]
    /// Units of work planned, as in `TrainingProgress.totalUnits`.
    public var totalUnits: Int
    /// What a unit of work is, in the plural: "words", "iterations".
    public var unit: String
    /// Threads that train; 0 when not known.
    public var threads: Int
    /// What computes, such as "x86-64-v3 kernels, OpenBLAS".
    public var backend: String
    /// A label for each point of the map, in the order of its rows; empty when there is no map or no labels.
    public var labels: [String]
    /// Whether a score is a mean over the work since the call before, so that the mean over several calls may be taken;
    /// else it is the value at its iteration.
    public var averagesScore: Bool

    /// The description as given.
    public init(
        modelClass: String, configuration: any Encodable & Sendable, layers: [TrainingLayer] = [], totalUnits: Int,
        unit: String = "iterations", threads: Int = 0, backend: String = "", labels: [String] = [],
        averagesScore: Bool = true
    ) {
        self.modelClass = modelClass
        self.configuration = configuration
        self.layers = layers
        self.totalUnits = totalUnits
        self.unit = unit
        self.threads = threads
        self.backend = backend
        self.labels = labels
        self.averagesScore = averagesScore
    }
}

/// One part of a model: a table of parameters.
public struct TrainingLayer: Sendable, Codable, Equatable {
    /// Its name within the model, such as "input".
    public var name: String
    /// What it is, such as "embedding table".
    public var kind: String
    /// Rows and columns, or whatever sizes it has.
    public var shape: [Int]
    /// Names of the layers whose output it takes; empty for the first.
    public var inputs: [String]
    /// Over which of its values the statistics of a report are taken, as a sentence.
    public var sampling: String

    /// The layer as given.
    public init(name: String, kind: String, shape: [Int], inputs: [String] = [], sampling: String = "All values.") {
        self.name = name
        self.kind = kind
        self.shape = shape
        self.inputs = inputs
        self.sampling = sampling
    }

    /// Number of its parameters.
    public var parameterCount: Int { shape.reduce(1, *) }
}
