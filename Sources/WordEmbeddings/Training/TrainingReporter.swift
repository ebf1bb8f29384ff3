import LinearAlgebra
import Synchronization
import Training

/// Tells the listeners of a Word2Vec training how it goes.
///
/// Workers bring what they did at the end of each step. When a listener wants values of the layers, the next step of one
/// worker takes a sample, and the report goes out as soon as it is there; else a report goes out every half second.
final class TrainingReporter: Sendable {
    /// Centre words of one iteration, as listeners count.
    static let wordsPerIteration = 10_000
    /// Seconds between two reports when nobody wants more.
    private static let reportInterval = 0.5
    /// Least seconds between two searches for neighbours, and how many times as long as the last search it is at least.
    private static let neighborInterval = (least: 3.0, times: 200.0)

    private let listeners: ListenerGroup
    private let configuration: Word2Vec.Configuration
    private let schedule: TrainingSchedule
    private let tables: ModelTables
    private let objective: Objective
    private let probeWords: ProbeWords
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private let tally: Mutex<Tally>
    private let wordsBefore = Atomic<Int>(0)
    private let reporting = Mutex(Session())

    /// What the workers did.
    private struct Tally: Sendable {
        var loss = 0.0
        var pairs = 0
        var centres = 0
        var wordsByWorker: [Int]
    }

    /// How far reporting is. Listeners hear one thread at a time: whoever has this lock.
    private struct Session: Sendable {
        var lastReport = 0.0
        /// Workers that take a sample.
        var armed = 0
        /// The sample for the next report.
        var sample: [LayerValues]?
        var nextNeighbors = 0.0
        var detailSeconds = 0.0
    }

    init(
        listeners: [any TrainingListener], configuration: Word2Vec.Configuration, schedule: TrainingSchedule,
        tables: ModelTables, objective: Objective, probeWords: ProbeWords
    ) {
        self.listeners = ListenerGroup(listeners, offering: [.score, .layers, .neighbors])
        self.configuration = configuration
        self.schedule = schedule
        self.tables = tables
        self.objective = objective
        self.probeWords = probeWords
        // Block rotation's tasks belong to no thread.
        let workers = configuration.rotatesBlocks ? 0 : configuration.trainingThreads
        tally = Mutex(Tally(wordsByWorker: Array(repeating: 0, count: workers)))
        begin = clock.now
    }

    private var elapsed: Double { (clock.now - begin) / .seconds(1) }

    // MARK: - The course of a training

    /// Tells what will be trained, and the state before it.
    /// - Parameter wordsDone: words that a checkpoint brought.
    func start(wordsDone: Int = 0) {
        wordsBefore.store(wordsDone, ordering: .relaxed)
        guard !listeners.isEmpty else { return }
        listeners.start(
            TrainingRun(
                modelClass: "Word2Vec", configuration: configuration, layers: layers,
                totalUnits: schedule.totalWords, unit: "words", threads: configuration.trainingThreads,
                backend: computeBackend))
        reporting.withLock { session in
            let elapsed = elapsed
            let wanted = listeners.wanted(iteration: 0, elapsedSeconds: elapsed)
            if wanted.contains(.layers) { session.sample = parameterRows() }
            deliver(wanted, wordsDone: wordsDone, elapsed: elapsed, &session)
        }
    }

    /// A worker begins with a chunk of the corpus.
    func chunkBegins(_ worker: SkipGramWorker, wordsDone: Int) {
        guard !listeners.isEmpty else { return }
        reporting.withLockIfAvailable { arm(worker, wordsDone: wordsDone, elapsed: elapsed, &$0) }
    }

    /// A worker has done a step.
    /// - Parameters:
    ///   - words: how many words it read since the last step.
    ///   - wordsDone: words of all workers so far.
    ///   - goesOn: whether the worker will do another step with the same chunk.
    func stepDone(_ worker: SkipGramWorker, words: Int, wordsDone: Int, goesOn: Bool) {
        tally.withLock { tally in
            tally.loss += worker.loss
            tally.pairs += worker.pairs
            tally.centres += worker.centres
            tally.wordsByWorker[worker.number] += words
        }
        guard !listeners.isEmpty else { return }
        if worker.probe != nil, !goesOn {
            // Nobody but this worker can bring its sample, and it may get no further step: it waits for the lock.
            reporting.withLock { report(worker, wordsDone: wordsDone, goesOn: false, &$0) }
        } else {
            reporting.withLockIfAvailable { report(worker, wordsDone: wordsDone, goesOn: goesOn, &$0) }
        }
    }

