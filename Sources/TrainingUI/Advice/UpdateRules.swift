internal import TrainingStats

/// The histogram of updates. DL4J's page: it becomes bell-shaped; very large values are an exploding gradient, which
/// spoils the parameters.
enum UpdateRules {
    /// The largest update over the standard deviation of the parameters, above which it spoils them.
    static let hugeFactor = 1.0
    /// Share of the reports that have one, above which it is no accident.
    static let hugeShare = 0.4
    /// Skewness above which updates pull to one side.
    static let skewness = 3.0

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model != .tsne else { return [] }
        return evidence.layers.compactMap { layer in
            zero(evidence, layer) ?? huge(evidence, layer) ?? skewed(evidence, layer)
        }
    }

    /// Nothing is added to a layer any more: its rate is 0, or its gradient has vanished.
    private static func zero(_ evidence: Evidence, _ layer: String) -> Advice? {
        let late = evidence.lateIteration
        let magnitude = evidence.line(layer, .updates, "meanMagnitude").filtered { $0 > 0 && $0 < late }
        guard let since = magnitude.holdsSince(least: 5, { $0.mean == 0 }) else { return nil }
        return Advice(.updatesZero, layer: layer, since: since, ScoreRules.rates(evidence, factor: 1))
    }

    /// "Watch for abnormally large values."
    private static func huge(_ evidence: Evidence, _ layer: String) -> Advice? {
        var since: Int?
        var worst = (update: 0.0, deviation: 0.0)
        var huge: [Bool] = []
        for report in evidence.input.samples where report.iteration > 0 {
            guard let found = report.layers.first(where: { $0.name == layer }), let update = found.updates?.histogram,
                let deviation = found.parameters?.standardDeviation, deviation.isFinite, deviation > 0
            else { continue }
            let largest = max(abs(update.low), abs(update.high))
            huge.append(largest > hugeFactor * deviation)
            guard largest > hugeFactor * deviation else { continue }
            since = since ?? report.iteration
            if largest / deviation > worst.update / max(worst.deviation, 1e-300) { worst = (largest, deviation) }
        }
        let count = huge.count { $0 }
        // All over the run, or since a short while.
        guard let since, count >= 3,
            Double(count) >= hugeShare * Double(huge.count) || huge.suffix(10).count(where: { $0 }) >= 8
        else { return nil }
        return Advice(
            .updatesHuge, layer: layer, since: since,
            ["update": worst.update, "deviation": worst.deviation, "reports": Double(count)].merging(
                ScoreRules.rates(evidence, factor: 0.2)
            ) { $1 })
    }

    /// Not the same on both sides, report after report: the layer is pulled one way.
    private static func skewed(_ evidence: Evidence, _ layer: String) -> Advice? {
        let recent = evidence.shapes(layer, .updates).suffix(5)
        guard recent.count == 5, let first = recent.first, let last = recent.last else { return nil }
        let sides = Set(recent.map { $0.shape.skewness > 0 })
        guard sides.count == 1, recent.allSatisfy({ abs($0.shape.skewness) > skewness }) else { return nil }
        return Advice(.updatesSkewed, layer: layer, since: first.iteration, ["skewness": last.shape.skewness])
    }
}
