extension WordEmbeddingError {
    /// No line of the text has two words to train on; names what a line can lose.
    static func nothingToTrain(_ configuration: Word2Vec.Configuration) -> WordEmbeddingError {
        let lost =
            configuration.sample > 0
            ? "words rarer than \(configuration.minCount) and, by the sample threshold \(configuration.sample), frequent "
                + "ones are left out"
            : "words rarer than \(configuration.minCount) are left out"
        return .nothingToTrain(
            reason: "no line has two words left to train on: a line is a sentence, and \(lost)")
    }
}
