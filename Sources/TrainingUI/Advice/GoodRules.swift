internal import TrainingStats

/// What to say beside a chart about which no rule has anything to say: that it looks as it should, and the figures by
/// which that is judged. Nothing is said where there is too little to see.
enum GoodRules {
    /// Points that a line needs before it can be called good.
    private static let enough = 10

    static func advice(_ evidence: Evidence, after found: [Advice]) -> [Advice] {
        /// Whether a chart has nothing to say about a layer (or about the run).
        func isQuiet(_ chart: Advice.Chart, _ layer: String? = nil) -> Bool {
            !found.contains { $0.chart == chart && ($0.layer == layer || $0.layer == nil) }
        }
        var advice: [Advice] = []
        if isQuiet(.score) { advice += score(evidence) }
        for layer in evidence.layers where evidence.model != .tsne {
            if isQuiet(.ratio, layer) { advice += ratio(evidence, layer) }
            if isQuiet(.activations, layer) { advice += activations(evidence, layer) }
            if isQuiet(.gradients, layer) { advice += gradients(evidence, layer, evidence.line(layer, .gradients)) }
            if isQuiet(.updates, layer) { advice += histogram(evidence, layer, .updates, .updatesGood) }
            if isQuiet(.parameters, layer) { advice += histogram(evidence, layer, .parameters, .parametersGood) }
        }
        if evidence.model == .tsne {
            if isQuiet(.gradients) { advice += gradients(evidence, evidence.mapLayer, evidence.line("gradientNorm")) }
            if !found.contains(where: { $0.chart == .map }) { advice += map(evidence) }
        }
        if isQuiet(.learningRate) { advice += learningRate(evidence) }
        if isQuiet(.memory) { advice += memory(evidence) }
        if isQuiet(.system) { advice += system(evidence) }
        return advice
    }

    private static func score(_ evidence: Evidence) -> [Advice] {
        let score = evidence.line("score")
        guard score.count >= enough, let first = score.first, let last = score.last, last.mean < first.mean else {
            return []
        }
        return [Advice(.scoreGood, ["first": first.mean, "score": last.mean])]
    }

    private static func ratio(_ evidence: Evidence, _ layer: String) -> [Advice] {
        let ratio = evidence.earlyRatio(layer)
        guard ratio.count >= enough else { return [] }
        let bounds = evidence.bounds(layer).ratio
        return [
            Advice(
                .ratioGood, layer: layer,
                ["ratio": ratio.tail(0.5).median, "low": bounds.lowerBound, "high": bounds.upperBound])
        ]
    }

    private static func activations(_ evidence: Evidence, _ layer: String) -> [Advice] {
        let line = evidence.line(layer, .activations)
        let bounds = evidence.bounds(layer).activations
        guard line.count >= enough, let last = line.last, last.iteration >= ActivationRules.settling,
            bounds.contains(line.tail(0.1).median)
        else { return [] }
        return [
            Advice(
                .activationsGood, layer: layer,
                ["deviation": last.mean, "low": bounds.lowerBound, "high": bounds.upperBound])
        ]
    }

    private static func gradients(_ evidence: Evidence, _ layer: String, _ line: Line) -> [Advice] {
        guard line.count >= enough, let last = line.last else { return [] }
        return [Advice(.gradientsGood, layer: layer, ["now": last.mean])]
    }

    private static func histogram(
        _ evidence: Evidence, _ layer: String, _ kind: LayerStatistics.Kind, _ rule: Advice.Rule
    ) -> [Advice] {
        guard evidence.line(layer, kind).count >= enough, let latest = evidence.shapes(layer, kind).last,
            latest.iteration >= ActivationRules.settling
        else { return [] }
        return [
            Advice(
                rule, layer: layer,
                ["deviation": latest.shape.standardDeviation, "skewness": latest.shape.skewness])
        ]
    }

    private static func learningRate(_ evidence: Evidence) -> [Advice] {
        let rate = evidence.line("learningRate")
        guard rate.count >= enough, let first = rate.first, let last = rate.last else { return [] }
        return [Advice(.learningRateGood, ["rate": first.mean, "now": last.mean])]
    }

    private static func map(_ evidence: Evidence) -> [Advice] {
        guard let layer = evidence.layers.first, let last = evidence.line(layer, .parameters).last,
            last.iteration >= max(evidence.exaggerationEnd, 100)
        else { return [] }
        return [Advice(.mapGood, layer: layer, ["spread": last.mean])]
    }

    private static func memory(_ evidence: Evidence) -> [Advice] {
        guard let memory = evidence.latest?.memory, memory.resident > 0,
            let all = evidence.input.info?.hardware?.memory, all > 0
        else { return [] }
        return [
            Advice(
                .memoryGood,
                ["resident": Double(memory.resident) / 1e9, "percent": 100 * Double(memory.resident) / Double(all)])
        ]
    }

    private static func system(_ evidence: Evidence) -> [Advice] {
        guard let latest = evidence.latest, latest.elapsedSeconds >= 5 else { return [] }
        let threads = Double(max(1, evidence.input.info?.model?.threads ?? 1))
        let percent = 100 * latest.observer.listenerSeconds / (latest.elapsedSeconds * threads)
        return [Advice(.systemGood, ["percent": percent])]
    }
}
