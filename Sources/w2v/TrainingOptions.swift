import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v train` for how long, how fast and by whom it is trained.
struct TrainingOptions: ParsableArguments {
    @Option(help: "Components of each vector. (default: 100, or those of --from)")
    var dimensions: Int?

    @Option(help: "Passes over the text.")
    var epochs = 5

    @Option(help: "Learning rate at the start; it falls linearly.")
    var learningRate = 0.025

    @Option(help: "Learning rate at the end.")
    var minLearningRate = 1e-4

    @Option(help: "Threads. (default: one for each processor)")
    var threads: Int?

    @Option(help: "Random seed; the same seed gives the same vectors with --deterministic or --threads 1.")
    var seed: UInt64 = 1

    @Flag(
        help: """
            The same seed gives the same vectors at any number of threads. Skip-gram with negative sampling only; \
            everything else then trains on one thread. (default: off)
            """)
    var deterministic = false

    @Option(help: "Deterministic training: words whose pairs are kept in memory at once.")
    var chunkWords = 1_000_000

    func apply(to configuration: inout Word2Vec.Configuration) {
        configuration.dimensions = dimensions ?? 100
        configuration.epochs = epochs
        configuration.learningRate = learningRate
        configuration.minLearningRate = minLearningRate
        configuration.threads = threads ?? 0
        configuration.seed = seed
        configuration.deterministic = deterministic
        configuration.chunkWords = chunkWords
    }
}
