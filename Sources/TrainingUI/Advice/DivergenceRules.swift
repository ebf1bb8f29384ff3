internal import TrainingStats

/// The Kullback-Leibler divergence of t-SNE over the iterations: DL4J's rules for a score, for an objective that is
/// exact and without noise. It is looked at after the exaggeration only, because another objective is minimised before.
enum DivergenceRules {
    /// Rise above the lowest value, as a share of it.
    static let riseShare = 0.02
    /// Fall over the last tenth of the iterations, as a share, above which more iterations pay.
    static let fallShare = 0.01
    /// Iterations after the exaggeration without which a map has no clusters yet.
    static let leastIterations = 100

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model == .tsne else { return [] }
        let end = evidence.exaggerationEnd
        let score = evidence.line("score").filtered { $0 > end }
        if let said = exaggerated(evidence) ?? rising(evidence, score) { return [said] }
        // Where points jump about, more iterations are no remedy.
        return MapRules.restless(evidence) == nil ? [falling(evidence, score)].compactMap { $0 } : []
    }

    /// The affinities stay exaggerated to the end, or nearly so: what is drawn is not the map.
    private static func exaggerated(_ evidence: Evidence) -> Advice? {
        guard let iterations = evidence.option("maxIterations"), iterations > 0,
            iterations < Double(evidence.exaggerationEnd + leastIterations)
        else { return nil }
        let end = Double(evidence.exaggerationEnd)
        return Advice(
            .exaggeratedToTheEnd,
            [
                "iterations": iterations, "exaggerated": end, "suggested": max(1000, 4 * end),
            ])
    }

    /// Rising: the steps are so long that points jump over their places.
    private static func rising(_ evidence: Evidence, _ score: Line) -> Advice? {
        guard score.count >= 4, let last = score.last,
            let lowest = score.samples.min(by: { $0.mean < $1.mean }),
            last.mean > (1 + riseShare) * lowest.mean,
            score.holdsSince(
                least: 3, { $0.iteration > lowest.iteration && $0.mean > (1 + riseShare / 2) * lowest.mean })
                != nil
        else { return nil }
        return Advice(
            .divergenceRising, since: lowest.iteration,
            ["lowest": lowest.mean, "score": last.mean].merging(ScoreRules.rates(evidence, factor: 0.1)) { $1 })
    }

    /// Still falling when the iterations are used up: the clusters would go on moving.
    private static func falling(_ evidence: Evidence, _ score: Line) -> Advice? {
        guard evidence.isOver, evidence.fraction == 1, let last = score.last,
            let iterations = evidence.option("maxIterations"), last.mean > 0
        else { return nil }
        let tenth = 0.9 * iterations
        guard let before = score.samples.last(where: { Double($0.iteration) <= tenth }),
            last.iteration > before.iteration
        else { return nil }
        // Per tenth, should the sample before lie further back.
        let tenths = (Double(last.iteration) - Double(before.iteration)) / (0.1 * iterations)
        let fall = (before.mean - last.mean) / last.mean / tenths
        guard fall > fallShare else { return nil }
        return Advice(
            .divergenceStillFalling, since: before.iteration,
            ["percent": 100 * fall, "iterations": iterations, "suggested": 2 * iterations])
    }
}
