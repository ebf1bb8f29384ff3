public import TrainingStats

/// What the advice is drawn from: all that a storage knows of one worker's run, in bounded size.
public struct AdviceInput: Sendable {
    /// What does not change; `nil` when it has not arrived. Without it bounds for dense layers are used.
    public var info: StaticInfo?
    /// The scalars over time.
    public var series: StatsSeries
    /// Whole reports spread over the run, in order, for their histograms; up to 64 are read.
    public var samples: [StatsReport]
    /// The last report.
    public var latest: StatsReport?
    /// Seconds for which nothing has been heard of the run, by the server's clock; `nil` when it does not matter, as
    /// for a run that was read from a file.
    public var silentSeconds: Double?

    /// The input as given.
    public init(
        info: StaticInfo? = nil, series: StatsSeries = StatsSeries(), samples: [StatsReport] = [],
        latest: StatsReport? = nil, silentSeconds: Double? = nil
    ) {
        self.info = info
        self.series = series
        self.samples = samples
        self.latest = latest
        self.silentSeconds = silentSeconds
    }
}

extension AdviceInput {
    /// Asks a storage for a worker's run.
    /// - Parameter silentSeconds: as the property; for live runs only.
    /// - Throws: what the storage throws.
    public init(_ storage: any StatsStorage, _ source: StatsSource, silentSeconds: Double? = nil) throws {
        var series = StatsSeries()
        series.append(try storage.series(source, after: -1, limit: series.capacity))
        var latest: StatsReport?
        if case .update(let report) = try storage.latestUpdate(source)?.content { latest = report }
        let samples = try storage.sampledUpdates(source, count: Evidence.sampleLimit).compactMap { record in
            if case .update(let report) = record.content { report } else { nil }
        }
        self.init(
            info: try storage.staticInfo(source), series: series, samples: samples, latest: latest,
            silentSeconds: silentSeconds)
    }
}
