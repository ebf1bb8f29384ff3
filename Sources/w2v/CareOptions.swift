import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v train` that keep the state and measure the model while it trains.
struct CareOptions: ParsableArguments {
    @Option(help: "Folder in which the state of the training is kept now and then.", completion: .directory)
    var checkpoint: String?

    @Option(help: "Time or words between two checkpoints, such as 30s, 5m, 2h or 1000000w. (default: 5m)")
    var checkpointEvery: String?

    @Flag(
        help: """
            Go on from the folder's checkpoint; without one, begin at the beginning. With --deterministic the result is \
            the same as without the interruption. (default: off)
            """)
    var resume = false

    @Option(
        help: "Text that is not trained on: after each epoch the mean loss over its pairs is said.",
        completion: .file())
    var validation: String?

    @Option(help: "End when the validation loss has not fallen for that many epochs; the best state is the result.")
    var patience: Int?

    @Option(
        help: "Judged pairs of words, as for w2v evaluate: their figure is said after each epoch.", completion: .file())
    var evaluatePairs: [String] = []

    @Option(help: "Analogies, as for w2v evaluate: their figure is said after each epoch.", completion: .file())
    var evaluateAnalogies: [String] = []

    func validate() throws {
        if checkpoint == nil, checkpointEvery != nil || resume {
            throw ValidationError("--checkpoint-every and --resume go with --checkpoint.")
        }
        if let checkpointEvery, Checkpoints.Interval(checkpointEvery) == nil {
            throw ValidationError(
                "--checkpoint-every: expected 30s, 5m, 2h or 1000000w, found \(printable(checkpointEvery)).")
        }
        if patience != nil, validation == nil { throw ValidationError("--patience goes with --validation.") }
        if let patience, patience < 1 {
            throw ValidationError("--patience: expected 1 or more epochs, found \(patience).")
        }
    }

    /// Where checkpoints go, if anywhere.
    var checkpoints: Checkpoints? {
        guard let checkpoint else { return nil }
        var checkpoints = Checkpoints(folder: checkpoint)
        if let interval = checkpointEvery.flatMap(Checkpoints.Interval.init) { checkpoints.interval = interval }
        checkpoints.resumes = resume
        return checkpoints
    }

    /// Reads the files of pairs and analogies.
    func evaluation() throws -> EpochEvaluation {
        var evaluation = EpochEvaluation()
        evaluation.validation = validation.map { Corpus(path: $0) }
        evaluation.patience = patience
        evaluation.pairs = try evaluatePairs.map { try WordPairs(path: $0) }
        evaluation.analogies = try evaluateAnalogies.map { try AnalogyQuestions(path: $0) }
        return evaluation
    }

    /// What is to be known before hours of work begin.
    func sayBeginning(quiet: Bool) {
        guard let checkpoints else { return }
        switch (isFile(checkpoints.path), resume) {
        case (true, false):
            Console.say(
                "w2v: warning: \(printable(checkpoints.path)) is of an earlier training and will be replaced; --resume "
                    + "goes on with it")
        case (false, true):
            if !quiet {
                Console.say("there is no \(printable(checkpoints.path)): the training begins at the beginning")
            }
        default: break
        }
    }

    /// What the training came to besides its vectors.
    func sayOutcome(_ outcome: TrainingOutcome, quiet: Bool) {
        if let failure = outcome.checkpointFailure {
            Console.say("w2v: warning: the last checkpoint could not be written: \(failure)")
        }
        guard !quiet else { return }
        if outcome.endedEarly {
            Console.say("ended early: the validation loss has not fallen for \(patience ?? 0) epochs")
        }
        if let best = outcome.bestEpoch { Console.say("the result is the state after epoch \(best), the best one") }
    }

    private func isFile(_ path: String) -> Bool { (try? MappedFile(path: path)) != nil }
}

/// Says the figures after each epoch, each on a line of its own.
final class FigureLines: TrainingListener {
    func iterationDone(_ progress: TrainingProgress) {
        guard !progress.figures.isEmpty else { return }
        let figures = progress.figures.map { figure in
            switch figure.kind {
            case .validationLoss: "validation loss \(fixed(figure.value, 4))"
            case .pairs: "\(printable(figure.name)) Spearman \(fixed(figure.value, 4))"
            case .analogies: "\(printable(figure.name)) \(fixed(100 * figure.value, 2)) %"
            }
        }
        Console.say("epoch \(progress.epoch ?? 0): \(figures.joined(separator: ", "))")
    }
}
