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
        var checkpoints: Checkpoints?
        var evaluation = EpochEvaluation()
        var outcome = TrainingOutcome()
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

    /// Where the training keeps its state now and then, and whether it goes on from there. `nil`, the default: nowhere.
    ///
    /// With `Configuration.deterministic` a training that was interrupted and resumed gives the same bytes as one that
    /// never was. The racing trainer goes on from the pieces of the text that were done, which is as good but not the
    /// same, as two runs of it never are.
    public func setCheckpoints(_ checkpoints: Checkpoints?) {
        state.withLock { $0.checkpoints = checkpoints }
    }

    /// What the training is measured by after every epoch, and when it ends early. The default measures nothing.
    public func setEvaluation(_ evaluation: EpochEvaluation) {
        state.withLock { $0.evaluation = evaluation }
    }

    /// How the last `fit` went: figures after each epoch, an early end, a divergence that a good state was kept from.
    public var outcome: TrainingOutcome { state.withLock { $0.outcome } }

    /// The vectors that training begins with; `nil` begins with random ones. A corpus that was
    /// prepared decides which words there are: prepare it with `start.vocabularySource`, as `fit()` does.
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
        let source = state.withLock { $0.start }?.vocabularySource ?? .text
        return try fit(
            corpus.prepare(configuration, vocabulary: source, cancellation: cancellation), cancellation: cancellation)
    }

    /// Trains on a corpus that was read already with the same configuration.
    /// - Parameter cancellation: stops early; the vectors so far are the result.
    /// - Throws: `WordEmbeddingError` for wrong values, for a checkpoint that is damaged or of another training, and for
    ///   diverged vectors when there is no good state (the best one with patience, or a checkpoint): else that state is
    ///   the result, and `outcome` has the error.
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
        let (checkpoints, evaluation) = state.withLock { ($0.checkpoints, $0.evaluation) }
        var corpus = corpus
        corpus.start = start
        let probeWords = ProbeWords(words, vocabulary: corpus.vocabulary)
        state.withLock { $0.probesInUse = probeWords.words }
        let tables: (inputs: Matrix, outputs: Matrix?)
        let wordsTrained: Int
        let outcome: TrainingOutcome
        if configuration.rotatesBlocks {
            let trainer = try RotationTrainer(
                corpus: corpus, configuration: configuration, listeners: listeners, probeWords: probeWords,
                checkpoints: checkpoints, evaluation: evaluation, cancellation: cancellation)
            (tables, wordsTrained) = try trainer.train(keepsOutputs: keepsOutputs)
            outcome = trainer.oversight.outcome
        } else {
            let trainer = try SkipGramTrainer(
                corpus: corpus, configuration: configuration, listeners: listeners, probeWords: probeWords,
                checkpoints: checkpoints, evaluation: evaluation, cancellation: cancellation)
            tables = try trainer.train(keepsOutputs: keepsOutputs)
            wordsTrained = trainer.wordsTrained
            outcome = trainer.oversight.outcome
        }
        let vectors = WordVectors(vocabulary: corpus.vocabulary, vectors: tables.inputs)
        let wordsPlanned = corpus.wordsInVocabulary * configuration.epochs
        state.withLock { state in
            state.vectors = vectors
            state.wordsTrained = wordsTrained
            state.wasStopped = wordsTrained < wordsPlanned && !outcome.endedEarly && outcome.divergence == nil
            state.outcome = outcome
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
