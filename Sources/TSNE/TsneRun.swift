internal import LinearAlgebra
internal import NearestNeighbors
internal import Training

/// One call of `fit`: the way from the vectors to the map.
struct TsneRun {
    let data: Matrix
    let configuration: BarnesHutTsne.Configuration
    let initialLayout: Matrix?
    let listeners: [any TrainingListener]
    let cancellation: Cancellation?

    private let clock = ContinuousClock()
    private let started = ContinuousClock.now
    /// Iterations after which the points are numbered anew.
    private static let renumberEvery = 50
    /// Iterations after which the divergence is reported, when a second has not passed before.
    private static let reportEvery = 50

    init(
        data: Matrix, configuration: BarnesHutTsne.Configuration, initialLayout: Matrix?,
        listeners: [any TrainingListener], cancellation: Cancellation?
    ) {
        self.data = data
        self.configuration = configuration
        self.initialLayout = initialLayout
        self.listeners = listeners
        self.cancellation = cancellation
    }

    private var threads: Int { configuration.threads ?? availableProcessors }
    private var metric: Metric { configuration.metric ?? .euclidean }
    private var cancelled: Bool { cancellation?.isCancelled ?? false }

    /// What the vectors become before the descent.
    private struct Prepared {
        var affinities: SparseAffinities
        var preservation: NeighborPreservation?
    }

