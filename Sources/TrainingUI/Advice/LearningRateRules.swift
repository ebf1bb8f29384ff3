internal import TrainingStats

/// The learning rate over the iterations. DL4J's page: flat without a schedule; with one, the chart shows whether it is
/// followed. Word2Vec's falls linearly with the words done.
enum LearningRateRules {
    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model == .skipGram else { return [] }
        let rate = evidence.line("learningRate")
        guard rate.count >= 10 else { return [] }
        return [flat(evidence, rate) ?? zeroEarly(evidence, rate) ?? offSchedule(evidence, rate)].compactMap { $0 }
    }

    /// The schedule itself is flat: the last steps are as rough as the first.
    private static func flat(_ evidence: Evidence, _ rate: Line) -> Advice? {
        guard let first = evidence.option("learningRate"), let last = evidence.option("minLearningRate"),
            last > 0.5 * first
        else { return nil }
        return Advice(
            .learningRateFlat, since: rate.first?.iteration,
            ["rate": first, "end": last, "suggested": suggestion(near: first / 250)])
    }

    /// A rate near 0 although much of the work is left: what follows changes nothing.
    private static func zeroEarly(_ evidence: Evidence, _ rate: Line) -> Advice? {
        guard let first = evidence.firstLearningRate, evidence.fraction < 0.9,
            let since = rate.holdsSince(least: 5, { $0.mean <= 1e-3 * first })
        else { return nil }
        return Advice(.learningRateZeroEarly, since: since, ["percent": 100 * evidence.fraction, "rate": first])
    }

    /// Not the line from `learningRate` to `minLearningRate` over the planned words.
    private static func offSchedule(_ evidence: Evidence, _ rate: Line) -> Advice? {
        guard let first = evidence.option("learningRate"), let last = evidence.option("minLearningRate"),
            let total = evidence.input.info?.model.map({ Double($0.totalUnits) }), total > 0
        else { return nil }
        let done = evidence.line("completedUnits")
        guard done.count == rate.count else { return nil }
        let errors = zip(rate.samples, done.samples).map { rate, done in
            let share = min(1, max(0, done.mean / total))
            return Line.Sample(
                iteration: rate.iteration, mean: abs(rate.mean - (first - (first - last) * share)), low: 0, high: 0)
        }
        guard let since = Line(errors).holdsSince(least: 5, { $0.mean > 0.05 * first }), let now = rate.last else {
            return nil
        }
        return Advice(.learningRateOffSchedule, since: since, ["now": now.mean, "rate": first, "end": last])
    }
}
