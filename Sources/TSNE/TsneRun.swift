internal import LinearAlgebra
internal import NearestNeighbors
internal import Training

/// One call of `fit`: the way from the vectors to the map.
struct TsneRun {
    let data: Matrix
    let configuration: BarnesHutTsne.Configuration
    let initialLayout: Matrix?
    /// The neighbours of all points, when they are given.
    let graph: NeighborGraph?
    let reporter: TsneReporter
    let cancellation: Cancellation?
    let checkpoints: TsneCheckpoints?
    let checkpoint: TsneCheckpoint?

    init(
        data: Matrix, configuration: BarnesHutTsne.Configuration, initialLayout: Matrix?,
        graph: NeighborGraph? = nil, labels: [String], listeners: [any TrainingListener], cancellation: Cancellation?,
        checkpoints: TsneCheckpoints? = nil, checkpoint: TsneCheckpoint? = nil
    ) {
        self.checkpoints = checkpoints
        self.checkpoint = checkpoint
        self.data = data
        self.configuration = configuration
        self.initialLayout = initialLayout
        self.graph = graph
        reporter = TsneReporter(listeners, configuration: configuration, points: data.rows, labels: labels)
        self.cancellation = cancellation
    }

    var threads: Int { configuration.resolvedThreads }
    var metric: Metric { configuration.metric ?? .euclidean }

    /// What the vectors become before the descent.
    struct Prepared {
        var affinities: SparseAffinities
        var preservation: NeighborPreservation?
        var recall: Double?
    }

    func embedding() throws(TsneError) -> Embedding {
        guard data.rows <= Int(UInt32.max / 4) else { throw .tooManyPoints(data.rows) }
        if let place = data.firstNonFinite(threads: threads) {
            throw .notFinite(row: place.row, column: place.column)
        }
        try checkLayout()
        reporter.start()
        do {
            let result = data.rows < 4 ? withoutOptimisation() : try optimised()
            reporter.end(iterations: result.iterations, map: result.coordinates)
            return result
        } catch {
            reporter.end()
            throw error
        }
    }

    private func checkLayout() throws(TsneError) {
        guard let initialLayout else { return }
        let expected = "\(data.rows) x \(configuration.dimensions)"
        guard initialLayout.rows == data.rows, initialLayout.columns == configuration.dimensions else {
            throw .invalidInitialLayout(
                expected: expected, found: "\(initialLayout.rows) x \(initialLayout.columns)")
        }
        for (i, value) in initialLayout.elements.enumerated() where !(abs(value) <= 1e15) {
            let place = "row \(i / initialLayout.columns), column \(i % initialLayout.columns) (counted from 0)"
            throw .invalidInitialLayout(expected: "values between -1e15 and 1e15", found: "\(value) in \(place)")
        }
    }

    /// Fewer than 4 points.
    private func withoutOptimisation() -> Embedding {
        Embedding(
            coordinates: initialLayout ?? Initialization.fixed(count: data.rows, dimensions: configuration.dimensions),
            klDivergence: .nan, trust: nil, neighborRecall: nil, iterations: 0, cancelled: false,
            exaggerationEnd: 0, snapshots: [], perplexityUsed: configuration.perplexity,
            warnings: ["fewer than 4 points (\(data.rows)): the layout is fixed, nothing was optimised"],
            configuration: configuration)
    }

    private func optimised() throws(TsneError) -> Embedding {
        var warnings: [String] = []
        // A third of the neighbours that there are.
        let largestPerplexity = max(1, Double(graph?.neighborsPerPoint ?? (data.rows - 1)) / 3)
        let wanted = configuration.perplexities ?? [configuration.perplexity]
        let perplexities = wanted.map { min($0, largestPerplexity) }
        let perplexity = perplexities.max() ?? largestPerplexity
        if let large = wanted.max(), perplexity < large {
            warnings.append("perplexity \(large) is too large for \(data.rows) points; lowered to \(perplexity)")
        }
        if let rate = configuration.learningRate {
            let large = configuration.useAdaGrad ? 100 : max(1000, Double(data.rows))
            if rate > large {
                var automatic = configuration
                automatic.learningRate = nil
                let automaticRate = Schedule(automatic, points: data.rows).learningRate(0)
                warnings.append(
                    "learning rate \(rate) is large\(configuration.useAdaGrad ? " for AdaGrad" : "") and may spoil the map; "
                        + "the automatic one is \(automaticRate)")
            }
        }
        let prepared = try preparedVectors()
        let layout = try startingLayout(prepared)
        guard let ready = try neighbors(of: prepared, perplexities: perplexities) else {
            return Embedding(
                coordinates: layout, klDivergence: .nan, trust: nil, neighborRecall: nil, iterations: 0,
                cancelled: true, exaggerationEnd: 0, snapshots: [], perplexityUsed: perplexity, warnings: warnings,
                configuration: configuration)
        }
        if let recall = ready.recall, recall < 0.95 {
            warnings.append(
                "the approximate search found only \((1000 * recall).rounded() / 10) % of the neighbours; "
                    + "the exact one is slower and finds all")
        }
        let descent = Descent(
            ready.affinities, layout: layout, method: configuration.method, theta: configuration.theta,
            freedom: configuration.degreesOfFreedom, adaGrad: configuration.useAdaGrad, threads: threads)
        let run = try DescentRun(
            descent, configuration: configuration, affinities: ready.affinities, reporter: reporter,
            cancellation: cancellation, checkpoints: checkpoints, from: checkpoint)
        try run.descend()
        let map = descent.coordinates
        return Embedding(
            coordinates: map, klDivergence: run.divergence,
            trust: ready.preservation.map { trust(of: map, $0) }, neighborRecall: ready.recall,
            iterations: run.iteration, cancelled: run.wasCancelled, exaggerationEnd: run.exaggerationEnd,
            snapshots: run.snapshots, perplexityUsed: perplexity, warnings: warnings + run.warnings,
            configuration: configuration)
    }

    /// The vectors normalised and reduced, as the options say.
    func preparedVectors() throws(TsneError) -> Matrix {
        var vectors = Preparation.moderate(data)
        // Neighbours and affinities by differences, and principal components, are the same without; rounding would only
        // make the descent take another path.
        if configuration.normalize, metric == .cosine || metric == .dot {
            vectors = Preparation.normalized(vectors, threads: threads)
        }
        if configuration.usePca {
            do {
                vectors = try PCA(of: vectors, components: configuration.pcaDimensions, threads: threads)
                    .transform(vectors, threads: threads)
            } catch {
                throw .noPrincipalComponents(error.description)
            }
        }
        return vectors
    }

    private func startingLayout(_ vectors: Matrix) throws(TsneError) -> Matrix {
        if let initialLayout { return initialLayout }
        switch configuration.initialization {
        case .random:
            return Initialization.random(
                count: data.rows, dimensions: configuration.dimensions, scale: Initialization.scale,
                seed: configuration.seed)
        case .pca:
            return try Initialization.principal(
                vectors, dimensions: configuration.dimensions, seed: configuration.seed, threads: threads)
        }
    }
}
