import LinearAlgebra
import Synchronization
import Training

/// Runs the epochs: hands the corpus's chunks to the threads and lowers the learning rate.
final class SkipGramTrainer: Sendable {
    private let corpus: PreparedCorpus
    private let configuration: Word2Vec.Configuration
    private let cancellation: Cancellation?
    private let objective: Objective
    private let hot: HotPlan
    private let tables: ModelTables
    private let keepBelow: [UInt32]?
    private let schedule: TrainingSchedule
    private let reporter: TrainingReporter
    private let wordsDone = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    /// Whether threads shall take no further pieces for now.
    private let pauses = Atomic<Bool>(false)
    let oversight: TrainingOversight
    private let diverged = Mutex<WordEmbeddingError?>(nil)

    init(
        corpus: PreparedCorpus, configuration: Word2Vec.Configuration, listeners: [any TrainingListener],
        probeWords: ProbeWords, checkpoints: Checkpoints?, evaluation: EpochEvaluation, cancellation: Cancellation?
    ) throws {
        self.corpus = corpus
        self.configuration = configuration
        self.cancellation = cancellation
        let counts = corpus.vocabulary.counts ?? []
        objective = Objective(configuration, counts: counts)
        schedule = TrainingSchedule(configuration, wordsPerEpoch: corpus.wordsInVocabulary)
        keepBelow = Self.subsampling(counts, sample: configuration.sample, total: counts.reduce(0, +))
        hot = HotPlan(
            objective, words: counts.count, threads: configuration.trainingThreads,
            locks: corpus.start?.locksVectors == true)
        tables = try ModelTables(
            inputRows: corpus.vocabulary.count, outputRows: objective.outputRows,
            dimensions: configuration.dimensions, seed: configuration.seed, threads: configuration.trainingThreads,
            start: corpus.start.map {
                try TableStart($0, vocabulary: corpus.vocabulary, configuration: configuration)
            }, copies: hot.copiedRows)
        reporter = TrainingReporter(
            listeners: listeners, configuration: configuration, schedule: schedule, tables: tables,
            objective: objective, probeWords: probeWords)
        oversight = try TrainingOversight(
            checkpoints: checkpoints, evaluation: evaluation, trainer: .racing, corpus: corpus,
            model: ModelInTraining(
                tables: tables, outputRows: objective.outputRows, vocabulary: corpus.vocabulary,
                configuration: configuration),
            objective: objective, keepBelow: keepBelow, cancellation: cancellation)
    }

    /// For each word, the 32 random bits up to which an occurrence is kept; `nil` when all are.
    static func subsampling(_ counts: [Int], sample: Double, total: Int) -> [UInt32]? {
        guard sample > 0 else { return nil }
        return counts.map { count in
            let ratio = sample * Double(total) / Double(count)
            let keep = ratio + ratio.squareRoot()
            return keep >= 1 ? .max : UInt32(keep * 0x1p32)
        }
    }

    /// Workers that no thread has.
    private struct Pool: Sendable {
        nonisolated(unsafe) var idle: [SkipGramWorker] = []
        var count = 0
    }

    /// Trains all epochs, or until cancelled.
    /// - Parameter keepsOutputs: whether the output rows are given too.
    /// - Throws: `WordEmbeddingError.diverged`.
    func train(keepsOutputs: Bool) throws -> (inputs: Matrix, outputs: Matrix?) {
        let pieces = corpus.chunks.count
        let all = pieces * configuration.epochs
        let start = try oversight.resume(pieces: all, words: corpus.wordsInText * configuration.epochs)
        wordsDone.store(start.wordsDone, ordering: .relaxed)
        reporter.start(wordsDone: start.wordsDone)
        let pool = Mutex(Pool())
        var position = start.position
        do {
            while position < all, !stopped.load(ordering: .relaxed), !oversight.isOver {
                let end = oversight.pausesAtEpochs ? (position / pieces + 1) * pieces : all
                position = train(position..<end, pool)
                if let error = diverged.withLock({ $0 }) { throw error }
                if stopped.load(ordering: .relaxed) { break }
                let isCancelled = cancellation?.isCancelled == true
                let epochEnded = position % pieces == 0 ? position / pieces : nil
                let figures = try oversight.pause(
                    position: position, wordsDone: wordsTrained, epochEnded: epochEnded,
                    isLast: position == all || isCancelled)
                reporter.measured(figures, epoch: epochEnded, wordsDone: wordsTrained)
                if isCancelled { break }
            }
            try oversight.finish(epoch: position / pieces, wordsDone: wordsTrained)
        } catch let error as WordEmbeddingError {
            guard case .diverged = error, let words = try oversight.recover(from: error) else {
                _ = reporter.finish(wordsDone: wordsTrained)
                throw error
            }
            wordsDone.store(words, ordering: .relaxed)
        }
        let centres = reporter.finish(wordsDone: wordsTrained)
        if centres == 0, start.wordsDone == 0, !wasStopped {
            throw WordEmbeddingError.nothingToTrain(configuration)
        }
        return tables.matrices(outputRows: keepsOutputs ? objective.outputRows : nil)
    }

