import Foundation
import TrainingStats

@testable import TrainingUI

/// One rule, a run that triggers it and one, as near as possible, that does not.
struct AdviceCase: CustomStringConvertible, Sendable {
    var rule: Advice.Rule
    var sick: SyntheticRun
    var sound: SyntheticRun
    /// Where the condition begins in the sick run, as far as the rule can know.
    var since: ClosedRange<Int>?
    var layer: String?

    init(
        _ rule: Advice.Rule, layer: String? = nil, since: ClosedRange<Int>? = nil, sick: SyntheticRun,
        sound: SyntheticRun
    ) {
        self.rule = rule
        self.layer = layer
        self.since = since
        self.sick = sick
        self.sound = sound
    }

    var description: String { rule.rawValue }

    static let all =
        score + divergence + ratio + activations + gradients + updates + parameters + learningRate + map
        + system

    private static let run = SyntheticRun.skipGram()
    private static let tsne = SyntheticRun.tsne()

    private static func scored(_ score: (SyntheticRun.Place) -> Double) -> SyntheticRun {
        run.changed { $0.score = score($1) }
    }

    private static let score: [AdviceCase] = [
        AdviceCase(
            .scoreNotFinite, since: 500...500, sick: run.changed { if $1.index >= 50 { $0.score = .nan } },
            sound: run.changed { if $1.index >= 50 { $0.score = nil } }),
        AdviceCase(
            .scoreAboveUntrained, since: 400...420, sick: scored { $0.share < 0.4 ? 3 : 5.5 },
            // A single bad report is no lasting condition.
            sound: scored { $0.index == 50 ? 5.5 : 3 }),
        AdviceCase(
            .scoreRising, since: 350...450, sick: scored { 2.5 + abs($0.share - 0.4) + 0.01 * $0.noise },
            sound: scored { 2.5 - 0.3 * $0.share + 0.05 * $0.noise }),
        AdviceCase(
            .scoreRising, sick: scored { 2.2 + 0.3 * abs($0.share - 0.4) },
            // The fifth part of the text is harder, in each epoch.
            sound: scored { 2.2 + 0.1 * sin(10 * Double.pi * $0.share) + 0.1 * max(0, $0.share - 0.4) }),
        AdviceCase(
            .scoreFlat, since: 0...0, sick: scored { 4.158 - 0.01 * $0.share + 0.001 * $0.noise },
            sound: scored { 4.158 - 0.5 * $0.share + 0.001 * $0.noise }),
        AdviceCase(
            .scoreFlat, sick: scored { 2 + 0.001 * $0.noise - 0.001 * $0.share }.foreign,
            sound: scored { 2 - 0.3 * $0.share }.foreign),
        AdviceCase(
            .scoreNoisy, since: 0...0, sick: scored { 2.5 - 0.2 * $0.share + 0.8 * $0.noise },
            sound: scored { 2.5 - 0.2 * $0.share + 0.04 * $0.noise }),
        AdviceCase(
            .scoreWaves, since: 190...260, sick: scored { 2.5 + 0.3 * sin(30 * $0.share) + 0.01 * $0.noise },
            sound: scored { 2.5 - 0.3 * $0.share + 0.02 * $0.noise }),
        AdviceCase(
            .scoreWaves, since: 190...200,
            sick: scored { 2.5 - 0.2 * $0.share + 0.05 * sin(10 * Double.pi * $0.share) },
            // As large, but not in each epoch.
            sound: scored { 2.5 - 0.2 * $0.share + 0.05 * $0.noise }),
        AdviceCase(.scoreGood, sick: run, sound: run.first(0.05)),
        AdviceCase(.littleText, sick: run.totalUnits(300_000), sound: run.totalUnits(300_000).options(["epochs": 20])),
        AdviceCase(.nothingSubsampled, sick: run.options(["sample": 0]), sound: run),
    ]

    private static let divergence: [AdviceCase] = [
        AdviceCase(
            .divergenceRising, since: 550...650,
            sick: tsne.changed { if $1.index > 60 { $0.score = 1.5 + 0.02 * Double($1.index - 60) } },
            // During the exaggeration it may do as it likes.
            sound: tsne.changed { if $1.index < 25 { $0.score = 1 + 0.1 * Double($1.index) } }),
        AdviceCase(
            .divergenceStillFalling, since: 890...900,
            sick: tsne.changed { $0.score = 4 - 2 * $1.share },
            sound: tsne.changed {
                $0.score = 4 - 2 * $1.share
                // Cancelled: that it was still falling is no wonder.
                $0.completedUnits /= 2
            }),
        AdviceCase(
            .exaggeratedToTheEnd, sick: tsne.options(["stopLyingIteration": 1000]), sound: tsne),
    ]

