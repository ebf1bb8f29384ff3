public import Training

/// What does not change during a run: DL4J's initialization report.
public struct StaticInfo: Codable, Sendable, Equatable {
    /// Versions and names of what runs. `nil` where `StatsInitializationConfiguration.collectSoftwareInfo` is off.
    public struct Software: Codable, Sendable, Equatable {
        /// Operating system and its version.
        public var operatingSystem: String
        /// Version of the Swift compiler that built the program, such as "Swift 6.2".
        public var runtime: String
        /// What computes, such as "x86-64-v3 kernels, OpenBLAS".
        public var backend: String
        /// Name of the host.
        public var hostName: String
        /// Number of the process.
        public var processID: Int

        /// The facts as given.
        public init(operatingSystem: String, runtime: String, backend: String, hostName: String, processID: Int) {
            self.operatingSystem = operatingSystem
            self.runtime = runtime
            self.backend = backend
            self.hostName = hostName
            self.processID = processID
        }
    }

    /// The machine. `nil` where `StatsInitializationConfiguration.collectHardwareInfo` is off.
    public struct Hardware: Codable, Sendable, Equatable {
        /// Architecture, such as "x86_64".
        public var architecture: String
        /// The processor's own name; empty when the system does not say.
        public var processor: String
        /// Processors that the program may use.
        public var processors: Int
        /// Memory of the machine in bytes.
        public var memory: Int

        /// The facts as given.
        public init(architecture: String, processor: String, processors: Int, memory: Int) {
            self.architecture = architecture
            self.processor = processor
            self.processors = processors
            self.memory = memory
        }
    }

    /// What is trained. `nil` where `StatsInitializationConfiguration.collectModelInfo` is off.
    public struct Model: Codable, Sendable, Equatable {
        /// The trainer's name, such as "Word2Vec".
        public var modelClass: String
        /// Every option of the run, as JSON with sorted keys.
        public var configuration: String
        /// The parts that have parameters.
        public var layers: [TrainingLayer]
        /// Units of work planned.
        public var totalUnits: Int
        /// What a unit of work is, in the plural: "words", "iterations".
        public var unit: String
        /// Threads that train.
        public var threads: Int
        /// A label for each point of the map; empty when there is none.
        public var labels: [String]

        /// The facts as given.
        public init(
            modelClass: String, configuration: String, layers: [TrainingLayer], totalUnits: Int, unit: String,
            threads: Int, labels: [String] = []
        ) {
            self.modelClass = modelClass
            self.configuration = configuration
            self.layers = layers
            self.totalUnits = totalUnits
            self.unit = unit
            self.threads = threads
            self.labels = labels
        }

        /// Parameters of all layers.
        public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }
    }

    /// When the training began, in milliseconds since 1970.
    public var startTime: Int64
    /// Versions and names of what runs.
    public var software: Software?
    /// The machine.
    public var hardware: Hardware?
    /// What is trained.
    public var model: Model?

    /// The report as given.
    public init(startTime: Int64, software: Software? = nil, hardware: Hardware? = nil, model: Model? = nil) {
        self.startTime = startTime
        self.software = software
        self.hardware = hardware
        self.model = model
    }
}
