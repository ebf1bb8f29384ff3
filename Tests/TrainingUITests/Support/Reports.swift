import Training
import TrainingStats

/// Records as a listener would make them.
enum Reports {
    static let type = "StatsListener"

    static func source(_ session: String = "run", worker: String = "w0") -> StatsSource {
        StatsSource(session: session, type: type, worker: worker)
    }

    /// A number that survives any way of reading and writing it.
    static func score(_ number: Int) -> Double { 3 - Double(number) / 1_024 }

    /// A report of two layers, whose numbers depend on its number alone.
    static func report(_ number: Int, of total: Int = 1_000, score: Double? = nil) -> StatsReport {
        var report = StatsReport(
            iteration: number, completedUnits: number * 10_000, totalUnits: total * 10_000,
            elapsedSeconds: Double(number))
        report.epoch = 1
        report.score = score ?? Self.score(number)
        report.learningRate = 0.025 * (1 - Double(number) / Double(max(1, total)))
        var performance = StatsReport.Performance()
        performance.totalExamples = number * 10_000
        performance.examplesPerSecond = 123_456.7
        performance.unitsPerSecondByThread = [1_000, 2_000]
        report.performance = performance
        report.layers = ["input", "output"].map { layer(named: $0, number) }
        report.isLast = number == total
        return report
    }

    private static func layer(named name: String, _ number: Int) -> LayerStatistics {
        var layer = LayerStatistics(name: name)
        for (position, kind) in LayerStatistics.Kind.allCases.enumerated() {
            let scale = Double(position + 1) / Double(number + 2)
            layer[kind] = LayerStatistics.Summary(
                count: 100, mean: scale / 10, standardDeviation: scale, meanMagnitude: scale / 2,
                histogram: Histogram(low: -scale, high: scale, counts: (0..<20).map { ($0 * 7 + number) % 11 }))
        }
        return layer
    }

    static func update(
        _ number: Int, sequence: Int? = nil, of total: Int = 1_000, source: StatsSource = source(), score: Double? = nil
    ) -> StatsRecord {
        StatsRecord(
            source: source, sequence: sequence ?? number + 2, timestamp: 1_700_000_000_000 + Int64(number) * 1_000,
            content: .update(report(number, of: total, score: score)))
    }

    /// Static information (record 0) and metadata (record 1).
    static func opening(_ source: StatsSource = source(), labels: [String] = [], command: String? = "w2v train")
        -> [StatsRecord]
    {
        let layers = [
            TrainingLayer(name: "input", kind: "embedding table", shape: [100, 10]),
            TrainingLayer(name: "output", kind: "embedding table", shape: [100, 10], inputs: ["input"]),
        ]
        let model = StaticInfo.Model(
            modelClass: "Word2Vec", configuration: "{}", layers: layers, totalUnits: 10_000_000, unit: "words",
            threads: 2, labels: labels)
        let time: Int64 = 1_700_000_000_000
        return [
            StatsRecord(
                source: source, sequence: 0, timestamp: time,
                content: .staticInfo(StaticInfo(startTime: time, model: model))),
            StatsRecord(
                source: source, sequence: 1, timestamp: time, content: .metadata(SessionMetadata(command: command))),
        ]
    }

    /// The opening and the first `count` updates.
    static func run(_ count: Int, source: StatsSource = source()) -> [StatsRecord] {
        opening(source) + (0..<count).map { update($0, source: source) }
    }

    static func map(_ iteration: Int, sequence: Int, source: StatsSource = source()) -> StatsRecord {
        let coordinates = MapCoordinates(dimensions: 2, values: [0, 0, 1, Float(iteration), 2, -1])
        return StatsRecord(
            source: source, sequence: sequence, timestamp: 1_700_000_000_000,
            content: .map(MapSnapshot(iteration: iteration, coordinates: coordinates)))
    }
}