    private static func ratio(_ layer: Int, _ ratio: (SyntheticRun.Place, Double) -> Double) -> SyntheticRun {
        run.changed { report, place in
            let usual = report.layers[layer].updateRatio ?? 0
            let parameters = report.layers[layer].parameters?.standardDeviation ?? 0
            report.layers[layer].updates = SyntheticRun.summary(parameters * ratio(place, usual))
        }
    }

    private static let ratio: [AdviceCase] = [
        AdviceCase(
            .ratioHigh, layer: "input", since: 200...230, sick: ratio(0) { $0.share < 0.2 ? $1 : 0.5 }, sound: run),
        AdviceCase(
            .ratioLow, layer: "output", since: 10...10, sick: ratio(1) { _, usual in usual * 1e-3 },
            // Small at the end only, because the learning rate is: as it should be.
            sound: ratio(1) { $0.share > 0.8 ? $1 * 1e-3 : $1 }),
        AdviceCase(
            .ratioPeak, layer: "input", since: 500...500, sick: ratio(0) { $0.index == 50 ? 3 : $1 },
            sound: ratio(0) { $0.index == 50 ? 3 * $1 : $1 }),
        AdviceCase(.ratioGood, layer: "output", sick: run, sound: run.first(0.05)),
    ]

    private static func activations(_ layer: Int, _ deviation: (SyntheticRun.Place) -> Double) -> SyntheticRun {
        run.changed { $0.layers[layer].activations = SyntheticRun.summary(deviation($1)) }
    }

    private static let activations: [AdviceCase] = [
        AdviceCase(
            .activationsNotFinite, layer: "output", since: 700...700,
            sick: run.changed {
                if $1.index >= 70 {
                    $0.layers[1].activations = .init(
                        count: 10, mean: .nan, standardDeviation: .nan, meanMagnitude: .infinity)
                }
            }, sound: run),
        AdviceCase(
            .activationsExploding, layer: "output", since: 380...420,
            sick: activations(1) { $0.share < 0.4 ? 1.5 : 60 },
            sound: activations(1) { $0.index == 40 ? 60 : 1.5 }),
        AdviceCase(
            .activationsVanishing, layer: "output", since: 0...0, sick: activations(1) { _ in 1e-3 },
            // Small at the beginning only.
            sound: activations(1) { $0.share < 0.05 ? 1e-3 : 1.5 }),
        AdviceCase(
            .activationsUnsettled, layer: "output", since: 600...700,
            sick: activations(1) { 0.7 * exp(2 * max(0, $0.share - 0.6)) },
            sound: activations(1) { 0.5 + 0.8 * $0.share }),
        AdviceCase(
            .activationsExploding, layer: "input", sick: activations(0) { _ in 3 }.foreign,
            sound: activations(0) { _ in 1 }.foreign),
        AdviceCase(
            .activationsVanishing, layer: "input", sick: activations(0) { _ in 0.1 }.foreign,
            sound: activations(0) { _ in 1 }.foreign),
        AdviceCase(.activationsGood, layer: "output", sick: run, sound: run.first(0.05)),
    ]

    private static let gradients: [AdviceCase] = [
        AdviceCase(
            .gradientsNotFinite, layer: "map", since: 600...600,
            sick: tsne.changed { if $1.index >= 60 { $0.gradientNorm = .infinity } },
            sound: tsne),
        AdviceCase(
            .gradientsExploding, layer: "map", since: 500...650,
            sick: tsne.changed {
                guard $1.index > 50 else { return }
                $0.gradientNorm = 1e-3 * exp(Double($1.index - 50) / 5)
                $0.score = 1.6
            },
            sound: tsne.changed { if $1.index < 25 { $0.gradientNorm = 1 + Double($1.index) } }),
        AdviceCase(
            .gradientsExploding, layer: "output", since: 500...700,
            sick: run.changed {
                guard $1.share > 0.5 else { return }
                $0.layers[1].gradients = SyntheticRun.summary(0.2 * exp(20 * ($1.share - 0.5)))
                $0.score = 2.4
            },
            // With a score that falls it is a model that begins to learn.
            sound: run.changed {
                if $1.share > 0.5 { $0.layers[1].gradients = SyntheticRun.summary(0.2 * exp(20 * ($1.share - 0.5))) }
            }),
        AdviceCase(.gradientsGood, layer: "input", sick: run, sound: run.first(0.05)),
    ]

