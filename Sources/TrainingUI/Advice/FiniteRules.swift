internal import TrainingStats

/// Values that are NaN or infinite: the end of what DL4J's page calls heading to ±infinity. DL4J sends them to its charts
/// as 0, so that divergence looks like a perfect score.
enum FiniteRules {
    static func advice(_ evidence: Evidence) -> [Advice] {
        var advice: [Advice] = []
        func check(_ rule: Advice.Rule, _ layer: String?, _ lines: [Line], _ extra: Int? = nil) {
            let first = (lines.compactMap(\.firstNonFinite) + (extra.map { [$0] } ?? [])).min()
            guard let first else { return }
            advice.append(Advice(rule, layer: layer, since: first, ScoreRules.rates(evidence, factor: 0.1)))
        }
        check(.scoreNotFinite, nil, [evidence.line("score")])
        check(.gradientsNotFinite, evidence.mapLayer, [evidence.line("gradientNorm")])
        let rules: [(LayerStatistics.Kind, Advice.Rule)] = [
            (.activations, .activationsNotFinite), (.gradients, .gradientsNotFinite), (.updates, .updatesNotFinite),
            (.parameters, .parametersNotFinite),
        ]
        for layer in evidence.layers {
            for (kind, rule) in rules {
                let lines = ["mean", "standardDeviation", "meanMagnitude"].map { evidence.line(layer, kind, $0) }
                check(rule, layer, lines, firstInHistograms(evidence, layer, kind))
            }
        }
        return advice
    }

    /// Iteration of the first sampled report whose histogram counts values that are not finite.
    private static func firstInHistograms(_ evidence: Evidence, _ layer: String, _ kind: LayerStatistics.Kind) -> Int? {
        let reports = evidence.input.samples + (evidence.input.latest.map { [$0] } ?? [])
        return reports.first { report in
            (report.layers.first { $0.name == layer }?[kind]?.histogram?.nonFinite ?? 0) > 0
        }?.iteration
    }
}
