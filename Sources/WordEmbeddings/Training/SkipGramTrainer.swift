import LinearAlgebra
import Synchronization
import Training

/// Runs the epochs: hands the corpus's chunks to the threads, lowers the learning rate, reports.
final class SkipGramTrainer: Sendable {
    /// Centre words of one iteration, as listeners count.
    static let wordsPerIteration = 10_000
    /// Words between two looks at the clock, the learning rate and the cancellation.
    private static let wordsPerStep = 10_000
    /// Seconds between two reports.
    private static let reportInterval = 0.5

    private let corpus: PreparedCorpus
    private let configuration: Word2Vec.Configuration
    private let listeners: [any TrainingListener]
    private let cancellation: Cancellation?
    private let objective: Objective
    private let tables: ModelTables
    private let keepBelow: [UInt32]?
    private let totalWords: Int
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let wordsDone = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let tally = Mutex(Tally())
    private let reporting = Mutex(())

    private struct Tally: Sendable {
        var loss = 0.0
        var pairs = 0
        var centres = 0
        var lastReport = 0.0
        var diverged: WordEmbeddingError?
    }

    init(
        corpus: PreparedCorpus, configuration: Word2Vec.Configuration, listeners: [any TrainingListener],
        cancellation: Cancellation?
    ) throws {
        self.corpus = corpus
        self.configuration = configuration
        self.listeners = listeners
        self.cancellation = cancellation
        let counts = corpus.vocabulary.counts ?? []
        objective = Objective(configuration, counts: counts)
        totalWords = corpus.wordsInVocabulary * configuration.epochs
        keepBelow = Self.subsampling(counts, sample: configuration.sample, total: corpus.wordsInVocabulary)
        tables = try ModelTables(
            inputRows: corpus.vocabulary.count, outputRows: objective.outputRows,
            dimensions: configuration.dimensions, seed: configuration.seed, threads: configuration.resolvedThreads)
        start = clock.now
    }

    /// For each word, the 32 random bits up to which an occurrence is kept; `nil` when all are.
    private static func subsampling(_ counts: [Int], sample: Double, total: Int) -> [UInt32]? {
        guard sample > 0 else { return nil }
        return counts.map { count in
            let ratio = sample * Double(total) / Double(count)
            let keep = ratio + ratio.squareRoot()
            return keep >= 1 ? .max : UInt32(keep * 0x1p32)
        }
    }

    /// Trains all epochs, or until cancelled, and returns the input rows.
    /// - Throws: `WordEmbeddingError.diverged`.
    func train() throws -> Matrix {
        let run = TrainingRun(
            modelClass: "Word2Vec", configuration: configuration, totalUnits: totalWords, unit: "words",
            threads: configuration.resolvedThreads)
        for listener in listeners { listener.trainingStarted(run) }
        struct Idle: Sendable { nonisolated(unsafe) var workers: [SkipGramWorker] = [] }
        let idle = Mutex(Idle())
        let chunks = corpus.chunks.count
        parallelFor(chunks * configuration.epochs, threads: configuration.resolvedThreads, grain: 1) { item in
            if stopped.load(ordering: .relaxed) { return }
            // A worker belongs to one thread at a time; there are never more of them than threads.
            let worker =
                idle.withLock { $0.workers.popLast() }
                ?? SkipGramWorker(
                    tables: tables, objective: objective, window: configuration.window, keepBelow: keepBelow)
            worker.reseed(configuration.seed, stream: UInt64(item.lowerBound))
            train(corpus.chunks[item.lowerBound % chunks], worker)
            idle.withLock { $0.workers.append(worker) }
        }
        report(always: true)
        let (centres, error) = tally.withLock { ($0.centres, $0.diverged) }
        for listener in listeners { listener.trainingEnded(progress(score: nil, centres: centres)) }
        if let error { throw error }
        if centres == 0, !wasStopped {
            throw WordEmbeddingError.nothingToTrain(
                reason: "no line has two words left to train on: a line is a sentence, and \(keptWords)")
        }
        tables.outputs.discard()
        return tables.inputMatrix()
    }

