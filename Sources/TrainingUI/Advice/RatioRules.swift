/// Mean magnitude of the updates over that of the parameters. DL4J's page: about 1e-3; above 1e-2 the parameters are too
/// unstable, below 1e-4 they learn too slowly; a sudden peak is an exploding gradient. The bounds in force are those of
/// `Bounds`; the ratio is taken over the rows that a step touches.
enum RatioRules {
    /// Times the usual value that count as a peak.
    static let peakFactor = 10.0

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model != .tsne else { return [] }
        let late = evidence.lateIteration
        return evidence.layers.flatMap { layer -> [Advice] in
            // Late steps are small by schedule.
            let ratio = evidence.line("layer/\(layer)/ratio").filtered { $0 > 0 && $0 < late }
            return [level(evidence, layer), peak(evidence, layer, ratio)].compactMap { $0 }
        }
    }

    /// Outside the bounds: the learning rate does not fit.
    private static func level(_ evidence: Evidence, _ layer: String) -> Advice? {
        let ratio = evidence.earlyRatio(layer)
        guard ratio.count >= 10 else { return nil }
        let bounds = evidence.bounds(layer).ratio
        let now = ratio.tail(0.5).median
        var values = ["ratio": now, "low": bounds.lowerBound, "high": bounds.upperBound]
        if now > bounds.upperBound, let since = ratio.holdsSince(least: 5, share: 0.5, { $0.mean > bounds.upperBound })
        {
            values.merge(ScoreRules.rates(evidence, factor: bounds.upperBound / now / 2)) { $1 }
            return Advice(.ratioHigh, layer: layer, since: since, values)
        }
        if now < bounds.lowerBound, let since = ratio.holdsSince(least: 5, share: 0.5, { $0.mean < bounds.lowerBound })
        {
            values.merge(ScoreRules.rates(evidence, factor: min(1e4, 4 * bounds.lowerBound / now))) { $1 }
            return Advice(.ratioLow, layer: layer, since: since, values)
        }
        return nil
    }

    /// "Watch for sudden peaks."
    private static func peak(_ evidence: Evidence, _ layer: String, _ ratio: Line) -> Advice? {
        guard ratio.count >= 20 else { return nil }
        let floor = evidence.bounds(layer).ratio.upperBound
        let peaks = ratio.peaks(factor: peakFactor, floor: floor, skip: 5)
        guard let first = peaks.first, let highest = peaks.max(by: { $0.sample.high < $1.sample.high }) else {
            return nil
        }
        return Advice(
            .ratioPeak, layer: layer, since: first.sample.iteration,
            ["ratio": highest.sample.high, "usual": highest.usual, "peaks": Double(peaks.count)].merging(
                ScoreRules.rates(evidence, factor: 0.5)
            ) { $1 })
    }
}