    private static func update(_ layer: Int, _ change: (inout Histogram, SyntheticRun.Place) -> Void) -> SyntheticRun {
        run.changed { report, place in
            guard var histogram = report.layers[layer].updates?.histogram else { return }
            change(&histogram, place)
            report.layers[layer].updates?.histogram = histogram
        }
    }

    private static let updates: [AdviceCase] = [
        AdviceCase(
            .updatesNotFinite, layer: "input", since: 300...300,
            sick: update(0) { if $1.index >= 30 { $0.nonFinite = 1 } },
            sound: run),
        AdviceCase(
            .updatesHuge, layer: "output", since: 500...520,
            sick: update(1) { if $1.share > 0.5 { ($0.low, $0.high) = (-4, 1) } },
            sound: update(1) { if $1.index == 50 { ($0.low, $0.high) = (-4, 1) } }),
        AdviceCase(
            .updatesZero, layer: "output", since: 200...220,
            sick: run.changed { if $1.share > 0.2 { $0.layers[1].updates = SyntheticRun.summary(0) } },
            // At the end the learning rate makes them so.
            sound: run.changed { if $1.share > 0.9 { $0.layers[1].updates = SyntheticRun.summary(0) } }),
        AdviceCase(
            .updatesSkewed, layer: "input",
            sick: update(0) { histogram, _ in histogram.counts = (0..<20).map { (9_000 >> ($0 * 2)) + 1 } },
            sound: update(0) { histogram, place in
                let counts = (0..<20).map { (9_000 >> ($0 * 2)) + 1 }
                histogram.counts = place.index % 2 == 0 ? counts : counts.reversed()
            }),
        AdviceCase(.updatesGood, layer: "input", sick: run, sound: run.first(0.05)),
    ]

    private static func parameters(_ layer: Int, _ change: (inout Histogram, SyntheticRun.Place) -> Void)
        -> SyntheticRun
    {
        run.changed { report, place in
            guard var histogram = report.layers[layer].parameters?.histogram else { return }
            change(&histogram, place)
            report.layers[layer].parameters?.histogram = histogram
        }
    }

    private static func grown(_ deviation: (Double) -> Double) -> SyntheticRun {
        run.changed { $0.layers[0].parameters = SyntheticRun.summary(deviation($1.share)) }
    }

    private static let parameters: [AdviceCase] = [
        AdviceCase(
            .parametersNotFinite, layer: "output", since: 10...20,
            sick: parameters(1) { $0.nonFinite = $1.share > 0 ? 3 : 0 }, sound: run),
        AdviceCase(
            .parametersGrowing, layer: "input", since: 250...600, sick: grown { 0.2 * exp(8 * $0) },
            sound: grown { 0.1 + 0.4 * $0 }),
        AdviceCase(
            .parametersGrowing, layer: "input", sick: grown { exp(6 * $0) }.foreign, sound: grown { 1 + 9 * $0 }.foreign
        ),
        AdviceCase(
            .parametersOutliers, layer: "input",
            sick: parameters(0) { histogram, _ in
                histogram.high *= 10
                histogram.counts = [40_000, 20_000, 4_000] + Array(repeating: 0, count: 16) + [1]
            },
            // As far out, with all between: a heavy tail.
            sound: parameters(0) { histogram, _ in
                histogram.high *= 10
                histogram.counts = (0..<20).map { (9_000 >> $0) + 1 }
            }),
        AdviceCase(
            .parametersShape, layer: "output",
            sick: parameters(1) { histogram, _ in histogram.counts = (0..<20).map { (9_000 >> $0) + 1 } }, sound: run),
        AdviceCase(.parametersGood, layer: "input", sick: run, sound: run.first(0.05)),
    ]

    private static let learningRate: [AdviceCase] = [
        AdviceCase(
            .learningRateOffSchedule, since: 300...320,
            sick: run.changed { if $1.share > 0.3 { $0.learningRate = 0.025 } },
            sound: run),
        AdviceCase(
            .learningRateFlat, since: 0...0, sick: run.options(["minLearningRate": 0.024]), sound: run),
        AdviceCase(
            .learningRateZeroEarly, since: 400...420,
            sick: run.first(0.6).changed { if $1.index >= 40 { $0.learningRate = 1e-6 } }, sound: run),
        AdviceCase(.learningRateGood, sick: run, sound: run.first(0.05)),
    ]

