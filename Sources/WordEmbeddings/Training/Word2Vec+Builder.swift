extension Word2Vec {
    /// Fills a `Configuration` step by step, under DL4J's names.
    ///
    ///     let word2vec = Word2Vec.Builder().iterate(Corpus(path: "corpus.txt")).layerSize(100).windowSize(5).build()
    ///     try word2vec.fit()
    public struct Builder: Sendable {
        private var configuration = Configuration()
        private var corpus: Corpus?
        private var start: StartingPoint?
        private var wantsNegatives = false

        /// What predicts what.
        public enum ElementsLearningAlgorithm: Sendable {
            /// Each word predicts the words around it.
            case skipGram
            /// The mean of the words around predicts the word.
            case cbow
        }

        /// A builder with the defaults of `Configuration`.
        public init() {}

        /// The text to train on.
        public func iterate(_ corpus: Corpus) -> Builder { with { $0.corpus = corpus } }
        /// Components of each vector. Default 100.
        public func layerSize(_ value: Int) -> Builder { with { $0.configuration.dimensions = value } }
        /// Largest distance between a word and its context. Default 5.
        public func windowSize(_ value: Int) -> Builder { with { $0.configuration.window = value } }
        /// Words that occur less often are left out. Default 5.
        public func minWordFrequency(_ value: Int) -> Builder { with { $0.configuration.minCount = value } }
        /// Largest number of words. Default: no limit.
        public func limitVocabularySize(_ value: Int) -> Builder { with { $0.configuration.maxVocabulary = value } }
        /// How text is cut into words. Default: at white space.
        public func tokenizer(_ value: TokenizerKind) -> Builder { with { $0.configuration.tokenizer = value } }
        /// Whether words are put into lower case. Default off.
        public func lowercase(_ value: Bool) -> Builder { with { $0.configuration.lowercase = value } }
        /// Words that are left out. Default: none.
        public func stopWords(_ value: [String]) -> Builder { with { $0.configuration.stopWords = value } }
        /// Bytes that counting the words may take. Default: no limit.
        public func maxMemory(_ value: Int) -> Builder { with { $0.configuration.maxMemory = value } }
        /// Passes over the corpus. Default 5.
        public func epochs(_ value: Int) -> Builder { with { $0.configuration.epochs = value } }
        /// Learning rate at the start. Default 0.025.
        public func learningRate(_ value: Double) -> Builder { with { $0.configuration.learningRate = value } }
        /// Learning rate at the end. Default 1e-4.
        public func minLearningRate(_ value: Double) -> Builder { with { $0.configuration.minLearningRate = value } }
        /// Threshold of subsampling; 0 is none. Default 1e-3.
        public func sampling(_ value: Double) -> Builder { with { $0.configuration.sample = value } }
        /// Negative samples for each true pair. Default 5, or none with hierarchical softmax; asked for by name, they
        /// are trained besides it.
        public func negativeSample(_ value: Int) -> Builder {
            with {
                $0.configuration.negative = value
                $0.wantsNegatives = value > 0
            }
        }
        /// Power of the counts that negatives are drawn by. Default 0.75.
        public func negativeExponent(_ value: Double) -> Builder { with { $0.configuration.negativeExponent = value } }
        /// Hierarchical softmax, in place of negative sampling unless `negativeSample` is called too. Default off.
        public func useHierarchicSoftmax(_ value: Bool) -> Builder {
            with { $0.configuration.hierarchicalSoftmax = value }
        }
        /// What predicts what. Default skip-gram.
        public func elementsLearningAlgorithm(_ value: ElementsLearningAlgorithm) -> Builder {
            with { $0.configuration.continuousBagOfWords = value == .cbow }
        }
        /// Whether the window is drawn anew from 1…`windowSize`. Default on.
        public func shrinkWindow(_ value: Bool) -> Builder { with { $0.configuration.shrinksWindow = value } }
        /// Random seed. Default 1.
        public func seed(_ value: UInt64) -> Builder { with { $0.configuration.seed = value } }
        /// Threads; 0 is one a processor. Default 0.
        public func workers(_ value: Int) -> Builder { with { $0.configuration.threads = value } }

        /// The same vectors at any number of threads. Default off.
        public func deterministic(_ value: Bool) -> Builder { with { $0.configuration.deterministic = value } }

        /// Vectors to begin with, for the words that have one. Default: none.
        public func useExistingWordVectors(_ vectors: WordVectors) -> Builder {
            with { $0.start = StartingPoint(vectors) }
        }
        /// A model to go on with. Default: none.
        public func useExistingModel(_ model: TrainedModel) -> Builder { with { $0.start = StartingPoint(model) } }

        /// The trainer; its values are checked when the work starts.
        public func build() -> Word2Vec {
            var configuration = configuration
            configuration.bothObjectives = configuration.hierarchicalSoftmax && wantsNegatives
            let word2vec = Word2Vec(configuration: configuration, corpus: corpus)
            word2vec.setStart(start)
            return word2vec
        }

        private func with(_ change: (inout Builder) -> Void) -> Builder {
            var copy = self
            change(&copy)
            return copy
        }
    }
}
