import FileAccess
import LinearAlgebra
import Synchronization
public import Training

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How a training went, besides its vectors.
public struct TrainingOutcome: Sendable {
    /// Words that a checkpoint brought; 0 when the training began at the beginning.
    public internal(set) var resumedWords = 0
    /// The held-out loss and the figures after each epoch of this run, the first epoch first.
    public internal(set) var epochs: [[TrainingFigure]] = []
    /// The epoch, from 1, whose state is the result, when the training ended early or ended with a worse one.
    public internal(set) var bestEpoch: Int?
    /// Whether patience ended the training.
    public internal(set) var endedEarly = false
    /// Why the training stopped, when the vectors became NaN or infinite: the result is then the last good state, after
    /// `goodWords` words.
    public internal(set) var divergence: WordEmbeddingError?
    /// Words of the state that is the result after a divergence.
    public internal(set) var goodWords = 0
    /// Why the last checkpoint could not be written.
    public internal(set) var checkpointFailure: String?
}

/// What a training does besides training: checkpoints, figures after each epoch, the early end, and the way back when
/// numbers are no numbers any more. Trainers call it while none of their threads trains.
final class TrainingOversight: Sendable {
    private let keeper: CheckpointKeeper?
    private let evaluation: EpochEvaluation
    private let heldOut: HeldOutText?
    private let objective: Objective
    private let model: ModelInTraining
    private let blank: CheckpointState
    private let state: Mutex<State>

    private struct State {
        var course: ValidationCourse
        var outcome = TrainingOutcome()
        /// The best state in a file without a name any more, when there is no checkpoint folder.
        var best: CheckpointState?
        var epoch = 0
    }

    /// - Throws: what reading the validation text or making the checkpoint folder throws; `WordEmbeddingError` for pairs
    ///   of which the vocabulary has fewer than two.
    init(
        checkpoints: Checkpoints?, evaluation: EpochEvaluation, trainer: CheckpointState.Trainer,
        corpus: PreparedCorpus, model: ModelInTraining, objective: Objective, keepBelow: [UInt32]?,
        cancellation: Cancellation?
    ) throws {
        try evaluation.validate()
        keeper = try checkpoints.map(CheckpointKeeper.init)
        self.evaluation = evaluation
        self.model = model
        self.objective = objective
        heldOut = try evaluation.validation.map {
            try HeldOutText(
                $0, vocabulary: corpus.vocabulary, configuration: model.configuration, keepBelow: keepBelow,
                cancellation: cancellation)
        }
        let course = ValidationCourse(patience: evaluation.patience)
        blank = CheckpointState(
            trainer: trainer, position: 0, wordsDone: 0, corpus: checkpoints == nil ? "" : corpus.fingerprint,
            validation: heldOut?.fingerprint, course: heldOut == nil ? nil : course)
        state = Mutex(State(course: course))
        // What cannot be measured shall not be found out after an epoch.
        if !evaluation.pairs.isEmpty { _ = try pairFigures() }
        if let heldOut, heldOut.meanLoss(model.tables, objective).isNaN {
            throw WordEmbeddingError.nothingToTrain(
                reason: "the validation text has no pair of words left after subsampling")
        }
    }

    /// Whether the training must pause at the end of each epoch.
    var pausesAtEpochs: Bool { heldOut != nil || !evaluation.pairs.isEmpty || !evaluation.analogies.isEmpty }

    /// Whether a cancelled training must end at a place from which it can go on.
    var keepsCheckpoints: Bool { keeper != nil }

    /// Whether it is time for a pause.
    func isDue(wordsDone: Int) -> Bool { keeper?.isDue(wordsDone: wordsDone) ?? false }

    /// Whether patience has ended the training.
    var isOver: Bool { state.withLock { $0.course.isOver } }

    var outcome: TrainingOutcome {
        var outcome = state.withLock { $0.outcome }
        outcome.checkpointFailure = keeper?.failure
        return outcome
    }

    /// Fills the tables from the checkpoint when the training is to go on from one.
    /// - Parameters:
    ///   - pieces: pieces of work in all epochs.
    ///   - words: words of the text in all epochs.
    /// - Returns: pieces of work and words that are done.
    /// - Throws: `WordEmbeddingError.malformed` when it is damaged or of another training.
    func resume(pieces: Int, words: Int) throws -> (position: Int, wordsDone: Int) {
        guard let keeper, keeper.options.resumes, let found = try keeper.read(blank, into: model) else { return (0, 0) }
        try found.checkRanges(
            pieces: pieces, words: words, epochs: model.configuration.epochs, path: keeper.options.path)
        if let epoch = found.course?.bestEpoch, found.course?.patience != nil, !fileExists(keeper.options.bestPath) {
            throw WordEmbeddingError.malformed(
                file: keeper.options.bestPath, place: "the file", expected: "the state after epoch \(epoch)",
                found: "nothing")
        }
        state.withLock { state in
            state.course = found.course ?? state.course
            state.outcome.resumedWords = found.wordsDone
        }
        return (found.position, found.wordsDone)
    }

