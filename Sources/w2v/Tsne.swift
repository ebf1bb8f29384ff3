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

    @Flag(help: "In the CSV, put ' before words that a spreadsheet would take for formulas. (default: off)")
    var csvNeutralizeFormulas = false

    @Option(help: "Labels for the rows of a .npy, one a line. (default: row numbers)")
    var labels: String?

    @Option(help: "Dimensions of the map: 2 or 3.")
    var dims = 2

    @Option(help: "Map only that many words, the most frequent ones; or: all.")
    var words = WordLimit.first(LookupTable.defaultPlotWords)

    @Option(help: "Effective number of neighbours of each point.")
    var perplexity = 30.0

    @Option(help: "How the repulsion is summed: auto, barnes-hut, interpolation or exact.")
    var method = Method.auto

    @Option(help: "Accuracy of the repulsion: 0 is exact, larger is faster.")
    var theta = 0.5

    @Option(help: "Gradient steps.")
    var maxIter = 1000

    @Option(help: "Step at which early exaggeration ends.")
    var stopLying = 250

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
        try descent.check(csv: csv)
    }

    func run() throws {
        let tsne = BarnesHutTsne(configuration: makeConfiguration())
        try tsne.configuration.validate()
        try OutputCheck.canWrite(
            [plot, csv, descent.checkpoint].compactMap { $0 } + watching.outputs,
            reading: [vectors, labels].compactMap { $0 })
        let checkpoint = try descent.resume.map { try TsneCheckpoint(path: $0) }
        let input = try MapInput.read(vectors, limit: words.limit, labelFile: labels)
        for note in input.notes { Console.say("w2v: note: \(printable(note))") }
        if !quiet { announce(input, tsne.configuration) }

        let interruption = Interruption()
        let watch = try Watch(watching, quiet: quiet)
        defer { watch.close() }
        let line = ProgressLine(averagesScore: false, Self.describe)
        tsne.setListeners((quiet ? [] : [line]) + watch.listeners)
        let stopwatch = Stopwatch()
        let map = try tsne.fit(
            input.matrix, metric: input.metric, labels: input.labels, cancellation: interruption.cancellation,
            checkpoints: descent.checkpoints, from: checkpoint)
        if map.cancelled, map.iterations == 0 {
            Console.say("stopped before the first step; nothing was written")
            throw ExitCode(Interruption.exitStatus)
        }
        interruption.protectWriting()
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

    private func makeConfiguration() -> BarnesHutTsne.Configuration {
        var configuration = BarnesHutTsne.Configuration()
        configuration.dimensions = dims
        configuration.perplexity = perplexity
        configuration.method = method.value
        configuration.theta = theta
        configuration.maxIterations = maxIter
        configuration.stopLyingIteration = stopLying
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
        let estimate = BarnesHutTsne.estimate(
            points: matrix.rows, dimensions: matrix.columns, configuration: configuration)
        if estimate.seconds > 60 {
            Console.say(
                "finding the exact neighbours will take about \(clockTime(estimate.seconds)) "
                    + "and \(grouped(max(1, estimate.bytes >> 20))) MiB")
        }
    }

    private func write(_ map: Embedding, _ input: MapInput) throws {
        if let csv {
            try EmbeddingCSV(
                coordinates: map.coordinates, labels: input.labels, counts: input.counts,
                neutralizeFormulas: csvNeutralizeFormulas
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
                coordinates: map.coordinates, labels: input.labels, counts: input.counts,
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
    }

    @Sendable private static func describe(_ progress: TrainingProgress) -> String {
        let divergence = progress.score.map { "  KL \(fixed($0, 4))" } ?? ""
        return "step \(progress.iteration)  \(fixed(progress.unitsPerSecond, 1)) steps/s\(divergence)"
    }
}

/// The part of a path behind the last slash.
private func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}
