internal import Foundation
internal import TrainingStats

/// The map of t-SNE while it is optimised.
enum MapRules {
    /// Standard deviation of the coordinates that a map has long passed when the exaggeration ends.
    static let leastSpread = 0.5
    /// Standard deviation of the coordinates over the square root of the number of points, above which points fly apart.
    static let largestSpread = 2.0
    /// Length of a step over the extent of the map, at the end, above which the points never come to rest.
    static let restlessRatio = 1e-2
    /// The same in the second half of the exaggeration, with a learning rate that was chosen by hand.
    static let restlessStartRatio = 0.5
    /// Largest perplexity that a map of any size bears, and the share of the points that it may be above that.
    static let largestPerplexity = (any: 100.0, share: 0.025)

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model == .tsne, let layer = evidence.layers.first else { return [] }
        return [
            notSpreading(evidence, layer) ?? scattered(evidence, layer) ?? restless(evidence), perplexity(evidence),
        ].compactMap { $0 }
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

    /// Steps so long that points jump over their places: as long as the whole map while it forms, or still a good part of
    /// it at the end.
    static func restless(_ evidence: Evidence) -> Advice? {
        guard evidence.model == .tsne, let layer = evidence.layers.first else { return nil }
        let end = evidence.exaggerationEnd
        let ratio = evidence.line("layer/\(layer)/ratio")
        let late = ratio.filtered { $0 > end + 200 }
        func said(_ line: Line, since: Int) -> Advice {
            Advice(
                .mapRestless, layer: layer, since: since,
                ["percent": 100 * line.tail(0.2).median].merging(ScoreRules.rates(evidence, factor: 0.1)) { $1 })
        }
        if let since = late.holdsSince(least: 5, { $0.mean > restlessRatio }) { return said(late, since: since) }
        // AdaGrad begins with long steps and shortens them by itself; so does the automatic rate.
        guard evidence.option("learningRate") != nil, evidence.option("useAdaGrad") != 1 else { return nil }
        let forming = ratio.filtered { $0 > end / 2 && $0 < end }
        // A map that the exaggeration draws into one place moves by as much as it is wide, and unfolds afterwards.
        let spread = evidence.line(layer, .parameters).filtered { $0 > end / 2 && $0 < end }
        guard forming.count >= 5, forming.median > restlessStartRatio, spread.median > leastSpread,
            let first = forming.first
        else { return nil }
        return said(forming, since: first.iteration)
    }

    /// Van der Maaten and Hinton 2008, section 2: typical values are between 5 and 50. Smaller ones tear the map into
    /// islets; a large share of the points leaves no neighbourhood to speak of.
    private static func perplexity(_ evidence: Evidence) -> Advice? {
        guard let perplexity = evidence.option("perplexity"), let points = evidence.points else { return nil }
        if perplexity < 5, points > 100 {
            return Advice(.perplexityLow, ["perplexity": perplexity, "suggested": 30])
        }
        let (any, share) = largestPerplexity
        if perplexity > min(points / 5, max(any, share * points)), points > 20 {
            let suggested = max(5, min(30, (points / 15).rounded()))
            return Advice(
                .perplexityHigh, ["perplexity": perplexity, "points": points, "suggested": suggested])
        }
        return nil
    }
}
