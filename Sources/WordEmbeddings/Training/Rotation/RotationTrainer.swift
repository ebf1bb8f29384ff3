import LinearAlgebra
import Training

/// Trains skip-gram with negative sampling by block rotation: the same bytes at any number of threads.
///
/// The text is cut into chunks of some `chunkWords` words, one after the other. For each chunk the words are spread
/// over P input blocks and P output blocks, subsampling and windows are drawn, and the pairs are sorted into P × P
/// buckets. Then come P steps: in step s task i trains the pairs of input block i with output block (i + s) mod P.
/// Tasks of a step have no row in common, so it does not matter which runs first or where. This is the idea of the
/// buckets of PyTorch-BigGraph (Lerer et al. 2019) and of GraphVite's orthogonal blocks (Zhu et al. 2019).
final class RotationTrainer: Sendable {
    private let corpus: PreparedCorpus
    private let configuration: Word2Vec.Configuration
    private let cancellation: Cancellation?
    private let tables: ModelTables
    private let keepBelow: [UInt32]?
    private let words: WordFrequencies
    private let schedule: TrainingSchedule
    private let reporter: TrainingReporter
    private let blocks: Int
    private let threads: Int
    let oversight: TrainingOversight

    init(
        corpus: PreparedCorpus, configuration: Word2Vec.Configuration, listeners: [any TrainingListener],
        probeWords: ProbeWords, checkpoints: Checkpoints?, evaluation: EpochEvaluation, cancellation: Cancellation?
    ) throws {
        self.corpus = corpus
        self.configuration = configuration
        self.cancellation = cancellation
        let counts = corpus.vocabulary.counts ?? []
        threads = configuration.resolvedThreads
        schedule = TrainingSchedule(configuration, wordsPerEpoch: corpus.wordsInVocabulary)
        keepBelow = SkipGramTrainer.subsampling(counts, sample: configuration.sample, total: counts.reduce(0, +))
        words = WordFrequencies(counts: counts, keepBelow: keepBelow, exponent: configuration.negativeExponent)
        blocks = BlockPlan.blockCount(wanted: configuration.blocks, words: counts.count)
        tables = try ModelTables(
            inputRows: counts.count, outputRows: counts.count, dimensions: configuration.dimensions,
            seed: configuration.seed, threads: threads,
            start: corpus.start.map {
                try TableStart($0, vocabulary: corpus.vocabulary, configuration: configuration)
            })
        let objective = Objective(configuration, counts: counts)
        reporter = TrainingReporter(
            listeners: listeners, configuration: configuration, schedule: schedule, tables: tables,
            objective: objective, probeWords: probeWords)
        oversight = try TrainingOversight(
            checkpoints: checkpoints, evaluation: evaluation, trainer: .rotation, corpus: corpus,
            model: ModelInTraining(
                tables: tables, outputRows: counts.count, vocabulary: corpus.vocabulary, configuration: configuration),
            objective: objective, keepBelow: keepBelow, cancellation: cancellation)
    }

    /// Trains all epochs, or until cancelled.
    /// - Parameter keepsOutputs: whether the output rows are given too.
    /// - Returns: the rows, and how many words were read.
    /// - Throws: `WordEmbeddingError.diverged`, `.nothingToTrain`.
    func train(keepsOutputs: Bool) throws -> (tables: (inputs: Matrix, outputs: Matrix?), wordsTrained: Int) {
        let chunks = Self.chunks(
            pieces: corpus.chunks.count, words: corpus.wordsInVocabulary, limit: configuration.chunkWords)
        let all = chunks.count * configuration.epochs
        let start = try oversight.resume(pieces: all, words: corpus.wordsInText * configuration.epochs)
        var wordsDone = start.wordsDone
        reporter.start(wordsDone: wordsDone)
        let buckets = (0..<(chunks.map(\.count).max() ?? 0)).map { _ in PairBuckets() }
        var position = start.position
        do {
            while position < all, !oversight.isOver {
                let (epoch, number) = (position / chunks.count, position % chunks.count)
                let tally = train(chunks[number], number: number, epoch: epoch, buckets, &wordsDone)
                if !tally.loss.isFinite {
                    throw WordEmbeddingError.diverged(epoch: epoch + 1, wordsTrained: wordsDone)
                }
                // A chunk that was left in the middle is nothing to go on from.
                if isCutShort { break }
                position += 1
                let isCancelled = cancellation?.isCancelled == true
                let epochEnded = number + 1 == chunks.count ? epoch + 1 : nil
                let figures = try oversight.pause(
                    position: position, wordsDone: wordsDone, epochEnded: epochEnded,
                    isLast: position == all || isCancelled)
                reporter.measured(figures, epoch: epochEnded, wordsDone: wordsDone)
                if isCancelled { break }
            }
            try oversight.finish(epoch: position / chunks.count, wordsDone: wordsDone)
        } catch let error as WordEmbeddingError {
            guard case .diverged = error, let words = try oversight.recover(from: error) else {
                _ = reporter.finish(wordsDone: wordsDone)
                throw error
            }
            wordsDone = words
        }
        let centres = reporter.finish(wordsDone: wordsDone)
        if centres == 0, start.wordsDone == 0, wordsDone == schedule.totalWords {
            throw WordEmbeddingError.nothingToTrain(configuration)
        }
        return (tables.matrices(outputRows: keepsOutputs ? words.counts.count : nil), wordsDone)
    }

