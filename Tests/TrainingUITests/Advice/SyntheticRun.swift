import Foundation
import Training
import TrainingStats

@testable import TrainingUI

/// A run made of numbers, healthy until a test changes it.
struct SyntheticRun {
    var info: StaticInfo
    var reports: [StatsReport]
    var silentSeconds: Double?

    /// What the advisor sees of it.
    var input: AdviceInput {
        var series = StatsSeries()
        for (sequence, report) in reports.enumerated() {
            series.append(report, sequence: sequence, timestamp: Int64(sequence) * 1000)
        }
        let step = reports.count / 60 + 1
        let samples = stride(from: 0, to: reports.count, by: step).map { reports[$0] }
        return AdviceInput(
            info: info, series: series, samples: samples, latest: reports.last, silentSeconds: silentSeconds)
    }

    var advice: [Advice] { Advisor.advice(for: input) }

    /// What is said of a rule.
    func advice(_ rule: Advice.Rule, layer: String? = nil) -> Advice? {
        advice.first { $0.rule == rule && (layer == nil || $0.layer == layer) }
    }

    /// Where a report stands in its run.
    struct Place {
        /// Its share of the run, 0…1.
        var share: Double
        /// Its number.
        var index: Int
        /// A number from −1 to 1 that looks random.
        var noise: Double { SyntheticRun.noise(index) }
    }

    /// The same run with every report changed.
    func changed(_ change: (inout StatsReport, Place) -> Void) -> SyntheticRun {
        var run = self
        for index in run.reports.indices {
            change(
                &run.reports[index],
                Place(share: Double(index) / Double(max(1, reports.count - 1)), index: index))
        }
        return run
    }

    /// The same run with other options.
    func options(_ options: [String: Any]) -> SyntheticRun {
        var run = self
        guard var model = info.model,
            var all = try? JSONSerialization.jsonObject(with: Data(model.configuration.utf8)) as? [String: Any]
        else { return self }
        all.merge(options) { $1 }
        model.configuration = Self.json(all)
        run.info.model = model
        return run
    }

    /// The same run with other planned units.
    func totalUnits(_ units: Int) -> SyntheticRun {
        var run = self
        run.info.model?.totalUnits = units
        for index in run.reports.indices {
            run.reports[index].completedUnits = Int(Double(units) * Double(index + 1) / Double(reports.count))
            run.reports[index].totalUnits = units
        }
        return run
    }

    /// The first part of the run.
    func first(_ share: Double) -> SyntheticRun {
        var run = self
        run.reports = Array(reports.prefix(Int(Double(reports.count) * share)))
        return run
    }

    /// The same model by another name: somebody else's trainer.
    var foreign: SyntheticRun {
        var run = self
        run.info.model?.modelClass = "Perceptron"
        run.info.model?.configuration = #"{"rate":0.01}"#
        return run
    }

