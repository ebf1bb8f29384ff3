internal import Foundation
internal import TrainingStats

/// The map of t-SNE while it is optimised.
enum MapRules {
    /// Standard deviation of the coordinates that a map has long passed when the exaggeration ends.
    static let leastSpread = 0.5
    /// Standard deviation of the coordinates over the square root of the number of points, above which points fly apart.
    static let largestSpread = 5.0

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model == .tsne, let layer = evidence.layers.first else { return [] }
        return [notSpreading(evidence, layer) ?? scattered(evidence, layer), perplexity(evidence)].compactMap { $0 }
    }

    /// The points have not left their start, where they lie within 1e-4: the steps are too short.
    private static func notSpreading(_ evidence: Evidence, _ layer: String) -> Advice? {
        let end = max(evidence.exaggerationEnd, 100)
        let spread = evidence.line(layer, .parameters)
        guard let last = spread.last, last.iteration >= end, let first = spread.first,
            spread.filtered({ $0 >= end }).holdsSince(least: 1, { $0.mean < leastSpread }) != nil
        else { return nil }
        return Advice(
            .mapNotSpreading, layer: layer, since: first.iteration,
            ["spread": last.mean].merging(ScoreRules.rates(evidence, factor: 1)) { $1 })
    }

    /// Points fly apart: the steps are too long.
    private static func scattered(_ evidence: Evidence, _ layer: String) -> Advice? {
        guard let points = evidence.points else { return nil }
        let spread = evidence.line(layer, .parameters)
        let limit = largestSpread * points.squareRoot()
        guard let last = spread.last, let since = spread.holdsSince(least: 3, { $0.mean > limit }) else { return nil }
        return Advice(
            .mapScattered, layer: layer, since: since,
            ["spread": last.mean, "limit": limit].merging(ScoreRules.rates(evidence, factor: 0.1)) { $1 })
    }

    /// Van der Maaten and Hinton 2008, section 2: typical values are between 5 and 50. Smaller ones tear the map into
    /// islets; a large share of the points leaves no neighbourhood to speak of.
    private static func perplexity(_ evidence: Evidence) -> Advice? {
        guard let perplexity = evidence.option("perplexity"), let points = evidence.points else { return nil }
        if perplexity < 5, points > 100 {
            return Advice(.perplexityLow, ["perplexity": perplexity, "suggested": 30])
        }
        if perplexity > points / 5, points > 20 {
            let suggested = max(5, min(30, (points / 15).rounded()))
            return Advice(
                .perplexityHigh, ["perplexity": perplexity, "points": points, "suggested": suggested])
        }
        return nil
    }
}