    /// Does what is to be done at a place in the training: figures after an epoch, a checkpoint when it is due.
    /// - Parameters:
    ///   - epochEnded: the epoch that is done now, from 1.
    ///   - isLast: whether the training ends here, finished or cancelled: then there is a checkpoint in any case.
    /// - Returns: the figures.
    /// - Throws: `WordEmbeddingError.diverged` when the tables are not finite.
    func pause(position: Int, wordsDone: Int, epochEnded: Int?, isLast: Bool) throws -> [TrainingFigure] {
        var figures: [TrainingFigure] = []
        var isBest = false
        if let epochEnded, pausesAtEpochs {
            guard model.isFinite else { throw diverged(wordsDone) }
            if let heldOut {
                let loss = heldOut.meanLoss(model.tables, objective)
                guard loss.isFinite else { throw diverged(wordsDone) }
                figures.append(TrainingFigure(kind: .validationLoss, name: "", value: loss))
                isBest = state.withLock { $0.course.add(loss, epoch: epochEnded) }
            }
            figures += try pairFigures()
            figures += analogyFigures()
            state.withLock { $0.outcome.epochs.append(figures) }
        }
        let isLast = isLast || isOver
        let savesBest = isBest && evaluation.patience != nil
        guard savesBest || keeper != nil && (isLast || isDue(wordsDone: wordsDone)) else { return figures }
        guard model.isFinite else { throw diverged(wordsDone) }
        var current = blank
        (current.position, current.wordsDone) = (position, wordsDone)
        if heldOut != nil { current.course = state.withLock { $0.course } }
        if savesBest { try model.write(to: bestPath, state: current) }
        keeper?.write(current, model)
        return figures
    }

    /// Puts the best state into the tables when it is not the last one.
    /// - Parameter epoch: the last epoch that was trained to its end.
    func finish(epoch: Int, wordsDone: Int) throws {
        let course = state.withLock { $0.course }
        if evaluation.patience != nil, let best = course.bestEpoch, course.epochsWithoutGain > 0 || best < epoch {
            _ = try model.read(bestPath, expecting: expectedBest)
            state.withLock { $0.outcome.bestEpoch = best }
        }
        state.withLock { $0.outcome.endedEarly = course.isOver && epoch < model.configuration.epochs }
        removeTemporaryFile()
    }

    /// Fills the tables with the last good state after a divergence: the best one, or the last checkpoint of this run
    /// or of the one that it goes on from.
    /// - Returns: the words that the state has read; `nil` when there is none.
    func recover(from error: WordEmbeddingError) throws -> Int? {
        defer { removeTemporaryFile() }
        let hasBest = evaluation.patience != nil && state.withLock { $0.course.bestEpoch } != nil
        var good: CheckpointState?
        if hasBest {
            good = try model.read(bestPath, expecting: expectedBest)
        } else if let keeper, keeper.hasWritten || keeper.options.resumes {
            good = try keeper.read(blank, into: model)
        }
        guard let good, good.wordsDone > 0 else { return nil }
        state.withLock { state in
            state.outcome.divergence = error
            state.outcome.goodWords = good.wordsDone
        }
        return good.wordsDone
    }

    private var expectedBest: CheckpointState { blank }

    private var bestPath: String {
        keeper?.options.bestPath ?? temporaryPath
    }

    private let temporaryPath: String = {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(folder)/w2v-best-\(getpid())-\(UInt32.random(in: 0 ... .max)).w2v"
    }()

    private func removeTemporaryFile() {
        unlink(temporaryPath)
    }

    private func diverged(_ words: Int) -> WordEmbeddingError {
        let perEpoch = model.vocabulary.counts?.reduce(0, +) ?? 0
        return .diverged(epoch: words / max(1, perEpoch) + 1, wordsTrained: words)
    }

    // MARK: - Figures

    private func vectors() -> WordVectors {
        let rows = min(model.vocabulary.count, max(1, evaluation.options.vocabularyLimit))
        return WordVectors(vocabulary: model.vocabulary.prefix(rows), vectors: model.tables.firstInputs(rows))
    }

    private func pairFigures() throws -> [TrainingFigure] {
        guard !evaluation.pairs.isEmpty else { return [] }
        let vectors = vectors()
        return try evaluation.pairs.map { pairs in
            let result = try vectors.evaluate(pairs, options: evaluation.options)
            return TrainingFigure(kind: .pairs, name: fileName(pairs.source), value: result.spearman)
        }
    }

    private func analogyFigures() -> [TrainingFigure] {
        guard !evaluation.analogies.isEmpty else { return [] }
        let vectors = vectors()
        return evaluation.analogies.map { questions in
            let result = vectors.evaluate(questions, options: evaluation.options)
            return TrainingFigure(kind: .analogies, name: fileName(questions.source), value: result.accuracy)
        }
    }

    private func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