    /// Whether the training ended before all its words were read.
    var wasStopped: Bool { wordsTrained < totalWords }

    /// Which words a line can lose, for the message.
    private var keptWords: String {
        configuration.sample > 0
            ? "words rarer than \(configuration.minCount) and, by the sample threshold \(configuration.sample), frequent "
                + "ones are left out"
            : "words rarer than \(configuration.minCount) are left out"
    }

    /// Words of the vocabulary that were read so far, over all epochs.
    var wordsTrained: Int { wordsDone.load(ordering: .relaxed) }

    private func train(_ chunk: PreparedCorpus.Chunk, _ worker: SkipGramWorker) {
        SentenceReader.withReader(of: chunk, corpus: corpus) { reader in
            var sentence: [UInt32] = []
            var words = 0
            worker.learningRate = Float(learningRate(after: wordsDone.load(ordering: .relaxed)))
            while reader.next(into: &sentence) {
                worker.train(sentence)
                words += sentence.count
                if words >= Self.wordsPerStep {
                    finishStep(words, worker)
                    words = 0
                    if stopped.load(ordering: .relaxed) { return }
                }
            }
            finishStep(words, worker)
        }
    }

    /// Adds what a worker did to the shared sums, reports when it is time, and gives it the new learning rate.
    private func finishStep(_ words: Int, _ worker: SkipGramWorker) {
        let done = wordsDone.wrappingAdd(words, ordering: .relaxed).newValue
        worker.learningRate = Float(learningRate(after: done))
        let isFinite = worker.loss.isFinite
        tally.withLock { tally in
            tally.loss += worker.loss
            tally.pairs += worker.pairs
            tally.centres += worker.centres
            if !isFinite, tally.diverged == nil {
                tally.diverged = .diverged(epoch: done / max(1, corpus.wordsInVocabulary) + 1, wordsTrained: done)
            }
        }
        worker.loss = 0
        worker.pairs = 0
        worker.centres = 0
        if !isFinite || cancellation?.isCancelled == true { stopped.store(true, ordering: .relaxed) }
        report(always: false)
    }

    /// The linear schedule of word2vec.
    private func learningRate(after words: Int) -> Double {
        let fraction = min(1, Double(words) / Double(max(1, totalWords)))
        let (first, last) = (configuration.learningRate, configuration.minLearningRate)
        return first - (first - last) * fraction
    }

    /// Tells the listeners when the last time was long enough ago; one thread at a time, the others go on.
    private func report(always: Bool) {
        guard !listeners.isEmpty else { return }
        let elapsed = Self.seconds(clock.now - start)
        let due: (score: Double?, centres: Int)? = tally.withLock { tally in
            guard always || elapsed - tally.lastReport >= Self.reportInterval else { return nil }
            tally.lastReport = elapsed
            let score = tally.pairs > 0 ? tally.loss / Double(tally.pairs) : nil
            tally.loss = 0
            tally.pairs = 0
            return (score, tally.centres)
        }
        guard let due else { return }
        // Listeners hear one thread at a time; a report that meets a slow listener is left out.
        reporting.withLockIfAvailable { _ in
            let progress = progress(score: due.score, centres: due.centres)
            for listener in listeners { listener.iterationDone(progress) }
        }
    }

    private func progress(score: Double?, centres: Int) -> TrainingProgress {
        let done = min(totalWords, wordsTrained)
        return TrainingProgress(
            iteration: centres / Self.wordsPerIteration, completedUnits: done, totalUnits: totalWords, score: score,
            learningRate: learningRate(after: done), elapsedSeconds: Self.seconds(clock.now - start))
    }

    private static func seconds(_ duration: Duration) -> Double {
        duration / .seconds(1)
    }
}
