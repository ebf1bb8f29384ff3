import Foundation
import Testing
import Training

@testable import TrainingStats

/// Records as a listener would make them, whose contents depend on their numbers alone.
enum Records {
    static let source = source()

    static func source(_ session: String = "run", type: String = "StatsListener", worker: String = "w0") -> StatsSource
    {
        StatsSource(session: session, type: type, worker: worker)
    }

    /// A number that survives any way of reading and writing it.
    static func score(_ number: Int) -> Double { 3 - Double(number) / 1_024 }

    /// A report with everything in it.
    static func report(_ number: Int) -> StatsReport {
        var report = StatsReport(
            iteration: number, completedUnits: number * 10_000, totalUnits: 10_000_000, elapsedSeconds: Double(number))
        report.epoch = 1
        report.score = score(number)
        report.gradientNorm = 0.5
        report.learningRate = 0.025
        var performance = StatsReport.Performance()
        performance.totalExamples = number * 10_000
        performance.totalMinibatches = number
        performance.examplesPerSecond = 123_456.75
        performance.unitsPerSecondByThread = [1_000, 2_000.5]
        report.performance = performance
        var memory = StatsReport.Memory()
        (memory.resident, memory.peak, memory.available) = (1 << 30, 1 << 31, 1 << 33)
        report.memory = memory
        report.layers = ["input", "output"].map { layer($0, number) }
        report.neighbors = [
            ProbeNeighbors(word: "gold", neighbors: [.init(word: "silver", similarity: 0.75)])
        ]
        report.observer.listenerSeconds = 0.125
        var router = RouterCounters()
        (router.received, router.delivered, router.queued) = (number + 1, number, 1)
        report.observer.router = router
        return report
    }

    static func layer(_ name: String, _ number: Int) -> LayerStatistics {
        var layer = LayerStatistics(name: name)
        for (position, kind) in LayerStatistics.Kind.allCases.enumerated() {
            let scale = Double(position + 1) / 8
            layer[kind] = LayerStatistics.Summary(
                count: 100, mean: scale / 16, standardDeviation: scale, meanMagnitude: scale / 2,
                histogram: Histogram(low: -scale, high: scale, counts: (0..<20).map { ($0 * 7 + number) % 11 }))
        }
        return layer
    }

    static func record(_ sequence: Int, _ content: StatsRecord.Content, _ source: StatsSource = source) -> StatsRecord {
        StatsRecord(
            source: source, sequence: sequence, timestamp: 1_700_000_000_000 + Int64(sequence % 1_000_000),
            content: content)
    }

    static func update(_ sequence: Int, _ source: StatsSource = source, score: Double? = nil) -> StatsRecord {
        var report = report(sequence)
        if let score { report.score = score }
        return record(sequence, .update(report), source)
    }

    /// An update that is little work to make and to keep.
    static func small(_ sequence: Int, _ source: StatsSource = source, score: Double? = nil) -> StatsRecord {
        var report = StatsReport(
            iteration: sequence, completedUnits: sequence, totalUnits: 1 << 40, elapsedSeconds: Double(sequence))
        report.score = score ?? self.score(sequence)
        return record(sequence, .update(report), source)
    }

    static func metadata(_ sequence: Int, _ source: StatsSource = source, command: String? = "w2v train") -> StatsRecord
    {
        record(sequence, .metadata(SessionMetadata(command: command)), source)
    }

    static var model: StaticInfo.Model {
        StaticInfo.Model(
            modelClass: "Word2Vec", configuration: #"{"dimensions":10}"#,
            layers: [
                TrainingLayer(name: "input", kind: "embedding table", shape: [100, 10]),
                TrainingLayer(name: "output", kind: "output table", shape: [100, 10], inputs: ["input"]),
            ], totalUnits: 10_000_000, unit: "words", threads: 2, labels: ["gold", "silver"])
    }

    static func info(_ sequence: Int, _ source: StatsSource = source, threads: Int = 2) -> StatsRecord {
        var model = model
        model.threads = threads
        return record(
            sequence,
            .staticInfo(
                StaticInfo(
                    startTime: 1_700_000_000_000,
                    software: .init(
                        operatingSystem: "an OS", runtime: "Swift", backend: "kernels", hostName: "host", processID: 7),
                    hardware: .init(architecture: "x86_64", processor: "a CPU", processors: 2, memory: 1 << 34),
                    model: model)), source)
    }

    static func map(_ sequence: Int, _ source: StatsSource = source, points: Int = 3) -> StatsRecord {
        let values = (0..<points).flatMap { [Float($0), Float(sequence % 100)] }
        return record(
            sequence,
            .map(MapSnapshot(iteration: sequence, coordinates: MapCoordinates(dimensions: 2, values: values))), source)
    }

    /// Static information, metadata, and updates from number 2 on: `count` records.
    static func run(_ count: Int, _ source: StatsSource = source) -> [StatsRecord] {
        (0..<count).map { number in
            switch number {
            case 0: info(0, source)
            case 1: metadata(1, source)
            default: update(number, source)
            }
        }
    }
}

/// Asks a storage all that the pages ask.
func askEverything(_ storage: any StatsStorage) throws {
    for session in try storage.listSessionIDs() {
        _ = try storage.metadata(session: session)
        for type in try storage.listTypeIDs(session: session) {
            for worker in try storage.listWorkerIDs(session: session, type: type) {
                let source = StatsSource(session: session, type: type, worker: worker)
                _ = try storage.staticInfo(source)
                _ = try storage.numberOfUpdates(source)
                _ = try storage.updates(source, after: -1, limit: 1_000)
                _ = try storage.sampledUpdates(source, count: 10)
                _ = try storage.series(source, after: -1, limit: 100)
                for map in try storage.listMaps(source) { _ = try storage.map(source, sequence: map.sequence) }
            }
        }
    }
}

/// Waits until something is so, which it must be before a generous time is over.
func eventually(
    _ what: String, within seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        guard .now < end else {
            Issue.record("not within \(seconds) s: \(what)", sourceLocation: sourceLocation)
            throw CancellationError()
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
