import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v train` for what is predicted from what.
struct ObjectiveOptions: ParsableArguments {
    @Flag(help: "Continuous bag of words: the mean of the words around predicts the word. (default: skip-gram)")
    var cbow = false

    @Option(help: "Largest distance between a word and its context.")
    var window = 5

    @Flag(help: "Use the whole window for each word, not a part of it that is drawn anew. (default: off)")
    var wholeWindow = false

    @Option(help: "Threshold for leaving out occurrences of frequent words; 0 keeps all.")
    var sample = 1e-3

    @Option(
        help: """
            Negative samples for each true pair; with --hierarchical-softmax they are trained besides it. (default: 5, \
            none with --hierarchical-softmax)
            """)
    var negative: Int?

    @Option(parsing: .unconditional, help: "Power of the words' counts by which negatives are drawn.")
    var nsExponent = 0.75

    @Flag(help: "Hierarchical softmax, in place of negative sampling unless --negative is given. (default: off)")
    var hierarchicalSoftmax = false

    func apply(to configuration: inout Word2Vec.Configuration) {
        configuration.continuousBagOfWords = cbow
        configuration.window = window
        configuration.shrinksWindow = !wholeWindow
        configuration.sample = sample
        configuration.hierarchicalSoftmax = hierarchicalSoftmax
        if let negative {
            configuration.negative = negative
            configuration.bothObjectives = hierarchicalSoftmax && negative > 0
        }
        configuration.negativeExponent = nsExponent
    }
}