    /// Tells what the model was measured by after an epoch.
    func measured(_ figures: [TrainingFigure], epoch: Int?, wordsDone: Int) {
        guard !listeners.isEmpty, !figures.isEmpty else { return }
        reporting.withLock { session in
            _ = deliver([], wordsDone: wordsDone, elapsed: elapsed, figures: figures, epoch: epoch, &session)
        }
    }

    /// A probe for the next step of a trainer without workers, when the report after it will need a sample or may be the
    /// last.
    /// - Parameters:
    ///   - centres: centre words of the step.
    ///   - words: words of the step.
    ///   - wordsDone: words so far.
    ///   - largestBlock: most rows of one table in a tile.
    ///   - step: tiles over which the sample is spread.
    func probe(centres: Int, words: Int, wordsDone: Int, largestBlock: Int, step: Int) -> BlockProbe? {
        guard !listeners.isEmpty else { return nil }
        let next = (tally.withLock { $0.centres } + centres) / Self.wordsPerIteration
        let isWanted =
            reporting.withLock { $0.sample == nil }
            && listeners.wanted(iteration: next, elapsedSeconds: elapsed).contains(.layers)
        let isNearEnd = schedule.totalWords - wordsDone <= 2 * words && listeners.everWanted.contains(.layers)
        guard isWanted || isNearEnd else { return nil }
        return BlockProbe(dimensions: tables.dimensions, largestBlock: largestBlock, step: step)
    }

    /// A trainer without workers has gone on.
    func tasksDone(_ tally: RotationTally, probe: BlockProbe?, centres: Int, wordsDone: Int) {
        self.tally.withLock { all in
            all.loss += tally.loss
            all.pairs += tally.pairs
            all.centres += centres
        }
        guard !listeners.isEmpty else { return }
        reporting.withLock { session in
            let elapsed = elapsed
            let wanted = listeners.wanted(
                iteration: self.tally.withLock { $0.centres } / Self.wordsPerIteration, elapsedSeconds: elapsed)
            if let probe, !probe.layers.isEmpty {
                session.sample = probe.layers
                session.detailSeconds += probe.seconds
            }
            let isDue =
                wanted.contains(.layers)
                ? session.sample != nil : !wanted.isEmpty || elapsed - session.lastReport >= Self.reportInterval
            guard isDue else { return }
            deliver(wanted, wordsDone: wordsDone, elapsed: elapsed, &session)
        }
    }

    /// Tells the last state.
    /// - Returns: centre words trained.
    func finish(wordsDone: Int) -> Int {
        let centres = tally.withLock { $0.centres }
        guard !listeners.isEmpty else { return centres }
        reporting.withLock { session in
            session.nextNeighbors = 0
            listeners.end(
                deliver(listeners.everWanted, wordsDone: wordsDone, elapsed: elapsed, &session))
        }
        return centres
    }

    // MARK: - When to report

    private func report(_ worker: SkipGramWorker, wordsDone: Int, goesOn: Bool, _ session: inout Session) {
        if let probe = worker.probe {
            worker.probe = nil
            session.armed -= 1
            session.sample = probe.layers
            session.detailSeconds += probe.seconds
        }
        let elapsed = elapsed
        let wanted = listeners.wanted(
            iteration: tally.withLock { $0.centres } / Self.wordsPerIteration, elapsedSeconds: elapsed)
        if wanted.contains(.layers)
            ? session.sample != nil : !wanted.isEmpty || elapsed - session.lastReport >= Self.reportInterval
        {
            deliver(wanted, wordsDone: wordsDone, elapsed: elapsed, &session)
        }
        if goesOn { arm(worker, wordsDone: wordsDone, elapsed: elapsed, &session) }
    }

