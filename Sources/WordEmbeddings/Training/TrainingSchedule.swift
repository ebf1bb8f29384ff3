/// How much a training does, and how the learning rate falls meanwhile.
struct TrainingSchedule: Sendable {
    /// Words of the vocabulary that one epoch reads.
    let wordsPerEpoch: Int
    /// Words of all epochs.
    let totalWords: Int
    /// Words of one thread between two looks at the clock, the learning rate and the cancellation: 10,000, fewer where
    /// rows are so long that a look would come less than once a second.
    let wordsPerStep: Int
    private let epochs: Int
    private let first: Double
    private let last: Double

    init(_ configuration: Word2Vec.Configuration, wordsPerEpoch: Int) {
        self.wordsPerEpoch = wordsPerEpoch
        epochs = configuration.epochs
        totalWords = wordsPerEpoch * configuration.epochs
        wordsPerStep = min(10_000, max(100, 40_000_000 / configuration.dimensions))
        first = configuration.learningRate
        last = configuration.minLearningRate
    }

    /// The linear schedule of word2vec.
    func learningRate(after words: Int) -> Double {
        let fraction = min(1, Double(words) / Double(max(1, totalWords)))
        return first - (first - last) * fraction
    }

    /// The epoch that is under way, from 1.
    func epoch(after words: Int) -> Int {
        min(epochs, words / max(1, wordsPerEpoch) + 1)
    }
}