    /// Whether the training ends in the middle of a chunk: not when it must be able to go on later.
    private var isCutShort: Bool { cancellation?.isCancelled == true && !oversight.keepsCheckpoints }

    /// Least number of chunks in an epoch: within a chunk pairs are trained bucket after bucket, not in the order of the
    /// text, and small texts suffer when that is long (docs/performance.md).
    private static let leastChunks = 32

    /// The pieces of each chunk, so many that it has about `limit` words by the text's mean, fewer when the text is
    /// small.
    /// - Parameters:
    ///   - pieces: of the text.
    ///   - words: of the text.
    static func chunks(pieces: Int, words: Int, limit: Int) -> [Range<Int>] {
        let wanted = min(Double(limit) * Double(pieces) / Double(max(1, words)), Double(pieces) / Double(leastChunks))
        let size = max(1, Int(wanted))
        return stride(from: 0, to: pieces, by: size).map { $0..<min(pieces, $0 + size) }
    }

    /// Trains one chunk.
    /// - Parameters:
    ///   - number: of the chunk in its epoch.
    ///   - buckets: memory for the pairs of each piece.
    ///   - wordsDone: words read so far; those of the chunk are added.
    private func train(
        _ pieces: Range<Int>, number: Int, epoch: Int, _ buckets: [PairBuckets], _ wordsDone: inout Int
    ) -> RotationTally {
        let plan = BlockPlan(
            words, count: blocks,
            random: RandomStream.blocks.generator(seed: configuration.seed, epoch: epoch, place: number),
            threads: threads)
        parallelFor(pieces.count, threads: threads, grain: 1) { item in
            let piece = pieces.lowerBound + item.lowerBound
            buckets[item.lowerBound].fill(
                corpus.chunks[piece], of: corpus, plan: plan, window: configuration.window,
                shrinks: configuration.shrinksWindow, keepBelow: keepBelow,
                random: RandomStream.windows.generator(seed: configuration.seed, epoch: epoch, place: piece))
        }
        let filled = buckets.prefix(pieces.count)
        let inChunk = (words: filled.reduce(0) { $0 + $1.words }, centres: filled.reduce(0) { $0 + $1.centres })
        let before = wordsDone
        var all = RotationTally()
        for step in 0..<blocks {
            let rate = Float(schedule.learningRate(after: before + inChunk.words * step / blocks))
            let tiles = filled.reduce(0) { $0 + $1.pairs(input: 0, output: step, of: blocks).inputs.count }
            // One task takes the sample, on one thread at a time.
            nonisolated(unsafe) let probe = reporter.probe(
                centres: inChunk.centres / blocks, words: inChunk.words / blocks, wordsDone: wordsDone,
                largestBlock: RotationTask.tilePairs + configuration.negative, step: tiles / RotationTask.tilePairs)
            let tallies = parallelMap(blocks, threads: threads, grain: 1) { range in
                let input = range.lowerBound
                let output = (input + step) % blocks
                var random = RandomStream.negatives.generator(
                    seed: configuration.seed, epoch: epoch, place: (number * blocks + step) * blocks + input)
                let task = RotationTask(
                    dimensions: tables.dimensions, stride: tables.stride, negatives: configuration.negative,
                    learningRate: rate, sampler: plan.samplers[output], seed: random.next())
                return task.train(
                    tables.inputs.base, tables.outputs.base,
                    filled.map { $0.pairs(input: input, output: output, of: blocks) },
                    probe: input == 0 ? probe : nil)
            }
            var tally = RotationTally()
            for one in tallies { tally.add(one) }
            all.add(tally)
            // Words are counted by steps, so that a progress bar moves.
            wordsDone = before + inChunk.words * (step + 1) / blocks
            reporter.tasksDone(
                tally, probe: probe,
                centres: inChunk.centres * (step + 1) / blocks - inChunk.centres * step / blocks, wordsDone: wordsDone)
            if !tally.loss.isFinite || isCutShort { break }
        }
        return all
    }
}
