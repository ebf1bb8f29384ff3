import LinearAlgebra
import Synchronization
public import Training

/// Trains word vectors: skip-gram with negative sampling or hierarchical softmax (Mikolov et al. 2013, "Distributed
/// representations of words and phrases and their compositionality").
///
///     let word2vec = Word2Vec(configuration: .init(), corpus: Corpus(path: "corpus.txt"))
///     let vectors = try word2vec.fit()
///
/// Threads train at the same time on shared tables without locks (Hogwild, Niu et al. 2011), so that two runs with
/// several threads differ a little, unless the configuration says `deterministic`. Memory is two tables of vocabulary × dimensions floats plus the vocabulary.
public final class Word2Vec: Sendable {
    /// The values of this run.
    public let configuration: Configuration
    private let corpus: Corpus?
    private let state = Mutex(State())

    private struct State {
        var listeners: [any TrainingListener] = []
        var probeWords: [String]?
        var probesInUse: [String] = []
        var start: StartingPoint?
        var vectors: WordVectors?
        var wordsTrained = 0
        var wasStopped = false
    }

    /// A trainer; `corpus` may also be given to `fit`.
    public init(configuration: Configuration = Configuration(), corpus: Corpus? = nil) {
        self.configuration = configuration
        self.corpus = corpus
    }

    /// Whoever watches the training, in place of those set before.
    public func setListeners(_ listeners: any TrainingListener...) {
        setListeners(listeners)
    }

    /// Whoever watches the training, in place of those set before.
    public func setListeners(_ listeners: [any TrainingListener]) {
        state.withLock { $0.listeners = listeners }
    }

    /// Words whose nearest neighbours listeners are shown while the training goes on: the first 8 that the vocabulary
    /// has. An empty list shows none; without this call eight words of medium frequency are chosen.
    public func setProbeWords(_ words: [String]) {
        state.withLock { $0.probeWords = words }
    }

    /// The vectors that training begins with; `nil` begins with random ones. The corpus decides which words there are:
    /// prepare it with `.extending(start.vectors.vocabulary)` to keep all the earlier ones.
    public func setStart(_ start: StartingPoint?) {
        state.withLock { $0.start = start }
    }

    /// The probe words of the last `fit`: those of `setProbeWords` that the vocabulary has, or the chosen ones.
    public var probeWords: [String] { state.withLock { $0.probesInUse } }

    /// Reads the corpus that was given to the initializer or the builder and trains.
    /// - Parameter cancellation: stops early; the vectors so far are the result.
    /// - Throws: `WordEmbeddingError` for wrong values, a corpus without words, diverged vectors; `FileError`.
    @discardableResult
    public func fit(cancellation: Cancellation? = nil) throws -> WordVectors {
        guard let corpus else { throw WordEmbeddingError.nothingToTrain(reason: "no corpus is given") }
        return try fit(corpus.prepare(configuration, cancellation: cancellation), cancellation: cancellation)
    }

    /// Trains on a corpus that was read already with the same configuration.
    /// - Parameter cancellation: stops early; the vectors so far are the result.
    /// - Throws: `WordEmbeddingError` for wrong values or diverged vectors.
    @discardableResult
    public func fit(_ corpus: PreparedCorpus, cancellation: Cancellation? = nil) throws -> WordVectors {
        try train(corpus, keepsOutputs: false, cancellation: cancellation).vectors
    }

    /// Trains as `fit` does and gives all that is needed to go on later: the output table, too.
    /// - Parameter cancellation: stops early; the model so far is the result.
    /// - Throws: `WordEmbeddingError` for wrong values or diverged vectors.
    public func fitModel(_ corpus: PreparedCorpus, cancellation: Cancellation? = nil) throws -> TrainedModel {
        try train(corpus, keepsOutputs: true, cancellation: cancellation)
    }

    private func train(
        _ corpus: PreparedCorpus, keepsOutputs: Bool, cancellation: Cancellation?
    ) throws -> TrainedModel {
        try configuration.validate()
        let (listeners, words, start) = state.withLock { ($0.listeners, $0.probeWords, $0.start) }
        var corpus = corpus
        corpus.start = start
        let probeWords = ProbeWords(words, vocabulary: corpus.vocabulary)
        state.withLock { $0.probesInUse = probeWords.words }
        let tables: (inputs: Matrix, outputs: Matrix?)
        let wordsTrained: Int
        if configuration.rotatesBlocks {
            let trainer = try RotationTrainer(
                corpus: corpus, configuration: configuration, listeners: listeners, probeWords: probeWords,
                cancellation: cancellation)
            (tables, wordsTrained) = try trainer.train(keepsOutputs: keepsOutputs)
        } else {
            let trainer = try SkipGramTrainer(
                corpus: corpus, configuration: configuration, listeners: listeners, probeWords: probeWords,
                cancellation: cancellation)
            tables = try trainer.train(keepsOutputs: keepsOutputs)
            wordsTrained = trainer.wordsTrained
        }
        let vectors = WordVectors(vocabulary: corpus.vocabulary, vectors: tables.inputs)
        let wordsPlanned = corpus.wordsInVocabulary * configuration.epochs
        state.withLock { state in
            state.vectors = vectors
            state.wordsTrained = wordsTrained
            state.wasStopped = wordsTrained < wordsPlanned
        }
        return TrainedModel(
            vectors: vectors, outputs: tables.outputs, configuration: configuration,
            wordsTrained: wordsTrained + (start?.wordsTrained ?? 0))
    }

    /// Words of the vocabulary that the last `fit` read, over all its epochs.
    public var wordsTrained: Int { state.withLock { $0.wordsTrained } }

    /// Whether the last `fit` was cancelled before all words were read.
    public var wasStopped: Bool { state.withLock { $0.wasStopped } }

    /// The words and their vectors, after `fit`.
    /// - Throws: `WordEmbeddingError.notTrained` before it.
    public func lookupTable() throws -> LookupTable {
        guard let vectors = state.withLock({ $0.vectors }) else { throw WordEmbeddingError.notTrained }
        return vectors.lookupTable()
    }
}
