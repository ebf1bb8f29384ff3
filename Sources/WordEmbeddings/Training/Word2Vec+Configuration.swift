import LinearAlgebra

extension Word2Vec {
    /// Everything that decides about a training run. The defaults are word2vec's and gensim's.
    public struct Configuration: Codable, Sendable, Equatable {
        /// Components of each vector, 1…65,536. Default 100.
        public var dimensions = 100
        /// Largest distance between a word and its context, in words after subsampling, 1…1,000. Default 5.
        public var window = 5
        /// Whether the distance in use is drawn anew for each four neighbouring words from 1…window (Mikolov et al.
        /// 2013), which gives near words more weight; else it is the window. Default on.
        public var shrinksWindow = true
        /// Predicts each word from the mean of the words around it (continuous bag of words) in place of the words
        /// around from each word (skip-gram). Default off.
        public var continuousBagOfWords = false
        /// Negative samples for each true pair, shared by neighbouring words (after Ji et al. 2016). Default 5.
        public var negative = 5
        /// Negatives are drawn in proportion to the words' counts to this power: 0.75 in Mikolov et al. 2013, 1 as often
        /// as they occur, 0 all alike, below 0 rare ones more often (Caselles-Dupré et al. 2018). Default 0.75.
        public var negativeExponent = 0.75
        /// Hierarchical softmax over a Huffman tree in place of negative sampling. Default off.
        public var hierarchicalSoftmax = false
        /// Negative sampling besides hierarchical softmax, in the same step. Default off.
        public var bothObjectives = false
        /// Words that occur less often are left out. Default 5.
        public var minCount = 5
        /// Largest number of words, the most frequent ones; `nil` keeps all. Default `nil`.
        public var maxVocabulary: Int?
        /// Threshold t of subsampling: an occurrence of a word of relative frequency f is kept with probability
        /// (√(f/t) + 1)·t/f; 0 keeps all. Default 1e-3.
        public var sample = 1e-3
        /// Passes over the corpus. Default 5.
        public var epochs = 5
        /// Learning rate at the start; it falls linearly. Default 0.025.
        public var learningRate = 0.025
        /// Learning rate at the end. Default 1e-4.
        public var minLearningRate = 1e-4
        /// Threads; 0 is one a processor. Default 0.
        public var threads = 0
        /// Random seed. Several threads race, so that only one thread or `deterministic` gives the same vectors each
        /// time. Default 1.
        public var seed: UInt64 = 1
        /// The same vectors, byte by byte, at any number of threads, for the same seed, text and CPU level. Skip-gram
        /// with negative sampling then trains by block rotation; everything else trains on one thread. Default off.
        public var deterministic = false
        /// Blocks into which block rotation cuts each table, 1…64: no more threads than these have work at a time.
        /// Small vocabularies have fewer. Other numbers give other vectors. Default 8.
        public var blocks = 8
        /// Words of the text whose pairs block rotation keeps in memory at once, about 50 bytes a word with window 5;
        /// rounded to whole pieces of the text, and at most 1/32 of it. Other numbers give other vectors. Default 1,000,000.
        public var chunkWords = 1_000_000
        /// Words are put into lower case (Unicode default mapping) before they are counted. Default off.
        public var lowercase = false
        /// How text is cut into words. Default: at white space.
        public var tokenizer = TokenizerKind.whitespace
        /// Words that are left out of the vocabulary; put into lower case when the text is. Default: none.
        public var stopWords: [String] = []
        /// Bytes that counting the words may take, 16 MiB or more; beyond that, counts go to a temporary file, sorted,
        /// and are added up at the end: the vocabulary is the same. `nil` is no limit. The vocabulary that is kept must
        /// fit. Default `nil`.
        public var maxMemory: Int?

        /// The defaults.
        public init() {}

        /// Refuses values that make no sense, by name.
        /// - Throws: `WordEmbeddingError.invalidConfiguration`.
        public func validate() throws {
            try Self.check("dimensions", dimensions, in: 1...65_536)
            try Self.check("window", window, in: 1...1_000)
            try Self.check("negative", negative, in: (samplesNegatives ? 1 : 0)...1_000)
            try Self.check("minCount", minCount, in: 1...Int.max)
            if let maxVocabulary { try Self.check("maxVocabulary", maxVocabulary, in: 2...Int(UInt32.max - 1)) }
            if let maxMemory { try Self.check("maxMemory", maxMemory, in: 1 << 24...Int.max) }
            try Self.check("epochs", epochs, in: 1...1_000_000)
            try Self.check("threads", threads, in: 0...1_024)
            try Self.check("blocks", blocks, in: 1...64)
            try Self.check("chunkWords", chunkWords, in: 1_000...1_000_000_000)
            try Self.check("sample", sample, "a number of 0 or more") { $0 >= 0 }
            try Self.check("negativeExponent", negativeExponent, "a number from −10 to 10") { abs($0) <= 10 }
            try Self.check("learningRate", learningRate, "a number above 0") { $0 > 0 }
            try Self.check("minLearningRate", minLearningRate, "a number from 0 to the learning rate") {
                $0 >= 0 && $0 <= learningRate
            }
        }

        /// Whether there is negative sampling.
        public var samplesNegatives: Bool { !hierarchicalSoftmax || bothObjectives }

        /// Whether the training goes by block rotation.
        public var rotatesBlocks: Bool {
            deterministic && !hierarchicalSoftmax && !continuousBagOfWords
        }

        /// The number of threads that `threads` stands for.
        var resolvedThreads: Int { LinearAlgebra.resolvedThreads(threads) }

        /// The number of threads that train: one when the racing trainer is to be deterministic.
        var trainingThreads: Int { deterministic && !rotatesBlocks ? 1 : resolvedThreads }

        private static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                let expected =
                    range.upperBound == Int.max
                    ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
                throw WordEmbeddingError.invalidConfiguration(name: name, expected: expected, found: "\(value)")
            }
        }

        private static func check(
            _ name: String, _ value: Double, _ expected: String, _ isValid: (Double) -> Bool
        ) throws {
            guard value.isFinite, isValid(value) else {
                throw WordEmbeddingError.invalidConfiguration(name: name, expected: expected, found: "\(value)")
            }
        }
    }
}
