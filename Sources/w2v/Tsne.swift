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

    enum Initialization: String, CaseIterable, ExpressibleByArgument {
        case pca
        case random
    }

    enum Method: String, CaseIterable, ExpressibleByArgument {
        case auto
        case barnesHut = "barnes-hut"
        case interpolation
        case exact

        var value: BarnesHutTsne.Configuration.Method {
            switch self {
            case .auto: .auto
            case .barnesHut: .barnesHut
            case .interpolation: .interpolation
            case .exact: .exact
            }
        }
    }

    @Argument(help: "File of vectors.", completion: .file())
    var vectors: String

    @Option(help: "Interactive HTML page to write.", completion: .file())
    var plot: String?

    @Option(help: "CSV file to write: word, coordinates, rank, count.", completion: .file())
    var csv: String?

    @Option(
        help: """
            Further columns of the CSV, separated by commas: kept (share of the point's 10 true neighbours that are among \
            its 10 nearest on the map), continuity, cluster.
            """)
    var csvColumns = CSVColumns()

    @Option(
        help: """
            Find so many groups of vectors (1 to 256, or: auto) by k-means, named by their most frequent words, and colour \
            the plot by them. (default: none; auto with --csv-columns cluster)
            """)
    var clusters: ClusterCount?

    @Flag(help: "In the CSV, put ' before words that a spreadsheet would take for formulas. (default: off)")
    var csvNeutralizeFormulas = false

    @Option(help: "Labels for the rows of a .npy, one a line. (default: row numbers)")
    var labels: String?

    @Option(help: "Dimensions of the map: 2 or 3. (default: 2; those of the map with --onto)")
    var dims: Int?

    @Option(help: "Map only that many words, the most frequent ones; or: all.")
    var words = WordLimit.first(LookupTable.defaultPlotWords)

    @Option(
        help:
            "Effective number of neighbours of each point; several, separated by commas, are taken together. (default: 30; 5 with --onto)"
    )
    var perplexity: NumberList?

    @Option(
        help: """
            How neighbours are sought: exact, approximate (a share of them is missed; it is measured and printed) or \
            auto (approximate above 150,000 points).
            """)
    var neighbors = NeighborMethodName.auto

    @Option(help: "How the repulsion is summed: auto, barnes-hut, interpolation or exact.")
    var method = Method.auto

    @Option(help: "Accuracy of the repulsion: 0 is exact, larger is faster.")
    var theta = 0.5

    @Option(help: "Gradient steps. (default: 1000; 250 with --onto)")
    var maxIter: Int?

    @Option(help: "Step at which early exaggeration ends. (default: 250; 0 with --initial)")
    var stopLying: Int?

    @Option(help: "Step size of gradient descent, or: auto.")
    var learningRate = Automatic.automatic

    @Option(help: "Momentum at the start.")
    var momentum = 0.5

    @Option(help: "Momentum after the switch.")
    var finalMomentum = 0.8

    @Option(help: "Step at which the momentum is switched.")
    var switchMomentum = 250

    @Flag(help: "AdaGrad steps in place of gains and momentum. (default: off)")
    var adagrad = false

    @Flag(inversion: .prefixedNo, help: "Centre the columns and divide all by the largest absolute value.")
    var normalize = true

    @Flag(help: "Reduce the vectors to 50 dimensions by PCA first. (default: off)")
    var pca = false

    @Option(
        help: """
            Distance: cosine, euclidean, manhattan or dot (largest inner product). (default: cosine for words, euclidean \
            for .npy)
            """)
    var metric: MetricName?

    @Option(name: .customLong("init"), help: "Start of the map: pca or random.")
    var initialization = Initialization.pca

    @Option(
        help: """
            Table (CSV) of a map to start from, by word; the finished map is turned onto it. Words that it lacks start \
            between their neighbours.
            """, completion: .file())
    var initial: String?

    @Option(
        help: """
            Table (CSV) of an existing map: the vectors are placed on it, and its words stay where they are. Needs \
            --reference.
            """, completion: .file())
    var onto: String?

    @Option(help: "With --onto: the file of vectors that the map was made from.", completion: .file())
    var reference: String?

    @Option(help: "Map a sample of so many points, place the others on that map, then move all of them (--refine).")
    var landmarks: Int?

    @Option(help: "With --landmarks: steps of all points after the others were placed. (default: 50)")
    var refine: Int?

    @Option(
        help: "File of the rows' neighbours, as w2v neighbors --graph writes it: nothing is sought then.",
        completion: .file())
    var neighborGraph: String?

    @Option(help: "Random seed; the same seed gives the same map, whatever the number of threads.")
    var seed: UInt64 = 1

    @Option(help: "Threads. (default: one for each processor)")
    var threads: Int?

    @OptionGroup(title: "Phases, end and checkpoints of the descent")
    var descent: DescentOptions

    @OptionGroup(title: "Watching the work")
    var watching: WatchOptions

    @Flag(name: .shortAndLong, help: "Say nothing but warnings and errors.")
    var quiet = false

    func validate() throws {
        if plot == nil, csv == nil {
            throw ValidationError("Nothing to write: give --plot FILE, --csv FILE or both.")
        }
        if (onto == nil) != (reference == nil) {
            throw ValidationError("--onto MAP.csv and --reference VECTORS belong together.")
        }
        if onto != nil {
            let names: [(String, Bool)] = [
                ("--initial", initial != nil), ("--landmarks", landmarks != nil),
                ("--neighbor-graph", neighborGraph != nil), ("--csv-columns", !csvColumns.names.isEmpty),
                ("--snapshots", descent.snapshots != nil), ("--checkpoint", descent.checkpoint != nil),
                ("--resume", descent.resume != nil), ("several perplexities", (perplexity?.numbers.count ?? 1) > 1),
                ("--ui, --stats and --remote-ui", watching.watches),
            ]
            if let (name, _) = names.first(where: \.1) { throw ValidationError("--onto goes without \(name).") }
        }
        if !csvColumns.names.isEmpty, csv == nil { throw ValidationError("--csv-columns needs --csv.") }
        if refine != nil, landmarks == nil { throw ValidationError("--refine needs --landmarks.") }
        if refine == 0, csvColumns.needsTrust {
            throw ValidationError("--csv-columns kept and continuity are not measured with --refine 0.")
        }
        if landmarks != nil, initial != nil || neighborGraph != nil {
            throw ValidationError("--landmarks goes without --initial and --neighbor-graph.")
        }
        if landmarks != nil, descent.checkpoint != nil || descent.resume != nil {
            throw ValidationError("--landmarks goes without --checkpoint and --resume.")
        }
        if let landmarks, landmarks < 4 {
            throw ValidationError("--landmarks: expected 4 or more, found \(landmarks).")
        }
        if let refine, refine < 0 { throw ValidationError("--refine: expected 0 or more, found \(refine).") }
        try descent.check(csv: csv)
    }

    func run() throws {
        let configuration = makeConfiguration()
        try configuration.validate()
        try OutputCheck.canWrite(
            [plot, csv, descent.checkpoint].compactMap { $0 } + watching.outputs,
            reading: [vectors, labels, initial, onto, reference, neighborGraph].compactMap { $0 })
        if let onto, let reference { return try place(onto: onto, reference: reference) }
        let checkpoint = try descent.resume.map { try TsneCheckpoint(path: $0) }
        let input = try MapInput.read(vectors, limit: words.limit, labelFile: labels)
        for note in input.notes { Console.say("w2v: note: \(printable(note))") }
        if !quiet { announce(input, configuration) }
        let graph = try neighborGraph.map { try NeighborGraph.read(path: $0) }
        let start = try initial.map { try layout(from: $0, for: input) }
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
        if csvColumns.needsTrust, map.trust == nil {
            Console.say(
                "w2v: warning: kept and continuity are not in \(printable(csv ?? "")): a map this small has no measures"
            )
        }
        for warning in map.warnings { Console.say("w2v: warning: \(printable(warning))") }
        try write(map, input)
        if !quiet { summarize(map, seconds: stopwatch.seconds) }
        let written = [plot, csv].compactMap { $0 }.map(printable).joined(separator: " and ")
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
            if let landmarks {
                return try tsne.fit(
                    input.matrix, landmarks: landmarks, refinement: refine ?? 50, metric: input.metric,
                    labels: input.labels, cancellation: cancellation)
            }
            return try tsne.fit(
                input.matrix, metric: input.metric, neighbors: graph, labels: input.labels, cancellation: cancellation,
                checkpoints: descent.checkpoints, from: checkpoint)
        } catch {
            throw naming(error)
        }
    }

    /// The error with the name of the file that it is about, where it is about one.
    private func naming(_ error: TsneError) -> any Error {
        switch error {
        case .invalidGraph(let expected, let found):
            CommandError("\(printable(neighborGraph ?? "")): expected \(expected), found \(found)")
        case .misfit(let reason): CommandError("\(printable(descent.resume ?? "")): \(reason)")
        default: error
        }
    }

    func makeConfiguration() -> BarnesHutTsne.Configuration {
        var configuration = BarnesHutTsne.Configuration()
        configuration.dimensions = dims ?? 2
        if let numbers = perplexity?.numbers {
            configuration.perplexity = numbers[0]
            if numbers.count > 1 { configuration.perplexities = numbers }
        }
        configuration.neighborMethod = neighbors.method
        configuration.pointTrust = csvColumns.needsTrust
        configuration.method = method.value
        configuration.theta = theta
        if let maxIter { configuration.maxIterations = maxIter }
        configuration.stopLyingIteration = stopLying ?? (initial == nil ? 250 : 0)
        configuration.learningRate = learningRate.value
        configuration.momentum = momentum
        configuration.finalMomentum = finalMomentum
        configuration.switchMomentumIteration = switchMomentum
        configuration.useAdaGrad = adagrad
        configuration.normalize = normalize
        configuration.usePca = pca
        configuration.metric = metric?.metric
        configuration.initialization = initialization == .pca ? .pca : .random
        configuration.seed = seed
        configuration.threads = threads == 0 ? nil : threads
        descent.apply(to: &configuration)
        return configuration
    }

    /// Says what will be mapped and, when finding the neighbours takes minutes, how long and with how much memory.
    private func announce(_ input: MapInput, _ configuration: BarnesHutTsne.Configuration) {
        let matrix = input.matrix
        let part = input.totalRows.map { $0 > matrix.rows ? " of \(grouped($0))" : "" } ?? ""
        Console.say("mapping \(grouped(matrix.rows))\(part) \(input.unit) of \(matrix.columns) dimensions")
        let k = Int(3 * min(1e6, configuration.perplexities?.max() ?? configuration.perplexity))
        if neighborGraph != nil || landmarks != nil { return }
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
    func groups(_ input: MapInput) throws -> ScatterPlot.Groups? {
        guard clusters != nil || csvColumns.names.contains(.cluster), input.matrix.rows > 0 else { return nil }
        let found = try VectorClusters(
            of: input.matrix, metric: metric?.metric ?? input.metric, count: clusters?.number, seed: seed,
            threads: threads.flatMap { $0 > 0 ? $0 : nil } ?? availableProcessors)
        if !quiet {
            Console.say("\(found.count) clusters, silhouette \(fixed(found.silhouette, 3))")
        }
        return ScatterPlot.Groups(
            assignments: found.assignments, names: found.names(labels: input.labels, counts: input.counts))
    }

    private func write(_ map: Embedding, _ input: MapInput) throws {
        let groups = try groups(input)
        if let csv {
            try EmbeddingCSV(
                coordinates: map.coordinates, labels: input.labels, counts: input.counts,
                neutralizeFormulas: csvNeutralizeFormulas, columns: csvColumns.columns(of: map, groups)
            ).write(to: csv)
            for snapshot in map.snapshots {
                try EmbeddingCSV(
                    coordinates: snapshot.coordinates, labels: input.labels, counts: input.counts,
                    neutralizeFormulas: csvNeutralizeFormulas
                ).write(to: DescentOptions.snapshotPath(csv, iteration: snapshot.iteration))
            }
        }
        if let plot {
            try ScatterPlot(
                coordinates: map.coordinates, labels: input.labels, counts: input.counts, groups: groups,
                title: fileName(vectors), summary: ScatterPlot.Summary(map, totalPoints: input.totalRows)
            ).writeHTML(to: plot)
        }
    }

    private func summarize(_ map: Embedding, seconds: Double) {
        var facts = "\(map.iterations) steps in \(fixed(seconds, 1)) s: KL divergence \(fixed(map.klDivergence, 4))"
        if let kept = map.neighborsKept {
            facts += ", \(fixed(100 * kept, 1)) % of the true 10 nearest neighbours kept"
        }
        Console.say(facts)
        if let trust = map.trust {
            Console.say(
                "trustworthiness \(fixed(trust.trustworthiness, 4)), continuity \(fixed(trust.continuity, 4)) "
                    + "(\(grouped(trust.sampledPoints)) points); correlation of distances "
                    + "\(fixed(trust.shepardCorrelation, 3)) (\(grouped(trust.sampledPairs)) pairs)")
        }
        if let recall = map.neighborRecall {
            Console.say(
                "the approximate search found \(fixed(100 * recall, 1)) % of the neighbours, by a sample of "
                    + "\(grouped(ApproximateNeighbors.samplePoints)) points")
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
