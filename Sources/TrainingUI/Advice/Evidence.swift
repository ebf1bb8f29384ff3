internal import Foundation
internal import Training
internal import TrainingStats

/// A run as the rules see it: lines by name, the options in force, the bounds that fit its kind of model.
struct Evidence {
    /// What is trained.
    enum Model: Equatable {
        case skipGram
        case tsne
        /// Somebody else's trainer; dense layers are assumed, as on DL4J's page.
        case other
    }

    /// Reports with histograms that are looked at.
    static let sampleLimit = 64
    /// Layers that are looked at, so that a hostile record costs no more than a real one.
    private static let layerLimit = 64

    let input: AdviceInput
    let model: Model
    /// Names of the layers, in the model's order.
    let layers: [String]
    private let options: [String: Double]

    init(_ input: AdviceInput) {
        var input = input
        let step = input.samples.count / (Self.sampleLimit + 1) + 1
        input.samples = stride(from: 0, to: input.samples.count, by: step).map { input.samples[$0] }
        self.input = input
        switch input.info?.model?.modelClass {
        case "Word2Vec": model = .skipGram
        case "BarnesHutTsne": model = .tsne
        default: model = .other
        }
        let described = input.info?.model?.layers.map(\.name) ?? []
        let reported = input.latest?.layers.map(\.name) ?? []
        layers = Array((described.isEmpty ? reported : described).prefix(Self.layerLimit))
        options = Self.numbers(in: input.info?.model?.configuration ?? "")
    }

    /// The options that are numbers or switches (1 and 0), by name.
    private static func numbers(in json: String) -> [String: Double] {
        guard json.utf8.count < 1 << 20,
            let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        else { return [:] }
        return object.compactMapValues { ($0 as? NSNumber)?.doubleValue }
    }

    /// The name of the one layer of t-SNE, whose gradient has a norm.
    var mapLayer: String { layers.first ?? "map" }

    /// The value of an option of the run's configuration; `nil` when it has none.
    func option(_ name: String) -> Double? { options[name] }

    /// The line of a scalar, by its name in `StatsReport.scalars`.
    func line(_ name: String) -> Line { Line(input.series, name) }

    /// The line of one statistic of a layer.
    func line(_ layer: String, _ kind: LayerStatistics.Kind, _ statistic: String = "standardDeviation") -> Line {
        line("layer/\(layer)/\(kind.rawValue)/\(statistic)")
    }

    /// Bounds for a layer's statistics.
    func bounds(_ layer: String) -> Bounds {
        switch model {
        case .skipGram:
            layer == layers.first
                ? .skipGramInput(
                    dimensions: rowLength(layer), hierarchicalSoftmax: option("hierarchicalSoftmax") == 1)
                : .skipGramOutput(hierarchicalSoftmax: option("hierarchicalSoftmax") == 1)
        case .tsne: .tsne
        case .other: .dense
        }
    }

    /// Numbers in a row of the layer's table: the last part of its shape.
    func rowLength(_ layer: String) -> Double {
        let shape = input.info?.model?.layers.first { $0.name == layer }?.shape
        return Double(max(1, shape?.last ?? 1))
    }

    /// Points on the map: rows of the first layer, or labels; `nil` when not known.
    var points: Double? {
        guard let model = input.info?.model else { return nil }
        let count = max(model.layers.first?.shape.first ?? 0, model.labels.count)
        return count > 0 ? Double(count) : nil
    }

    /// The latest report.
    var latest: StatsReport? { input.latest ?? input.samples.last }

    /// Share of the planned work that is done.
    var fraction: Double {
        guard let latest, latest.totalUnits > 0 else { return 0 }
        return min(1, max(0, Double(latest.completedUnits) / Double(latest.totalUnits)))
    }

    /// Whether the run has ended.
    var isOver: Bool { latest?.isLast ?? false }

    /// Iteration from which the learning rate is under a quarter of its highest value: steps are small then because the
    /// schedule says so. `Int.max` before.
    var lateIteration: Int { iteration(whereRateFallsTo: 0.25) }

    /// A layer's ratio while the learning rate is at least half of its highest; without iteration 0, where the rows of an
    /// output table are 0 and have none.
    func earlyRatio(_ layer: String) -> Line {
        let half = iteration(whereRateFallsTo: 0.5)
        return line("layer/\(layer)/ratio").filtered { $0 > 0 && $0 < half }
    }

    /// The first iteration after the learning rate was last at a share of its highest value; `Int.max` before.
    private func iteration(whereRateFallsTo share: Double) -> Int {
        let rates = line("learningRate").samples
        guard model == .skipGram, let highest = rates.map(\.high).max() else { return .max }
        return rates.last { $0.mean >= highest * share }.map { last in
            rates.first { $0.iteration > last.iteration }?.iteration ?? .max
        } ?? .max
    }

    /// The learning rate with which the run began.
    var firstLearningRate: Double? {
        option("learningRate") ?? line("learningRate").first?.mean
    }

    /// The iteration at which t-SNE's early exaggeration ends.
    var exaggerationEnd: Int {
        guard let end = option("stopLyingIteration"), end >= 0, end < 1e9 else { return 0 }
        return Int(end)
    }

    /// The summaries of a layer in the sampled reports and the latest, oldest first.
    func summaries(
        _ layer: String, _ kind: LayerStatistics.Kind
    ) -> [(summary: LayerStatistics.Summary, iteration: Int)] {
        var reports = input.samples
        if let latest = input.latest, latest.iteration > (reports.last?.iteration ?? -1) { reports.append(latest) }
        return reports.compactMap { report in
            report.layers.first { $0.name == layer }?[kind].map { ($0, report.iteration) }
        }
    }

    /// The shapes of a layer's histograms over the run, oldest first.
    func shapes(_ layer: String, _ kind: LayerStatistics.Kind) -> [(shape: HistogramShape, iteration: Int)] {
        summaries(layer, kind).compactMap { summary, iteration in
            summary.histogram.flatMap(HistogramShape.init).map { ($0, iteration) }
        }
    }
}
