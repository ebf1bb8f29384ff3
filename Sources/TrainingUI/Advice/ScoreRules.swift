internal import Foundation

/// The score over the iterations. DL4J's page: it should fall over time; rising means that the learning rate is too high;
/// flat or very slow, that it is too low; very noisy, that data are not shuffled.
enum ScoreRules {
    /// A skip-gram model that learns is further below the loss of an untrained one than this share of it.
    static let flatShare = 0.02
    /// Noise from one report to the next, as a share of the score, above which it counts as very noisy.
    static let noisyShare = 0.05
    /// Long waves, as a share of the score, above which the order of the text shows.
    static let waveShare = 0.03
    /// The same for what comes back at the same place of each epoch, which chance hardly does.
    static let epochWaveShare = 0.01
    /// Rise from the lowest level, as a share of it.
    static let riseShare = 0.02

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model != .tsne else { return [] }
        let score = evidence.line("score")
        if let above = aboveUntrained(evidence, score) { return [above] }
        let order = comesBack(evidence, score) ?? waves(score)
        // A text whose order shows may end with a part that is harder; that is no learning rate too high.
        let rise = rising(evidence, score, least: max(riseShare, 4 * (order?.swing ?? 0)))
        let shuffle = order.map { Advice(.scoreWaves, since: $0.since, ["percent": 100 * $0.swing]) }
        return [rise ?? flat(evidence, score), shuffle ?? noisy(score)].compactMap { $0 }
    }

    /// The loss of a model that knows nothing: (1 + negative) · ln 2 with negative sampling; with hierarchical softmax
    /// the first that was reported. `nil` for other models.
    static func untrained(_ evidence: Evidence, _ score: Line) -> Double? {
        guard evidence.model == .skipGram else { return nil }
        if evidence.option("hierarchicalSoftmax") == 0, let negative = evidence.option("negative"), negative >= 1 {
            return (1 + negative) * log(2)
        }
        return score.first?.mean
    }

    /// A loss above that of a model that knows nothing: every step makes it worse. Follows from the definition of the
    /// loss.
    private static func aboveUntrained(_ evidence: Evidence, _ score: Line) -> Advice? {
        guard let untrained = untrained(evidence, score), let last = score.last,
            let since = score.holdsSince(least: 3, { $0.mean > 1.02 * untrained })
        else { return nil }
        return Advice(
            .scoreAboveUntrained, since: since,
            ["score": last.mean, "untrained": untrained].merging(rates(evidence, factor: 0.1)) { $1 })
    }

    /// "If the score rises consistently, the learning rate may be too high."
    private static func rising(_ evidence: Evidence, _ score: Line, least: Double) -> Advice? {
        guard score.count >= 20 else { return nil }
        let blocks = score.blocks(10)
        guard let lowest = blocks.indices.min(by: { blocks[$0].mean < blocks[$1].mean }), lowest <= 6,
            let last = blocks.last
        else { return nil }
        let after = blocks[(lowest + 1)...]
        let rise = last.mean - blocks[lowest].mean
        // Steadily: from block to block it goes up, with one exception at most.
        let falls = zip(blocks[lowest...], after).filter { $0.mean >= $1.mean }.count
        let blockNoise = score.noise / (Double(score.count) / 10).squareRoot()
        guard falls <= 1, rise > least * abs(blocks[lowest].mean), rise > 4 * blockNoise else { return nil }
        return Advice(
            .scoreRising, since: blocks[lowest].iteration,
            ["lowest": blocks[lowest].mean, "score": last.mean].merging(rates(evidence, factor: 0.2)) { $1 })
    }

    /// "If it is flat or falls very slowly over some hundred iterations, the learning rate may be too low."
    private static func flat(_ evidence: Evidence, _ score: Line) -> Advice? {
        guard score.count >= 10, let first = score.first, let last = score.last else { return nil }
        let now = score.tail(0.1).median
        if let untrained = untrained(evidence, score) {
            guard last.iteration >= 20, now > (1 - flatShare) * untrained else { return nil }
            return Advice(
                .scoreFlat, since: first.iteration,
                ["score": now, "start": untrained].merging(rates(evidence, factor: 10)) { $1 })
        }
        let blocks = score.blocks(10)
        guard score.span >= 300, blocks.count == 10, abs(blocks[9].mean - blocks[0].mean) <= 0.01 * abs(blocks[0].mean)
        else { return nil }
        return Advice(
            .scoreFlat, since: first.iteration,
            ["score": now, "start": blocks[0].mean].merging(rates(evidence, factor: 10)) { $1 })
    }

    /// "The score differs greatly from one iteration to the next."
    private static func noisy(_ score: Line) -> Advice? {
        guard score.count >= 20 else { return nil }
        let level = abs(score.median)
        guard level > 0, score.noise > noisyShare * level else { return nil }
        return Advice(.scoreNoisy, since: score.first?.iteration, ["percent": 100 * score.noise / level])
    }

    /// "Data that are not shuffled enough make the score rough": a text that changes as it goes on moves the score in
    /// waves much longer than a report.
    private static func waves(_ score: Line) -> (swing: Double, since: Int)? {
        guard score.count >= 60 else { return nil }
        // The fall at the beginning is no wave.
        let steady = Line(Array(score.samples.dropFirst(score.count / 4)))
        let blocks = steady.blocks(15)
        let residuals = LinearFit(blocks.map(\.mean)).residuals
        let level = abs(steady.median)
        let swing = (residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)).squareRoot() / level
        let blockNoise = steady.noise / (Double(steady.count) / 15).squareRoot() / level
        let turns = LinearFit.turns(residuals, above: swing * level / 2)
        guard swing.isFinite, swing > waveShare, swing > 4 * blockNoise, turns >= 2, let first = steady.first else {
            return nil
        }
        return (swing, first.iteration)
    }

    /// The same waves again in each epoch: much smaller ones are seen so.
    private static func comesBack(_ evidence: Evidence, _ score: Line) -> (swing: Double, since: Int)? {
        guard let course = EpochCourse(evidence, score), course.swing > epochWaveShare,
            course.swing > 2.5 * course.noise
        else { return nil }
        return (course.swing, course.second)
    }

    /// The learning rate and one to try instead; places that no value fills would be seen.
    static func rates(_ evidence: Evidence, factor: Double) -> [String: Double] {
        let rate = evidence.firstLearningRate ?? .nan
        return ["rate": rate, "suggested": suggestion(near: rate * factor)]
    }
}