    /// Lets a worker take a sample when the report after its next step will need one, or may be the last.
    private func arm(_ worker: SkipGramWorker, wordsDone: Int, elapsed: Double, _ session: inout Session) {
        guard worker.probe == nil else { return }
        let ahead = schedule.wordsPerStep * configuration.trainingThreads
        let next = (tally.withLock { $0.centres } + ahead) / Self.wordsPerIteration
        let isWanted =
            session.armed == 0 && session.sample == nil
            && listeners.wanted(iteration: next, elapsedSeconds: elapsed).contains(.layers)
        let isNearEnd =
            schedule.totalWords - wordsDone <= 2 * ahead && listeners.everWanted.contains(.layers)
        guard isWanted || isNearEnd else { return }
        session.armed += 1
        worker.probe = BlockProbe(
            dimensions: tables.dimensions, largestBlock: objective.largestBlock,
            step: schedule.wordsPerStep / objective.wordsPerBlock)
    }

    // MARK: - What to report

    @discardableResult
    private func deliver(
        _ wanted: TrainingDetail, wordsDone: Int, elapsed: Double, figures: [TrainingFigure] = [], epoch: Int? = nil,
        _ session: inout Session
    ) -> TrainingProgress {
        let state = tally.withLock { tally in
            defer {
                tally.loss = 0
                tally.pairs = 0
            }
            return tally
        }
        let done = min(schedule.totalWords, wordsDone)
        var progress = TrainingProgress(
            iteration: state.centres / Self.wordsPerIteration, completedUnits: done,
            totalUnits: schedule.totalWords, score: state.pairs > 0 ? state.loss / Double(state.pairs) : nil,
            learningRate: schedule.learningRate(after: done), elapsedSeconds: elapsed)
        progress.examples = state.centres
        progress.epoch = epoch ?? schedule.epoch(after: done)
        progress.figures = figures
        progress.unitsBefore = min(done, wordsBefore.load(ordering: .relaxed))
        progress.unitsByThread = state.wordsByWorker
        if wanted.contains(.layers) {
            progress.layers = session.sample ?? []
            session.sample = nil
        }
        if wanted.contains(.neighbors), elapsed >= session.nextNeighbors {
            let start = threadProcessorSeconds()
            progress.neighbors = probeWords.neighbors(in: tables)
            let seconds = threadProcessorSeconds() - start
            session.detailSeconds += seconds
            session.nextNeighbors =
                elapsed + max(Self.neighborInterval.least, Self.neighborInterval.times * seconds)
        }
        progress.detailSeconds = session.detailSeconds
        session.lastReport = elapsed
        listeners.tell(progress)
        return progress
    }

    private var layers: [TrainingLayer] {
        let taken =
            "the rows that up to \(BlockProbe.blockLimit) training steps touch, spread over some "
            + "\(schedule.wordsPerStep) words of one thread, each row once a step; at most \(BlockProbe.floatLimit) "
            + "values. At iteration 0: parameters alone, of rows spread evenly over the table."
        let outputs =
            switch (configuration.samplesNegatives, configuration.hierarchicalSoftmax) {
            case (true, true): "output table, and inner nodes of the Huffman tree"
            case (false, true): "inner nodes of the Huffman tree"
            default: "output table"
            }
        let inputs =
            configuration.continuousBagOfWords
            ? "The inputs of a step are means of rows: parameters, gradients, updates and activations are theirs. "
            : "Activations: the rows of the words in the middle of those steps' windows. "
        return [
            TrainingLayer(
                name: "input", kind: "embedding table", shape: [tables.inputRows, tables.dimensions],
                sampling: "Parameters, gradients and updates: \(taken) \(inputs)"),
            TrainingLayer(
                name: "output", kind: outputs, shape: [objective.outputRows, tables.dimensions], inputs: ["input"],
                sampling: "Parameters, gradients and updates: \(taken) Activations: the logits of those steps, the "
                    + "products of the sampled rows of both tables."),
        ]
    }

    /// The parameters of rows spread evenly over both tables.
    private func parameterRows() -> [LayerValues] {
        let limit = BlockProbe.floatLimit
        return [
            LayerValues(
                name: "input",
                parameters: tables.spreadRows(of: tables.inputs, rows: tables.inputRows, limit: limit)),
            LayerValues(
                name: "output",
                parameters: tables.spreadRows(of: tables.outputs, rows: objective.outputRows, limit: limit)),
        ]
    }
}