    static func json(_ object: [String: Any]) -> String {
        (try? JSONSerialization.data(withJSONObject: object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func info(
        _ modelClass: String, _ options: [String: Any], _ layers: [TrainingLayer], units: Int, unit: String
    ) -> StaticInfo {
        StaticInfo(
            startTime: 0,
            hardware: StaticInfo.Hardware(
                architecture: "x86_64", processor: "test", processors: 2, memory: 16_000_000_000),
            model: StaticInfo.Model(
                modelClass: modelClass, configuration: json(options), layers: layers, totalUnits: units, unit: unit,
                threads: 2))
    }

    private static func report(_ index: Int, of count: Int, iteration: Int, units: Int) -> StatsReport {
        var report = StatsReport(
            iteration: iteration, completedUnits: Int(Double(units) * Double(index + 1) / Double(count)),
            totalUnits: units, elapsedSeconds: Double(index + 1))
        report.isLast = index == count - 1
        var performance = StatsReport.Performance()
        performance.unitsPerSecond = 100_000
        performance.unitsPerSecondByThread = [50_000, 49_000]
        performance.processorsBusy = 1.9
        report.performance = performance
        var memory = StatsReport.Memory()
        memory.resident = 1_000_000_000
        memory.peak = 1_000_000_000
        memory.available = 12_000_000_000
        report.memory = memory
        report.observer.listenerSeconds = 0.002 * Double(index + 1)
        var router = RouterCounters()
        router.received = index + 1
        router.delivered = index + 1
        report.observer.router = router
        return report
    }

    /// Word2Vec as it goes with the defaults: 100 reports, 1,000 iterations.
    static func skipGram(count: Int = 100) -> SyntheticRun {
        let units = 20_000_000
        let options: [String: Any] = [
            "dimensions": 100, "window": 5, "negative": 5, "hierarchicalSoftmax": false, "minCount": 5, "sample": 1e-3,
            "epochs": 5, "learningRate": 0.025, "minLearningRate": 1e-4,
        ]
        let layers = [
            TrainingLayer(name: "input", kind: "embedding table", shape: [10_000, 100]),
            TrainingLayer(name: "output", kind: "output table", shape: [10_000, 100], inputs: ["input"]),
        ]
        var run = SyntheticRun(info: info("Word2Vec", options, layers, units: units, unit: "words"), reports: [])
        for index in 0..<count {
            var report = report(index, of: count, iteration: index * 10, units: units)
            let share = Double(index + 1) / Double(count)
            let rate = 0.025 - (0.025 - 1e-4) * share
            report.learningRate = rate
            report.score = 2.2 + 1.9 * exp(-Double(index) / 12) + 0.01 * noise(index)
            report.epoch = 1 + index * 5 / count
            let growth = 1 - exp(-Double(index + 1) / 30)
            report.layers = [
                layer("input", parameters: 0.005 + 0.2 * growth, ratio: 0.3 * rate, activations: 0.005 + 0.25 * growth),
                layer("output", parameters: 0.2 * growth, ratio: 0.3 * rate, activations: 0.1 + 1.5 * growth),
            ]
            run.reports.append(report)
        }
        return run
    }

    /// t-SNE as it goes with the defaults: 1,000 iterations of 2,000 points, a report every 10.
    static func tsne() -> SyntheticRun {
        let options: [String: Any] = [
            "dimensions": 2, "perplexity": 30, "theta": 0.5, "maxIterations": 1000, "stopLyingIteration": 250,
            "momentum": 0.5,
        ]
        let layers = [TrainingLayer(name: "map", kind: "coordinates", shape: [2_000, 2])]
        var run = SyntheticRun(
            info: info("BarnesHutTsne", options, layers, units: 1000, unit: "iterations"), reports: [])
        for index in 0...100 {
            let iteration = index * 10
            var report = report(index, of: 101, iteration: iteration, units: 1000)
            report.completedUnits = iteration
            report.learningRate = iteration < 250 ? 200 : 2_000
            let after = max(0, Double(iteration - 250))
            report.score = iteration < 250 ? 4.5 - Double(iteration) * 0.002 : 1.5 + 2 * exp(-after / 60)
            report.gradientNorm = 1e-3 * (1 + exp(-after / 100))
            let spread = min(3, 1e-4 * exp(Double(iteration) / 20)) + 20 * (1 - exp(-after / 200))
            report.layers = [
                layer("map", parameters: spread, ratio: iteration < 250 ? 0.05 : 0.002, activations: 1)
            ]
            run.reports.append(report)
        }
        return run
    }

    /// Statistics of a layer whose values are normally distributed.
    static func layer(_ name: String, parameters: Double, ratio: Double, activations: Double) -> LayerStatistics {
        var layer = LayerStatistics(name: name)
        layer.parameters = summary(parameters)
        layer.updates = summary(parameters * ratio)
        layer.gradients = summary(parameters)
        layer.activations = summary(activations)
        return layer
    }

    /// A normal distribution around 0.
    static func summary(_ deviation: Double) -> LayerStatistics.Summary {
        LayerStatistics.Summary(
            count: 10_000, mean: 0, standardDeviation: deviation, meanMagnitude: deviation * 0.798,
            histogram: histogram(deviation))
    }

    /// 20 bins of a normal distribution up to 4 standard deviations on both sides.
    static func histogram(_ deviation: Double) -> Histogram {
        let counts = (0..<20).map { bin in
            let place = (Double(bin) - 9.5) * 0.4
            return Int(10_000 * 0.4 * exp(-place * place / 2) / 2.5066)
        }
        return Histogram(low: -4 * deviation, high: 4 * deviation, counts: counts)
    }

    /// A fixed sequence that looks random, from −1 to 1.
    static func noise(_ index: Int) -> Double {
        let value = sin(Double(index + 1) * 12.9898) * 43_758.5453
        return 2 * (value - value.rounded(.down)) - 1
    }
}