    /// Trains pieces of the text, over all epochs, until they are done or threads shall pause.
    /// - Returns: the first piece that nobody has trained; all before it are done.
    private func train(_ pieces: Range<Int>, _ pool: borrowing Mutex<Pool>) -> Int {
        pauses.store(false, ordering: .relaxed)
        let next = Mutex(pieces.lowerBound)
        parallelFor(configuration.trainingThreads, threads: configuration.trainingThreads, grain: 1) { _ in
            // A worker belongs to one thread at a time; there are never more of them than threads.
            let (free, number) = pool.withLock { pool -> (SkipGramWorker?, Int) in
                if let worker = pool.idle.popLast() { return (worker, worker.number) }
                pool.count += 1
                return (nil, pool.count - 1)
            }
            let worker =
                free
                ?? SkipGramWorker(
                    number: number, tables: tables, objective: objective, hot: hot, keepBelow: keepBelow)
            worker.begin()
            while !shallPause {
                let claimed = next.withLock { next -> Int? in
                    guard next < pieces.upperBound else { return nil }
                    next += 1
                    return next - 1
                }
                guard let claimed else { break }
                worker.reseed(configuration.seed, stream: UInt64(claimed))
                train(corpus.chunks[claimed % corpus.chunks.count], worker)
            }
            worker.end()
            pool.withLock { $0.idle.append(worker) }
        }
        return next.withLock { $0 }
    }

    /// Whether threads shall take no further pieces. With checkpoints a cancelled training finishes its pieces, so that
    /// it can go on later.
    private var shallPause: Bool {
        stopped.load(ordering: .relaxed) || pauses.load(ordering: .relaxed)
            || oversight.keepsCheckpoints && cancellation?.isCancelled == true
    }

    /// Whether the training ended before all its words were read.
    var wasStopped: Bool { wordsTrained < schedule.totalWords }

    /// Words of the vocabulary that were read so far, over all epochs.
    var wordsTrained: Int { wordsDone.load(ordering: .relaxed) }

    private func train(_ chunk: PreparedCorpus.Chunk, _ worker: SkipGramWorker) {
        SentenceReader.withReader(of: chunk, corpus: corpus) { reader in
            var sentence: [UInt32] = []
            var words = 0
            let done = wordsDone.load(ordering: .relaxed)
            worker.learningRate = Float(schedule.learningRate(after: done))
            reporter.chunkBegins(worker, wordsDone: done)
            while reader.next(into: &sentence) {
                worker.train(sentence)
                words += sentence.count
                if words >= schedule.wordsPerStep {
                    worker.flush()
                    finishStep(words, worker, goesOn: true)
                    words = 0
                    if stopped.load(ordering: .relaxed) { break }
                }
            }
            worker.flush()
            finishStep(words, worker, goesOn: false)
        }
    }

    /// Gives a worker the new learning rate, and what it did since the last time to the reporter.
    private func finishStep(_ words: Int, _ worker: SkipGramWorker, goesOn: Bool) {
        let done = wordsDone.wrappingAdd(words, ordering: .relaxed).newValue
        worker.learningRate = Float(schedule.learningRate(after: done))
        let isFinite = worker.loss.isFinite
        if !isFinite {
            let error = WordEmbeddingError.diverged(
                epoch: done / max(1, corpus.wordsInVocabulary) + 1, wordsTrained: done)
            diverged.withLock { if $0 == nil { $0 = error } }
        }
        let isCancelled = cancellation?.isCancelled == true && !oversight.keepsCheckpoints
        if !isFinite || isCancelled { stopped.store(true, ordering: .relaxed) }
        if oversight.isDue(wordsDone: done) { pauses.store(true, ordering: .relaxed) }
        reporter.stepDone(worker, words: words, wordsDone: done, goesOn: goesOn)
        worker.loss = 0
        worker.pairs = 0
        worker.centres = 0
    }
}
