/// Says what a run's charts mean and what to change: the rules of DL4J's tuning guide, with bounds measured on skip-gram
/// models and maps.
///
/// A rule looks at a series of up to 1,024 points and at 64 reports; all of them together take a few milliseconds.
/// Rules are careful: they need some points, and a condition must last, before they speak.
public enum Advisor {
    /// Everything there is to say about a run: what matters most first, then in the order of the charts. A chart beside
    /// which no rule has anything to say gets one that says so, when there is enough to see.
    public static func advice(for input: AdviceInput) -> [Advice] {
        let evidence = Evidence(input)
        var advice: [Advice] = []
        for rules in families { advice += rules(evidence) }
        advice += GoodRules.advice(evidence, after: advice)
        let order = Dictionary(uniqueKeysWithValues: zip(Advice.Chart.allCases, 0...))
        // The sort must be stable: layers keep the order of the model.
        return advice.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.severity != other.severity { return one.severity > other.severity }
            if one.chart != other.chart { return (order[one.chart] ?? 0) < (order[other.chart] ?? 0) }
            return left.offset < right.offset
        }.map(\.element)
    }

    private static let families: [@Sendable (Evidence) -> [Advice]] = [
        FiniteRules.advice, ScoreRules.advice, TextRules.advice, DivergenceRules.advice, RatioRules.advice,
        ActivationRules.advice, GradientRules.advice, UpdateRules.advice, ParameterRules.advice,
        LearningRateRules.advice, MapRules.advice, SystemRules.advice,
    ]
}
