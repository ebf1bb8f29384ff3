/// What a `StatsListener` puts into its reports: DL4J's update configuration. Everything is on by default.
public struct StatsUpdateConfiguration: Codable, Sendable, Equatable {
    /// Report every n-th iteration; `nil` (default): at least once a second.
    public var reportingFrequency: Int?
    /// Snapshot of a map every n-th iteration; `nil` (default): about twice a second, less often for large maps.
    public var mapFrequency: Int?
    /// Whether maps are reported.
    public var collectMaps = true
    /// Whether neighbours of the probe words are reported.
    public var collectNeighbors = true
    /// Whether speeds are reported.
    public var collectPerformanceStats = true
    /// Whether memory is reported.
    public var collectMemoryStats = true
    /// Whether learning rates are reported.
    public var collectLearningRates = true
    /// Bins of a histogram, 1…1,000. Default 20.
    public var numHistogramBins = 20
    /// Of which kinds of values histograms are reported.
    public var histograms: Set<LayerStatistics.Kind>
    /// Of which kinds of values means are reported.
    public var means: Set<LayerStatistics.Kind>
    /// Of which kinds of values standard deviations are reported.
    public var standardDeviations: Set<LayerStatistics.Kind>
    /// Of which kinds of values mean magnitudes are reported. The update:parameter ratio needs those of both.
    public var meanMagnitudes: Set<LayerStatistics.Kind>

    /// Everything on.
    public init() {
        let all = Set(LayerStatistics.Kind.allCases)
        histograms = all
        means = all
        standardDeviations = all
        meanMagnitudes = all
    }

    /// Whether histograms of a kind of values are reported.
    public func collectHistograms(_ kind: LayerStatistics.Kind) -> Bool { histograms.contains(kind) }
    /// Whether means of a kind of values are reported.
    public func collectMean(_ kind: LayerStatistics.Kind) -> Bool { means.contains(kind) }
    /// Whether standard deviations of a kind of values are reported.
    public func collectStdev(_ kind: LayerStatistics.Kind) -> Bool { standardDeviations.contains(kind) }
    /// Whether mean magnitudes of a kind of values are reported.
    public func collectMeanMagnitudes(_ kind: LayerStatistics.Kind) -> Bool { meanMagnitudes.contains(kind) }

    /// What of a kind of values is reported; `nil`: nothing.
    func parts(of kind: LayerStatistics.Kind) -> LayerStatistics.Summary.Parts? {
        let parts = LayerStatistics.Summary.Parts(
            mean: collectMean(kind), standardDeviation: collectStdev(kind), meanMagnitude: collectMeanMagnitudes(kind),
            histogramBins: collectHistograms(kind) ? min(1_000, max(1, numHistogramBins)) : nil)
        let isEmpty =
            !parts.mean && !parts.standardDeviation && !parts.meanMagnitude && parts.histogramBins == nil
        return isEmpty ? nil : parts
    }

    /// Whether anything of the layers is reported.
    var collectsLayers: Bool { LayerStatistics.Kind.allCases.contains { parts(of: $0) != nil } }
}

/// What a `StatsListener` tells once at the beginning: DL4J's initialization configuration. Everything is on by default.
public struct StatsInitializationConfiguration: Codable, Sendable, Equatable {
    /// Whether names and versions of the software are told.
    public var collectSoftwareInfo = true
    /// Whether the machine is told.
    public var collectHardwareInfo = true
    /// Whether the model and its options are told.
    public var collectModelInfo = true

    /// Everything on.
    public init() {}
}
