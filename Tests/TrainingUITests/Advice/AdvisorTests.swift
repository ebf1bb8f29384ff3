import Foundation
import Testing
import Training
import TrainingStats

@testable import TrainingUI

@Suite("Advice")
struct AdvisorTests {
    @Test("a rule fires when it should", arguments: AdviceCase.all)
    func fires(_ example: AdviceCase) throws {
        let advice = example.sick.advice
        let found = try #require(
            advice.first { $0.rule == example.rule && (example.layer == nil || $0.layer == example.layer) },
            "\(advice.map(\.rule))")
        if let since = example.since {
            let found = try #require(found.since)
            #expect(since.contains(found), "\(found)")
        }
    }

    @Test("and not when it should not", arguments: AdviceCase.all)
    func staysQuiet(_ example: AdviceCase) {
        let advice = example.sound.advice
        #expect(!advice.contains { $0.rule == example.rule && (example.layer == nil || $0.layer == example.layer) })
    }

    @Test("every rule has its two runs")
    func complete() {
        #expect(Set(AdviceCase.all.map(\.rule)) == Set(Advice.Rule.allCases))
    }

    @Test("a healthy run has a good line beside every chart and nothing else")
    func healthy() {
        for run in [SyntheticRun.skipGram(), .skipGram(count: 3_000), .tsne()] {
            let advice = run.advice
            #expect(advice.allSatisfy { $0.severity == .good }, "\(advice.filter { $0.severity > .good })")
        }
        let charts = Set(SyntheticRun.skipGram().advice.map(\.chart))
        #expect(charts == Set(Advice.Chart.allCases).subtracting([.map]))
        #expect(
            Set(SyntheticRun.tsne().advice.map(\.chart)) == [.score, .gradients, .learningRate, .map, .memory, .system])
    }

    @Test("a chart with a complaint is not called good as well")
    func noPraiseBesideComplaints() {
        let advice = SyntheticRun.skipGram().changed { report, _ in report.score = 5.5 }.advice
        #expect(advice.first?.rule == .scoreAboveUntrained)
        #expect(advice.first?.severity == .problem)
        #expect(!advice.contains { $0.rule == .scoreGood })
        #expect(advice.map(\.severity) == advice.map(\.severity).sorted { $0 > $1 })
    }

    @Test("nothing is said of nothing, nor of a run that has just begun")
    func little() {
        #expect(Advisor.advice(for: AdviceInput()).isEmpty)
        #expect(SyntheticRun.skipGram().first(0.03).advice.allSatisfy { $0.rule == .memoryGood })
        var run = SyntheticRun.skipGram()
        run.reports = []
        #expect(run.advice.isEmpty)
    }

    @Test("hostile numbers neither stop the rules nor come out as numbers that are none")
    func hostile() throws {
        let extremes = [
            Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0,
            .leastNonzeroMagnitude,
        ]
        for (number, extreme) in extremes.enumerated() {
            for run in [SyntheticRun.skipGram(), .tsne(), .skipGram().foreign] {
                let hostile = run.changed { report, place in
                    let index = place.index
                    let value = extremes[(number + (index % 3 == 0 ? index : 0)) % extremes.count]
                    report.iteration = index % 2 == 0 ? .max : .min
                    report.completedUnits = .max
                    report.totalUnits = index % 2 == 0 ? .min : .max
                    report.score = value
                    report.gradientNorm = value
                    report.learningRate = extreme
                    report.elapsedSeconds = value
                    report.observer.listenerSeconds = value
                    report.layers = report.layers.map { layer in
                        var layer = layer
                        for kind in LayerStatistics.Kind.allCases {
                            layer[kind] = LayerStatistics.Summary(
                                count: .max, mean: value, standardDeviation: extreme, meanMagnitude: value,
                                histogram: Histogram(
                                    low: extreme, high: value, counts: [.max, -1, .min, 0, 7], nonFinite: .max))
                        }
                        return layer
                    }
                }
                let advice = hostile.advice
                let data = try JSONEncoder().encode(advice)
                #expect(try JSONDecoder().decode([Advice].self, from: data) == advice)
            }
        }
    }

    @Test("an input without a model is judged by the bounds for dense layers")
    func unknownModel() {
        var run = SyntheticRun.skipGram().changed { report, _ in
            report.layers[0].updates = SyntheticRun.summary(0.05)
            report.layers[0].parameters = SyntheticRun.summary(1)
        }
        #expect(run.advice(.ratioHigh, layer: "input") == nil)
        run.info.model = nil
        #expect(run.advice(.ratioHigh, layer: "input") != nil)
    }

    @Test("values are rounded to what a reader can use")
    func rounding() {
        #expect(rounded(0.123456) == 0.123)
        #expect(rounded(1.23e-7 + 4e-10) == 1.23e-7)
        #expect(rounded(-45.678) == -45.7)
        #expect(rounded(123_456) == 123_456)
        #expect(rounded(1234.5) == 1230)
        #expect(rounded(0) == 0)
        #expect(suggestion(near: 0.0125) == 0.01)
        #expect(suggestion(near: 0.0034) == 0.002)
        #expect(suggestion(near: 0.09) == 0.1)
        #expect(suggestion(near: 320) == 200)
        #expect(suggestion(near: .nan).isNaN)
    }

    @Test("what it says is what docs/training-ui.md promises")
    func json() throws {
        let advice = Advice(.ratioHigh, layer: "input", since: 12, ["ratio": 0.5, "rate": .nan])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let expected =
            #"{"chart":"ratio","layer":"input","rule":"ratioHigh","severity":"warning","since":12,"#
            + #""values":{"rate":"?","ratio":0.5}}"#
        #expect(String(decoding: try encoder.encode(advice), as: UTF8.self) == expected)
    }

    @Test("a long run costs little")
    func bounded() {
        var run = SyntheticRun.skipGram(count: 5_000)
        #expect(run.input.series.points.count <= 1_024)
        // 1,000 layers, as nobody has them: only the first are looked at.
        run.reports = run.reports.suffix(3).map { report in
            var report = report
            report.layers = (0..<1_000).map {
                SyntheticRun.layer("layer \($0)", parameters: 1, ratio: 1, activations: 100)
            }
            return report
        }
        run.info.model = nil
        #expect(Evidence(run.input).layers.count == 64)
    }
}
