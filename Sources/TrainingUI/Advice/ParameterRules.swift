internal import TrainingStats

/// The parameters and their histogram. DL4J's page: it becomes bell-shaped after a while; parameters that head to
/// ±infinity mean a learning rate too high (or too little regularisation, of which skip-gram has none).
enum ParameterRules {
    /// Standard deviations without any parameter, beyond which others lie apart.
    static let outlierGap = 3.0

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model != .tsne else { return [] }
        return evidence.layers.compactMap { layer in
            growing(evidence, layer) ?? outliers(evidence, layer) ?? shape(evidence, layer)
        }
    }

    /// Heading to infinity: rows longer than any healthy run makes them, or growth that gets faster and faster.
    private static func growing(_ evidence: Evidence, _ layer: String) -> Advice? {
        let deviation = evidence.line(layer, .parameters)
        guard deviation.count >= 5, let last = deviation.last else { return nil }
        let rates = ScoreRules.rates(evidence, factor: 0.2)
        let root = evidence.rowLength(layer).squareRoot()
        let limit = evidence.bounds(layer).rowLength
        if let since = deviation.holdsSince(least: 3, { $0.mean * root > limit }) {
            return Advice(
                .parametersGrowing, layer: layer, since: since,
                ["deviation": last.mean, "length": last.mean * root].merging(rates) { $1 })
        }
        guard evidence.model == .other, deviation.count >= 20 else { return nil }
        let blocks = deviation.blocks(5)
        let factors = zip(blocks, blocks.dropFirst()).map { $1.mean / $0.mean }
        // Twice as large from fifth to fifth, and never slower.
        guard factors.count == 4, factors.suffix(3).allSatisfy({ $0 > 2 }), factors[3] >= 0.9 * factors[2] else {
            return nil
        }
        return Advice(
            .parametersGrowing, layer: layer, since: blocks[1].iteration,
            ["deviation": last.mean, "length": last.mean * root].merging(rates) { $1 })
    }

    /// A few parameters far outside all others, with nothing between: a heavy tail without a gap is a matter of `shape`.
    private static func outliers(_ evidence: Evidence, _ layer: String) -> Advice? {
        let limit = evidence.bounds(layer).parameterReach
        func reach(_ summary: LayerStatistics.Summary) -> Double? {
            guard let histogram = summary.histogram, let mean = summary.mean, let deviation = summary.standardDeviation,
                deviation > 0, histogram.valuesApart(gap: outlierGap * deviation) > 0
            else { return nil }
            let reach = max(histogram.high - mean, mean - histogram.low) / deviation
            return reach > limit ? reach : nil
        }
        guard let found = lasting(evidence.summaries(layer, .parameters).map { (reach($0.summary), $0.iteration) })
        else { return nil }
        return Advice(.parametersOutliers, layer: layer, since: found.since, ["reach": found.newest])
    }

    /// Neither symmetric nor bell-shaped after a while: in a skip-gram model, most rows still stand where they began.
    private static func shape(_ evidence: Evidence, _ layer: String) -> Advice? {
        let bounds = evidence.bounds(layer)
        let shapes = evidence.shapes(layer, .parameters).map { shape, iteration in
            let isOdd = abs(shape.skewness) > bounds.skewness || shape.excessKurtosis > bounds.kurtosis
            return (isOdd ? shape : nil, iteration)
        }
        guard let found = lasting(shapes) else { return nil }
        return Advice(
            .parametersShape, layer: layer, since: found.since,
            [
                "skewness": found.newest.skewness, "kurtosis": found.newest.excessKurtosis,
                "rate": evidence.firstLearningRate ?? .nan,
            ])
    }

    /// What was found in each of the last reports, at least 4 in a row and after the beginning.
    private static func lasting<Found>(_ reports: [(found: Found?, iteration: Int)]) -> (newest: Found, since: Int)? {
        let last = reports.reversed().prefix { $0.found != nil }
        guard last.count >= 4, let newest = last.first, let oldest = last.last, let found = newest.found,
            newest.iteration >= ActivationRules.settling
        else { return nil }
        return (found, oldest.iteration)
    }
}
