import ArgumentParser
import EmbeddingVisualization

/// `w2v tsne`: from vectors to a map.
struct Tsne: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draws a map of vectors by t-SNE.",
        discussion: """
            Reads word2vec (binary or text), GloVe, or a two-dimensional .npy, each also as gzip; the format is \
            recognised by the content. The vocabulary file that w2v train wrote beside the vectors gives the counts. \
            Ctrl-C writes the map so far.

            The same theta is more accurate here than in DL4J and bhtsne, which compare half the width of a cell.
            """)

    @Argument(help: "File of vectors.", completion: .file())
    var vectors: String

    @OptionGroup(title: "Files, words and groups")
    var files: MapFileOptions

    @OptionGroup(title: "Neighbours")
    var near: NeighborOptions

    @OptionGroup(title: "The descent")
    var descent: DescentOptions

    @OptionGroup(title: "Its phases, end and checkpoints")
    var phases: PhaseOptions

    @OptionGroup(title: "Other maps")
    var maps: OtherMapOptions

    @OptionGroup(title: "Watching the work")
    var watching: WatchOptions

    @Option(help: "Threads. (default: one for each processor)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "Say nothing but warnings and errors.")
    var quiet = false

    func validate() throws {
        try maps.check(files, near, phases)
        if maps.onto != nil, watching.watches {
            throw ValidationError("--onto goes without --ui, --stats and --remote-ui.")
        }
        try phases.check(csv: files.csv)
    }

    func run() throws {
        let configuration = makeConfiguration()
        try configuration.validate()
        try OutputCheck.canWrite(
            files.outputs + [phases.checkpoint].compactMap { $0 } + watching.outputs,
            reading: ([vectors, files.labels, near.neighborGraph] + maps.inputs).compactMap { $0 })
        if let onto = maps.onto, let reference = maps.reference { return try place(onto: onto, reference: reference) }
        let checkpoint = try phases.resume.map { try TsneCheckpoint(path: $0) }
        let input = try MapInput.read(vectors, limit: files.words.limit, labelFile: files.labels)
        for note in input.notes { Console.say("w2v: note: \(printable(note))") }
        if !quiet { announce(input, configuration) }
        let graph = try near.neighborGraph.map { try NeighborGraph.read(path: $0) }
        let start = try maps.initial.map { try layout(from: $0, for: input) }
        let tsne = BarnesHutTsne(configuration: configuration, initialLayout: start?.layout)

        let interruption = Interruption()
        let watch = try Watch(watching, quiet: quiet)
        defer { watch.close() }
        let line = ProgressLine(averagesScore: false, Self.describe)
        tsne.setListeners((quiet ? [] : [line]) + watch.listeners)
        let stopwatch = Stopwatch()
        let fitted = try fit(tsne, input, graph, checkpoint, interruption.cancellation)
        let map = start.map { fitted.aligned(onto: $0.layout, rows: $0.known) } ?? fitted
        if map.cancelled, map.iterations == 0 {
            Console.say("stopped before the first step; nothing was written")
            throw ExitCode(Interruption.exitStatus)
        }
        interruption.protectWriting()
        if files.csvColumns.needsTrust, map.trust == nil {
            Console.say(
                "w2v: warning: kept and continuity are not in \(printable(files.csv ?? "")): a map this small has no measures"
            )
        }
        for warning in map.warnings { Console.say("w2v: warning: \(printable(warning))") }
        let groups = try groups(of: input)
        try files.write(
            map.coordinates, input, groups: groups, columns: files.csvColumns.columns(of: map, groups),
            title: fileName(vectors), summary: ScatterPlot.Summary(map, totalPoints: input.totalRows))
        try files.write(map.snapshots, input)
        if !quiet { summarize(map, seconds: stopwatch.seconds) }
        let written = files.outputs.map(printable).joined(separator: " and ")
        if map.cancelled {
            Console.say("stopped early after \(map.iterations) steps; wrote \(written)")
            throw ExitCode(Interruption.exitStatus)
        }
        if !quiet { Console.say("wrote \(written)") }
        watch.finish(interruption)
    }

    private func fit(
        _ tsne: BarnesHutTsne, _ input: MapInput, _ graph: NeighborGraph?, _ checkpoint: TsneCheckpoint?,
        _ cancellation: Cancellation
    ) throws -> Embedding {
        do {
            if let landmarks = maps.landmarks {
                return try tsne.fit(
                    input.matrix, landmarks: landmarks, refinement: maps.refine ?? 50, metric: input.metric,
                    labels: input.labels, cancellation: cancellation)
            }
            return try tsne.fit(
                input.matrix, metric: input.metric, neighbors: graph, labels: input.labels, cancellation: cancellation,
                checkpoints: phases.checkpoints, from: checkpoint)
        } catch {
            throw naming(error)
        }
    }

    /// The error with the name of the file that it is about, where it is about one.
    private func naming(_ error: TsneError) -> any Error {
        switch error {
        case .invalidGraph(let expected, let found):
            CommandError("\(printable(near.neighborGraph ?? "")): expected \(expected), found \(found)")
        case .misfit(let reason): CommandError("\(printable(phases.resume ?? "")): \(reason)")
        default: error
        }
    }

    /// What the options ask for.
    func makeConfiguration() -> BarnesHutTsne.Configuration {
        var configuration = BarnesHutTsne.Configuration()
        near.apply(to: &configuration)
        descent.apply(to: &configuration)
        if descent.stopLying == nil, maps.initial != nil { configuration.stopLyingIteration = 0 }
        phases.apply(to: &configuration)
        configuration.pointTrust = files.csvColumns.needsTrust
        configuration.threads = threads
        return configuration
    }

    /// Says what will be mapped and, when finding the neighbours takes minutes, how long and with how much memory.
    private func announce(_ input: MapInput, _ configuration: BarnesHutTsne.Configuration) {
        let matrix = input.matrix
        let part = input.totalRows.map { $0 > matrix.rows ? " of \(grouped($0))" : "" } ?? ""
        Console.say("mapping \(grouped(matrix.rows))\(part) \(input.unit) of \(matrix.columns) dimensions")
        let k = Int(3 * min(1e6, configuration.perplexities?.max() ?? configuration.perplexity))
        if near.neighborGraph != nil || maps.landmarks != nil { return }
        if configuration.neighborMethod.isApproximate(points: matrix.rows, k: k) { return }
        let estimate = BarnesHutTsne.estimate(
            points: matrix.rows, dimensions: matrix.columns, configuration: configuration)
        if estimate.seconds > 60 {
            Console.say(
                "finding the exact neighbours will take about \(clockTime(estimate.seconds)) "
                    + "and \(grouped(max(1, estimate.bytes >> 20))) MiB")
        }
    }

    /// Groups of the vectors, when they are wanted.
    func groups(of input: MapInput) throws -> ScatterPlot.Groups? {
        guard files.wantsGroups, input.matrix.rows > 0 else { return nil }
        let found = try VectorClusters(
            of: input.matrix, metric: near.metric?.metric ?? input.metric, count: files.clusters?.number,
            seed: descent.seed, threads: makeConfiguration().resolvedThreads)
        if !quiet { Console.say("\(found.count) clusters, silhouette \(fixed(found.silhouette, 3))") }
        return ScatterPlot.Groups(
            assignments: found.assignments, names: found.names(labels: input.labels, counts: input.counts))
    }

    private func summarize(_ map: Embedding, seconds: Double) {
        var facts = "\(map.iterations) steps in \(fixed(seconds, 1)) s"
        // Fewer than 4 points have none.
        if !map.klDivergence.isNaN { facts += ": KL divergence \(fixed(map.klDivergence, 4))" }
        if let kept = map.neighborsKept {
            facts += ", \(fixed(100 * kept, 1)) % of the true 10 nearest neighbours kept"
        }
        Console.say(facts)
        if map.configuration.automaticExaggerationEnd, map.iterations > 0 {
            Console.say("the early exaggeration ended at step \(map.exaggerationEnd)")
        }
        if map.configuration.earlyStop != nil, !map.cancelled, map.iterations < map.configuration.maxIterations {
            Console.say(
                "stopped before step \(grouped(map.configuration.maxIterations)): the divergence no longer falls")
        }
        if let trust = map.trust {
            Console.say(
                "trustworthiness \(fixed(trust.trustworthiness, 4)), continuity \(fixed(trust.continuity, 4)) "
                    + "(\(grouped(trust.sampledPoints)) points); correlation of distances "
                    + "\(fixed(trust.shepardCorrelation, 3)) (\(grouped(trust.sampledPairs)) pairs)")
        }
        if let recall = map.neighborRecall {
            Console.say(
                "the approximate search found \(fixed(100 * recall, 1)) % of the neighbours, by a sample of "
                    + "\(grouped(min(map.coordinates.rows, ApproximateNeighbors.samplePoints))) points")
        }
    }

    @Sendable private static func describe(_ progress: TrainingProgress) -> String {
        let divergence = progress.score.map { "  KL \(fixed($0, 4))" } ?? ""
        return "step \(progress.iteration)  \(fixed(progress.unitsPerSecond, 1)) steps/s\(divergence)"
    }
}

/// The part of a path behind the last slash.
func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}
