import Testing
import Training

@testable import TrainingStats

@Suite("records from outside have bounds")
struct RecordValidationTests {
    /// A record with one thing wrong, and where that is.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var path: String
        var change: @Sendable (inout StatsRecord) -> Void
        var testDescription: String { path }

        static func record(_ path: String, _ change: @escaping @Sendable (inout StatsRecord) -> Void) -> Wrong {
            Wrong(path: path, change: change)
        }

        static func report(_ path: String, _ change: @escaping @Sendable (inout StatsReport) -> Void) -> Wrong {
            Wrong(path: "content.update." + path) { record in
                var report = Records.report(1)
                change(&report)
                record.content = .update(report)
            }
        }

        static func model(_ path: String, _ change: @escaping @Sendable (inout StaticInfo.Model) -> Void) -> Wrong {
            Wrong(path: "content.staticInfo.model." + path) { record in
                var model = Records.model
                change(&model)
                record.content = .staticInfo(StaticInfo(startTime: 0, model: model))
            }
        }

        static func map(_ path: String, _ change: @escaping @Sendable (inout MapSnapshot) -> Void) -> Wrong {
            Wrong(path: "content.map" + path) { record in
                guard case .map(var map) = Records.map(0).content else { return }
                change(&map)
                record.content = .map(map)
            }
        }
    }

    static let tooLong = String(repeating: "x", count: StatsLimits.textBytes + 1)
    static let tooLarge = StatsLimits.wholeNumber + 1

    static let wrongs: [Wrong] = [
        .record("source.session") { $0.source.session = "" },
        .record("source.session") { $0.source.session = String(repeating: "x", count: 257) },
        .record("source.type") { $0.source.type = "a\nb" },
        .record("source.worker") { $0.source.worker = "\u{1b}[2J" },
        .report("figures[0].name") { $0.figures = [TrainingFigure(kind: .pairs, name: tooLong, value: 1)] },
        .record("sequence") { $0.sequence = -1 },
        .record("sequence") { $0.sequence = .max },
        .record("sequence") { $0.sequence = .min },
        .record("timestamp") { $0.timestamp = -1 },
        .record("timestamp") { $0.timestamp = .max },
        .record("content.metadata.name") { $0.content = .metadata(SessionMetadata(name: tooLong)) },
        .record("content.metadata.command") { $0.content = .metadata(SessionMetadata(command: tooLong)) },
        .record("content.staticInfo.startTime") { $0.content = .staticInfo(StaticInfo(startTime: .min)) },
        .record("content.staticInfo.hardware.memory") {
            $0.content = .staticInfo(
                StaticInfo(
                    startTime: 0, hardware: .init(architecture: "", processor: "", processors: 1, memory: .max)))
        },
        .model("modelClass") { $0.modelClass = tooLong },
        .model("configuration") { $0.configuration = String(repeating: "x", count: 1 << 20 + 1) },
        .model("totalUnits") { $0.totalUnits = .max },
        .model("threads") { $0.threads = -1 },
        .model("labels[1]") { $0.labels = ["a", tooLong] },
        .model("labels") { $0.labels = Array(repeating: "", count: StatsLimits.points + 1) },
        .model("layers") {
            $0.layers = (0...StatsLimits.layers).map { TrainingLayer(name: "\($0)", kind: "", shape: []) }
        },
        .model("layers[1].name") { $0.layers[1].name = "input" },
        .model("layers[0].shape[1]") { $0.layers[0].shape = [1, -1] },
        .model("layers[0].shape") { $0.layers[0].shape = [1 << 40, 1 << 40] },
        .model("layers[0].shape") { $0.layers[0].shape = [1 << 40, 1 << 13, 0] },
        .model("layers[1].shape") {
            $0.layers[0].shape = [1 << 52]; $0.layers[1].shape = [1 << 52, 2]
        },
        .model("layers[0].shape") { $0.layers[0].shape = Array(repeating: 1, count: 17) },
        .model("layers[0].inputs[0]") { $0.layers[0].inputs = [tooLong] },
        .report("iteration") { $0.iteration = -1 },
        .report("epoch") { $0.epoch = .max },
        .report("completedUnits") { $0.completedUnits = tooLarge },
        .report("totalUnits") { $0.totalUnits = .min },
        .report("performance.totalExamples") { $0.performance?.totalExamples = .max },
        .report("performance.unitsPerSecondByThread") {
            $0.performance?.unitsPerSecondByThread = Array(repeating: 0, count: StatsLimits.listItems + 1)
        },
        .report("memory.resident") { $0.memory?.resident = -1 },
        .report("observer.router.lost") { $0.observer.router?.lost = tooLarge },
        .report("layers[1].name") { $0.layers[1].name = "input" },
        .report("layers") {
            $0.layers = (0...StatsLimits.layers).map { LayerStatistics(name: "\($0)") }
        },
        .report("layers[0].gradients.count") { $0.layers[0].gradients?.count = -1 },
        .report("layers[0].updates.histogram.counts") {
            $0.layers[0].updates?.histogram?.counts = Array(repeating: 0, count: StatsLimits.histogramBins + 1)
        },
        .report("layers[0].updates.histogram.counts[3]") { $0.layers[0].updates?.histogram?.counts[3] = .max },
        .report("layers[0].updates.histogram.nonFinite") { $0.layers[0].updates?.histogram?.nonFinite = -1 },
        .report("layers[0].updates.histogram") { $0.layers[0].updates?.histogram?.low = .nan },
        .report("layers[0].updates.histogram") { $0.layers[0].updates?.histogram?.high = .infinity },
        .report("layers[0].updates.histogram") { $0.layers[0].updates?.histogram?.high = -99 },
        .report("neighbors[0].word") { $0.neighbors[0].word = tooLong },
        .report("neighbors[0].neighbors[0].word") { $0.neighbors[0].neighbors[0].word = tooLong },
        .report("neighbors") {
            $0.neighbors = Array(repeating: ProbeNeighbors(word: "", neighbors: []), count: StatsLimits.listItems + 1)
        },
        .map(".iteration") { $0.iteration = -1 },
        .map(".count") { $0.count = -1 },
        .map(".count") { $0.count = StatsLimits.points + 1 },
        .map(".dimensions") { $0.dimensions = 4 },
        .map("") { $0.packed.removeLast() },
        .map("") { $0.low = [] },
        .map("") { $0.low[0] = .nan },
        .map("") { $0.high[1] = -.greatestFiniteMagnitude },
    ]

    @Test("one thing wrong is found, and its place named", arguments: wrongs)
    func wrong(_ wrong: Wrong) throws {
        var record = Records.update(7)
        try record.validate()
        wrong.change(&record)
        let error = #expect(throws: StatsError.self) { try record.validate(index: 3) }
        guard case .invalidRecord(let index, let path, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(index == 3 && path == wrong.path && !reason.isEmpty, "\(path): \(reason)")
        let line = error?.description ?? ""
        #expect(line.hasPrefix("record 3, \(wrong.path): ") && !line.contains("\n") && !line.contains("\u{1b}"))
    }

    @Test("records at the bounds are taken")
    func atTheBounds() throws {
        var record = Records.update(1)
        record.sequence = StatsLimits.wholeNumber
        record.source.session = String(repeating: "x", count: StatsLimits.identifierBytes)
        var report = Records.report(1)
        report.completedUnits = StatsLimits.wholeNumber
        report.layers[0].parameters?.histogram?.counts = Array(
            repeating: StatsLimits.wholeNumber, count: StatsLimits.histogramBins)
        record.content = .update(report)
        try record.validate()
        let storage = InMemoryStatsStorage()
        #expect(try storage.store([record]).accepted == 1)
        #expect(try storage.latestUpdate(record.source) == record)
    }
}
