internal import LinearAlgebra
internal import Training

/// The iterations of one `fit`, from the beginning or from a checkpoint.
final class DescentRun {
    private let descent: Descent
    private let configuration: BarnesHutTsne.Configuration
    private let reporter: TsneReporter
    private let cancellation: Cancellation?
    private let checkpoints: TsneCheckpoints?
    /// Of the affinities, in the input's order; taken when there are checkpoints.
    private let checksum: UInt64
    private var schedule: Schedule

    /// Iterations done.
    private(set) var iteration = 0
    /// Of the map after them.
    private(set) var divergence = Double.nan
    private(set) var wasCancelled = false
    private(set) var snapshots: [Embedding.Snapshot] = []

    /// Iterations after which the points are numbered anew.
    private static let renumberEvery = 50

    /// - Parameter affinities: those of the descent, in the order of the input.
    init(
        _ descent: Descent, configuration: BarnesHutTsne.Configuration, affinities: SparseAffinities,
        reporter: TsneReporter, cancellation: Cancellation?, checkpoints: TsneCheckpoints?,
        from checkpoint: TsneCheckpoint?
    ) throws(TsneError) {
        self.descent = descent
        self.configuration = configuration
        self.reporter = reporter
        self.cancellation = cancellation
        self.checkpoints = checkpoints
        checksum = checkpoints == nil && checkpoint == nil ? 0 : affinities.checksum
        schedule = Schedule(configuration, points: descent.count)
        guard let checkpoint else { return }
        try checkpoint.check(configuration, points: descent.count, affinities: checksum)
        descent.state = checkpoint.state
        schedule = checkpoint.header.schedule.with(configuration)
        iteration = checkpoint.iteration
    }

    var exaggerationEnd: Int { min(schedule.exaggerationEnd, iteration) }

    /// What the user should know.
    var warnings: [String] {
        let uses = descent.uses
        guard configuration.method == .interpolation, uses.tree > 0 else { return [] }
        return ["in \(uses.tree) iterations the map was too wide or too sparse for the grid; the tree was used"]
    }

    /// Runs the iterations that are left.
    func descend() throws(TsneError) {
        let begin = iteration
        var stops = false
        while iteration < configuration.maxIterations, !stops {
            wasCancelled = cancellation?.isCancelled ?? false
            let isDue = iteration > begin && iteration % (checkpoints?.every ?? .max) == 0
            if isDue || wasCancelled { try writeCheckpoint() }
            if wasCancelled { break }
            if let interval = configuration.snapshotInterval, iteration % interval == 0 { keep() }
            stops = try step()
        }
        if configuration.snapshotInterval != nil { keep() }
        reporter.learningRate = schedule.learningRate(max(0, iteration - 1))
        divergence = reporter.tellLast(iteration, descent)
    }

    /// One iteration.
    /// - Returns: whether it was the last one.
    private func step() throws(TsneError) -> Bool {
        if iteration % Self.renumberEvery == 0 { descent.renumber() }
        if configuration.useAdaGrad, schedule.begins(iteration) { descent.forget() }
        reporter.learningRate = schedule.learningRate(iteration)
        let report = reporter.prepare(iteration, descent)
        let wanted = schedule.wantsDivergence(iteration)
        let outcome = descent.step(
            schedule.options(iteration), withDivergence: wanted || report?.withDivergence ?? false,
            observation: report?.observation)
        guard outcome.finite else {
            reporter.tellDiverged(iteration)
            throw .notANumber(iteration: iteration)
        }
        if let report { reporter.tell(report, divergence: report.withDivergence ? outcome.divergence : nil) }
        defer { iteration += 1 }
        guard wanted, let divergence = outcome.divergence else { return false }
        return schedule.note(divergence, iteration: iteration)
    }

    private func keep() { snapshots.append(.init(iteration: iteration, coordinates: descent.coordinates)) }

    private func writeCheckpoint() throws(TsneError) {
        guard let checkpoints else { return }
        let header = TsneCheckpoint.Header(
            configuration: configuration, schedule: schedule, iteration: iteration, points: descent.count,
            level: .current, affinities: String(checksum, radix: 16))
        try TsneCheckpoint(header: header, state: descent.state).write(to: checkpoints.path)
    }
}
