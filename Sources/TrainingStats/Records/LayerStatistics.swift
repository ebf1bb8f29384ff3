/// Statistics of one layer at one iteration.
public struct LayerStatistics: Codable, Sendable, Equatable {
    /// What of a layer a statistic is taken of.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The parameters before the update.
        case parameters
        /// The gradient.
        case gradients
        /// What was added to the parameters.
        case updates
        /// What the layer gives to the next one.
        case activations
    }

    /// The layer's name, as in `TrainingLayer.name`.
    public var name: String
    /// One summary a kind; kinds that do not exist or are switched off are absent.
    public var parameters: Summary?
    /// Of the gradient.
    public var gradients: Summary?
    /// Of the updates.
    public var updates: Summary?
    /// Of the activations.
    public var activations: Summary?

    /// A layer without any statistics yet.
    public init(name: String) { self.name = name }

    /// The summary of a kind.
    public subscript(kind: Kind) -> Summary? {
        get {
            switch kind {
            case .parameters: parameters
            case .gradients: gradients
            case .updates: updates
            case .activations: activations
            }
        }
        set {
            switch kind {
            case .parameters: parameters = newValue
            case .gradients: gradients = newValue
            case .updates: updates = newValue
            case .activations: activations = newValue
            }
        }
    }

    /// Mean magnitude of the updates over that of the parameters they were added to; about 1e-3 in a healthy dense
    /// network. `nil` when either is missing or the parameters are all 0.
    public var updateRatio: Double? {
        guard let up = updates?.meanMagnitude, let down = parameters?.meanMagnitude, down != 0 else { return nil }
        return up / down
    }

    /// What is known of a set of values. Switched-off parts are absent.
    public struct Summary: Codable, Sendable, Equatable {
        /// How many values it is taken of.
        public var count: Int
        /// Arithmetic mean.
        public var mean: Double?
        /// Standard deviation, of the values as the whole population.
        public var standardDeviation: Double?
        /// Mean of the absolute values.
        public var meanMagnitude: Double?
        /// How the values are distributed.
        public var histogram: Histogram?

        /// The summary as given.
        public init(
            count: Int, mean: Double? = nil, standardDeviation: Double? = nil, meanMagnitude: Double? = nil,
            histogram: Histogram? = nil
        ) {
            self.count = count
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.meanMagnitude = meanMagnitude
            self.histogram = histogram
        }
    }
}

/// Counts of values in bins of equal width. Values that are not finite are counted apart.
public struct Histogram: Codable, Sendable, Equatable {
    /// Left edge of the first bin: the smallest finite value.
    public var low: Double
    /// Right edge of the last bin: the largest finite value.
    public var high: Double
    /// Values in each bin.
    public var counts: [Int]
    /// Values that are NaN or infinite.
    public var nonFinite: Int

    /// The histogram as given.
    public init(low: Double, high: Double, counts: [Int], nonFinite: Int = 0) {
        self.low = low
        self.high = high
        self.counts = counts
        self.nonFinite = nonFinite
    }
}