    private static func spread(_ deviation: @escaping (Double) -> Double) -> SyntheticRun {
        tsne.changed { $0.layers[0].parameters = SyntheticRun.summary(deviation($1.share)) }
    }

    private static func moving(_ ratio: @escaping (Int) -> Double) -> SyntheticRun {
        tsne.changed { report, _ in
            let spread = report.layers[0].parameters?.standardDeviation ?? 0
            report.layers[0].updates = SyntheticRun.summary(spread * ratio(report.iteration))
        }
    }

    private static let map: [AdviceCase] = [
        AdviceCase(.mapNotSpreading, since: 0...0, sick: spread { 1e-4 + 1e-3 * $0 }, sound: tsne),
        AdviceCase(.mapScattered, since: 10...10, sick: spread { 10_000 * $0 }, sound: tsne),
        AdviceCase(
            .mapRestless, since: 460...460, sick: moving { _ in 0.03 },
            sound: moving { $0 < 400 ? 0.03 : 0.005 }),
        AdviceCase(
            .mapRestless, since: 130...130,
            sick: moving { $0 < 250 ? 0.8 : 0.005 }.options(["learningRate": 10_000]),
            // The automatic rate begins with long steps as well.
            sound: moving { $0 < 250 ? 0.8 : 0.005 }),
        AdviceCase(
            .mapRestless, sick: moving { $0 < 250 ? 0.8 : 0.005 }.options(["learningRate": 10_000]),
            // Drawn into one place, which a map of few points survives.
            sound: moving { $0 < 250 ? 0.8 : 0.005 }.options(["learningRate": 200]).changed {
                if $1.index < 25 {
                    $0.layers[0].parameters = SyntheticRun.summary(1e-18)
                    $0.layers[0].updates = SyntheticRun.summary(0.8e-18)
                }
            }),
        AdviceCase(
            .perplexityHigh, sick: tsne.options(["perplexity": 150]), sound: tsne.options(["perplexity": 50])),
        AdviceCase(.perplexityLow, sick: tsne.options(["perplexity": 2]), sound: tsne.options(["perplexity": 10])),
        AdviceCase(.perplexityHigh, sick: tsne.options(["perplexity": 600]), sound: tsne.options(["perplexity": 100])),
        AdviceCase(.mapGood, sick: tsne, sound: tsne.first(0.2)),
    ]

    private static func silent(_ seconds: Double) -> SyntheticRun {
        var silent = run.first(0.5)
        silent.silentSeconds = seconds
        return silent
    }

    private static let system: [AdviceCase] = [
        AdviceCase(
            .memoryNearLimit, since: 700...720,
            sick: run.changed { if $1.share > 0.7 { $0.memory?.resident = 15_000_000_000 } }, sound: run),
        AdviceCase(
            .memoryNearLimit, since: 500...520,
            sick: run.changed { if $1.share > 0.5 { $0.memory?.available = 100_000_000 } },
            // 0 means that it is not known.
            sound: run.changed { report, _ in report.memory?.available = 0 }),
        AdviceCase(.memoryGood, sick: run, sound: run.changed { report, _ in report.memory = nil }),
        AdviceCase(
            .recordsLost, since: 600...600, sick: run.changed { if $1.index >= 60 { $0.observer.router?.lost = 7 } },
            sound: run),
        AdviceCase(
            .recordsWaiting, since: 900...900,
            sick: run.changed { if $1.index >= 90 { $0.observer.router?.spilled = 70 } },
            sound: run.changed { if $1.index >= 50, $1.index < 90 { $0.observer.router?.spilled = 70 } }),
        AdviceCase(
            .listenerCostly, sick: run.changed { report, _ in report.observer.listenerSeconds *= 50 }, sound: run),
        AdviceCase(
            .threadsUneven,
            sick: run.changed { report, _ in report.performance?.unitsPerSecondByThread = [50_000, 9_000] },
            sound: run.changed { if $1.index == 50 { $0.performance?.unitsPerSecondByThread = [50_000, 9_000] } }),
        AdviceCase(
            .processorsIdle, since: 10...10,
            sick: run.changed { report, _ in report.performance?.processorsBusy = 0.7 },
            sound: run.changed { if $1.index > 95 { $0.performance?.processorsBusy = 0.7 } }),
        AdviceCase(.runSilent, since: 490...490, sick: silent(90), sound: silent(10)),
        AdviceCase(.systemGood, sick: run, sound: run.first(0.02)),
    ]
}
