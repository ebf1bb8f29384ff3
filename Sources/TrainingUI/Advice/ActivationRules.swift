internal import TrainingStats

/// Standard deviation of the activations. DL4J's page: it settles after some hundred iterations, between 0.5 and 2.0; far
/// outside, activations vanish or explode. What an activation is here stands with the layer: a row of the input table,
/// the logits of sampled pairs.
enum ActivationRules {
    /// Iterations after which they should have settled.
    static let settling = 100
    /// Change of the level over the last third, as a share, above which they have not settled.
    static let unsettledShare = 0.3

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model != .tsne else { return [] }
        return evidence.layers.compactMap { layer in
            let deviation = evidence.line(layer, .activations)
            guard deviation.count >= 10, let last = deviation.last else { return nil }
            let bounds = evidence.bounds(layer).activations
            let values = ["deviation": last.mean, "low": bounds.lowerBound, "high": bounds.upperBound]
            if let since = deviation.holdsSince(least: 5, { $0.mean > bounds.upperBound }) {
                return Advice(
                    .activationsExploding, layer: layer, since: since,
                    values.merging(ScoreRules.rates(evidence, factor: 0.2)) { $1 })
            }
            // All begin small; only who stays so has vanished.
            guard last.iteration >= settling else { return nil }
            if let since = deviation.holdsSince(least: 5, { $0.mean < bounds.lowerBound }) {
                return Advice(
                    .activationsVanishing, layer: layer, since: since,
                    values.merging(ScoreRules.rates(evidence, factor: 10)) { $1 })
            }
            return unsettled(evidence, layer, deviation)
        }
    }

    /// Within the bounds but still on the move when most of the work is done.
    private static func unsettled(_ evidence: Evidence, _ layer: String, _ deviation: Line) -> Advice? {
        guard deviation.count >= 30, deviation.span >= 300, evidence.fraction >= 0.6 else { return nil }
        let blocks = deviation.blocks(9)
        let (before, after) = (blocks[6].mean, blocks[8].mean)
        guard before > 0, abs(after - before) > unsettledShare * before else { return nil }
        return Advice(
            .activationsUnsettled, layer: layer, since: blocks[6].iteration, ["before": before, "deviation": after])
    }
}
