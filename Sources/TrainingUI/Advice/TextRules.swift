internal import TrainingStats

/// What the run itself shows about the text: too little of it, or frequent words that take all the time. They explain a
/// slow score that no learning rate mends ("the optimisation may be hard", as DL4J's page puts it).
enum TextRules {
    /// Words, over all epochs, under which vectors stay vague unless they are read again (docs/tuning.md has what was measured).
    static let fewWords = 5_000_000.0
    /// Words in all from which subsampling saves time worth speaking of.
    static let manyWords = 5_000_000.0

    static func advice(_ evidence: Evidence) -> [Advice] {
        guard evidence.model == .skipGram, let words = evidence.input.info?.model.map({ Double($0.totalUnits) }),
            words > 0
        else { return [] }
        return [little(evidence, words), unsampled(evidence, words)].compactMap { $0 }
    }

    /// Few words to train on: more passes replace some of what is missing.
    private static func little(_ evidence: Evidence, _ words: Double) -> Advice? {
        guard words < fewWords, let epochs = evidence.option("epochs"), epochs >= 1, epochs < 15 else { return nil }
        return Advice(.littleText, ["words": words, "epochs": epochs, "suggested": 15])
    }

    /// Mikolov et al. 2013, section 2.3: subsampling of frequent words is 2 to 10 times as fast and gives better vectors.
    private static func unsampled(_ evidence: Evidence, _ words: Double) -> Advice? {
        guard words >= manyWords, evidence.option("sample") == 0 else { return nil }
        return Advice(.nothingSubsampled, ["suggested": 0.001])
    }
}