    func embedding() throws(TsneError) -> Embedding {
        guard data.rows <= Int(UInt32.max / 4) else { throw .tooManyPoints(data.rows) }
        if let place = data.firstNonFinite(threads: threads) {
            throw .notFinite(row: place.row, column: place.column)
        }
        try checkLayout()
        let run = TrainingRun(
            modelClass: "BarnesHutTsne", configuration: configuration, totalUnits: configuration.maxIterations,
            threads: threads)
        for listener in listeners { listener.trainingStarted(run) }
        let result = data.rows < 4 ? withoutOptimisation() : try optimised()
        let last = progress(
            result.iterations, result.klDivergence.isNaN ? nil : result.klDivergence)
        for listener in listeners { listener.trainingEnded(last) }
        return result
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
            klDivergence: .nan, neighborsKept: nil, iterations: 0, cancelled: false,
            perplexityUsed: configuration.perplexity,
            warnings: ["fewer than 4 points (\(data.rows)): the layout is fixed, nothing was optimised"],
            configuration: configuration)
    }

    private func optimised() throws(TsneError) -> Embedding {
        var warnings: [String] = []
        let largestPerplexity = Double(data.rows - 1) / 3
        let perplexity = min(configuration.perplexity, largestPerplexity)
        if perplexity < configuration.perplexity {
            warnings.append(
                "perplexity \(configuration.perplexity) is too large for \(data.rows) points; lowered to \(perplexity)")
        }
        if let rate = configuration.learningRate {
            let large = configuration.useAdaGrad ? 100 : max(1000, Double(data.rows))
            if rate > large {
                warnings.append(
                    "learning rate \(rate) is large\(configuration.useAdaGrad ? " for AdaGrad" : "") and may spoil the map; "
                        + "the automatic one is \(learningRate(0, automatic: true))")
            }
        }
        let prepared = try preparedVectors()
        let layout = try startingLayout(prepared)
        guard let ready = try neighbors(of: prepared, perplexity: perplexity) else {
            return Embedding(
                coordinates: layout, klDivergence: .nan, neighborsKept: nil, iterations: 0, cancelled: true,
                perplexityUsed: perplexity, warnings: warnings, configuration: configuration)
        }
        let descent = Descent(
            ready.affinities, layout: layout, theta: configuration.theta, adaGrad: configuration.useAdaGrad,
            threads: threads)
        let (iterations, divergence) = try descend(descent)
        let map = descent.coordinates
        return Embedding(
            coordinates: map, klDivergence: divergence,
            neighborsKept: ready.preservation?.share(on: map, threads: threads), iterations: iterations,
            cancelled: iterations < configuration.maxIterations, perplexityUsed: perplexity, warnings: warnings,
            configuration: configuration)
    }

    /// The vectors normalised and reduced, as the options say.
    private func preparedVectors() throws(TsneError) -> Matrix {
        var vectors = Preparation.moderate(data)
        // Euclidean neighbours, affinities and principal components are the same without; rounding would only make
        // the descent take another path.
        if configuration.normalize, metric != .euclidean { vectors = Preparation.normalized(vectors, threads: threads) }
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

    /// The neighbours, their affinities, and what the map's quality is measured by; `nil` when cancelled.
    private func neighbors(of vectors: Matrix, perplexity: Double) throws(TsneError) -> Prepared? {
        let k = min(data.rows - 1, Int(3 * perplexity))
        let search = ExactNeighbors(metric: metric, threads: threads)
        let cancellation = cancellation
        let isCancelled = { @Sendable in cancellation?.isCancelled ?? false }
        // With few points everybody is among the 10 nearest.
        let measurable = data.rows >= 12
        let compared = NeighborPreservation.neighbors
        do throws(NeighborError) {
            let graph = try search.graph(
                of: vectors, k: measurable ? max(k, compared) : k, isCancelled: isCancelled)
            // Centring, scaling and turning change no Euclidean order.
            let reduced = configuration.usePca && configuration.pcaDimensions < data.columns
            let same = metric == .euclidean ? !reduced : !configuration.normalize && !configuration.usePca
            var preservation: NeighborPreservation?
            if measurable {
                preservation =
                    same
                    ? NeighborPreservation(graph: graph)
                    : try NeighborPreservation(searching: data, with: search, isCancelled: isCancelled)
            }
            return Prepared(
                affinities: SparseAffinities(graph.prefix(k), perplexity: perplexity, threads: threads),
                preservation: preservation)
        } catch {
            switch error {
            case .cancelled: return nil
            case .notFinite(let row, let column): throw .notFinite(row: row, column: column)
            case .tooManyPoints(let count): throw .tooManyPoints(count)
            }
        }
    }

    /// Runs the iterations; returns how many and the final divergence.
    private func descend(_ descent: Descent) throws(TsneError) -> (Int, Double) {
        var lastReport = clock.now
        var iteration = 0
        while iteration < configuration.maxIterations, !cancelled {
            if iteration % Self.renumberEvery == 0 { descent.renumber() }
            if configuration.useAdaGrad, iteration == configuration.stopLyingIteration { descent.forget() }
            let report =
                !listeners.isEmpty
                && (iteration % Self.reportEvery == 0 || clock.now - lastReport > .milliseconds(900))
            let outcome = descent.step(options(iteration), withDivergence: report)
            guard outcome.finite else { throw .notANumber(iteration: iteration) }
            if report {
                lastReport = clock.now
                for listener in listeners { listener.iterationDone(progress(iteration, outcome.divergence)) }
            }
            iteration += 1
        }
        let divergence = descent.divergence()
        for listener in listeners { listener.iterationDone(progress(iteration, divergence)) }
        return (iteration, divergence)
    }

    private func lying(_ iteration: Int) -> Bool { iteration < configuration.stopLyingIteration }

    private func learningRate(_ iteration: Int, automatic: Bool = false) -> Double {
        if !automatic, let rate = configuration.learningRate { return rate }
        if configuration.useAdaGrad { return 10 }
        return max(200, Double(data.rows) / (lying(iteration) ? configuration.exaggeration : 1))
    }

    private func options(_ iteration: Int) -> StepOptions {
        StepOptions(
            exaggeration: lying(iteration) ? configuration.exaggeration : 1, learningRate: learningRate(iteration),
            momentum: iteration < configuration.switchMomentumIteration
                ? configuration.momentum : configuration.finalMomentum, minGain: configuration.minGain,
            adaGrad: configuration.useAdaGrad)
    }

    private func progress(_ iteration: Int, _ score: Double?) -> TrainingProgress {
        let elapsed = (clock.now - started).components
        return TrainingProgress(
            iteration: iteration, completedUnits: iteration, totalUnits: configuration.maxIterations, score: score,
            learningRate: learningRate(max(0, min(iteration, configuration.maxIterations - 1))),
            elapsedSeconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }
}
