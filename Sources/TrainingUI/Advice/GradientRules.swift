internal import TrainingStats

/// Gradients that grow instead of shrinking. DL4J's page speaks of exploding gradients with the peaks of the ratio and
/// the histogram of updates; its overview draws their standard deviation.
enum GradientRules {
    /// Growth over the level of the run's calmest part that counts as exploding.
    static let explodingFactor = 10.0

    static func advice(_ evidence: Evidence) -> [Advice] {
        if evidence.model == .tsne {
            let end = evidence.exaggerationEnd
            let norm = evidence.line("gradientNorm").filtered { $0 > end }
            return [exploding(evidence, evidence.mapLayer, norm)].compactMap { $0 }
        }
        return evidence.layers.compactMap { exploding(evidence, $0, evidence.line($0, .gradients)) }
    }

    private static func exploding(_ evidence: Evidence, _ layer: String, _ line: Line) -> Advice? {
        // Output rows begin as zeros, and with them the gradients of the input rows.
        let line = Line(Array(line.samples.dropFirst(line.count / 10)))
        guard line.count >= 10 else { return nil }
        let smooth = line.smoothed(reach: 2)
        guard let calmest = smooth.indices.min(by: { smooth[$0] < smooth[$1] }) else { return nil }
        let usual = smooth[calmest]
        let after = Line(Array(line.samples[calmest...]))
        guard usual > 0, let since = after.holdsSince(least: 5, { $0.mean > explodingFactor * usual }),
            !hasFallen(evidence.line("score"), since: since)
        else { return nil }
        return Advice(
            .gradientsExploding, layer: layer, since: since,
            ["usual": usual, "now": after.tail(0.1).median].merging(ScoreRules.rates(evidence, factor: 0.2)) { $1 })
    }

    /// Whether the score has fallen since then: if so, what grows is the signal, as in a skip-gram model whose output rows
    /// have just left 0, or in a map that unfolds from one place.
    private static func hasFallen(_ score: Line, since iteration: Int) -> Bool {
        guard let before = score.samples.last(where: { $0.iteration <= iteration }) ?? score.first else { return false }
        return score.tail(0.1).median < before.mean
    }
}
