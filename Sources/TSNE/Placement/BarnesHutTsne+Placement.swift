internal import CVectorKernels
public import LinearAlgebra
public import NearestNeighbors
public import Training

/// How new points are placed on a map; the defaults are openTSNE's.
public struct PlacementOptions: Sendable, Codable, Equatable {
    /// Effective number of neighbours of a new point among the old ones; default 5.
    public var perplexity = 5.0
    /// Steps; default 250. 0 leaves each new point at the weighted mean of its neighbours.
    public var iterations = 250
    /// Factor of the attraction; default 1.5.
    public var exaggeration = 1.5
    /// Step per unit of gradient; default 0.1.
    public var learningRate = 0.1
    /// Momentum; default 0.8.
    public var momentum = 0.8
    /// Longer gradients are shortened to this; default 0.25.
    public var maxGradientNorm = 0.25

    /// The defaults.
    public init() {}
}

extension BarnesHutTsne {
    /// Places new points on a map whose points stay where they are (Poličar et al. 2023, "Embedding to reference t-SNE
    /// space").
    ///
    /// Each new point has affinities to its nearest old points, starts at their weighted mean and moves down the gradient
    /// of its own divergence; new points do not see each other. The same bytes at any number of threads. Of the
    /// configuration, `metric`, `theta` and `threads` count; normalisation and PCA are not done.
    ///
    /// - Parameters:
    ///   - points: the new vectors, one a row.
    ///   - reference: the old vectors, one a row, of as many columns.
    ///   - map: their places: one row an old vector, 2 or 3 columns.
    ///   - metric: how far apart vectors are, when the configuration does not say.
    ///   - options: how they are placed.
    ///   - cancellation: ends the work early.
    /// - Returns: one row a new point; `nil` when cancelled.
    /// - Throws: `TsneError`.
    public func transform(
        _ points: Matrix, onto map: Matrix, of reference: Matrix, metric: Metric = .euclidean,
        options: PlacementOptions = .init(), cancellation: Cancellation? = nil
    ) throws(TsneError) -> Matrix? {
        try configuration.validate()
        guard map.rows == reference.rows, map.columns == 2 || map.columns == 3 else {
            throw .invalidInitialLayout(
                expected: "\(reference.rows) x 2 or 3", found: "\(map.rows) x \(map.columns)")
        }
        if let place = map.elements.firstIndex(where: { !(abs($0) <= 1e15) }) {
            throw .invalidInitialLayout(
                expected: "values between -1e15 and 1e15",
                found: "\(map.elements[place]) in row \(place / map.columns), column \(place % map.columns) "
                    + "(counted from 0)")
        }
        guard options.perplexity.isFinite, options.perplexity >= 1 else {
            throw .invalidConfiguration(
                option: "perplexity", expected: "at least 1", found: "\(options.perplexity)")
        }
        guard reference.rows > 0 else {
            throw .invalidInitialLayout(expected: "at least 1 point", found: "none")
        }
        let threads = configuration.resolvedThreads
        let k = min(reference.rows, max(1, Int(3 * min(1e6, options.perplexity))))
        let isCancelled = { @Sendable in cancellation?.isCancelled ?? false }
        let graph: NeighborGraph
        do throws(NeighborError) {
            graph = try ExactNeighbors(metric: configuration.metric ?? metric, threads: threads)
                .graph(of: points, in: reference, k: k, isCancelled: isCancelled)
        } catch {
            guard let error = TsneError(error) else { return nil }
            throw error
        }
        let weights = SparseAffinities.conditional(
            graph, perplexity: min(options.perplexity, Double(k)), threads: threads)
        let field = FixedField(map, theta: configuration.theta)
        let columns = map.columns
        var places = [Float](repeating: 0, count: points.rows * columns)
        places.parallelUpdate(width: columns, threads: threads, grain: 32) { range, span in
            for i in 0..<range.count where !isCancelled() {
                let point = range.lowerBound + i
                let own = graph.range(of: point)
                let neighbors = own.map { (FixedField.position(map, Int(graph.indices[$0])), weights[$0]) }
                let place = Self.place(neighbors, field, options)
                for d in 0..<columns { span[i * columns + d] = place[d] }
            }
        }
        if isCancelled() { return nil }
        return Matrix(rows: points.rows, columns: columns, elements: places)
    }

    /// Gradient descent of one point among fixed ones.
    private static func place(
        _ neighbors: [(place: SIMD3<Float>, weight: Float)], _ field: FixedField, _ options: PlacementOptions
    ) -> SIMD3<Float> {
        var place = SIMD3<Float>()
        for neighbor in neighbors { place += neighbor.weight * neighbor.place }
        var velocity = SIMD3<Float>()
        var gains = SIMD3<Float>(repeating: 1)
        for _ in 0..<max(0, options.iterations) {
            var attraction = SIMD3<Float>()
            for neighbor in neighbors {
                let delta = place - neighbor.place
                attraction += neighbor.weight / (1 + (delta * delta).sum()) * delta
            }
            let (force, total) = field.repulsion(at: place)
            var gradient =
                4 * (Float(options.exaggeration) * attraction - force / max(total, .leastNormalMagnitude))
            let norm = (gradient * gradient).sum().squareRoot()
            guard norm.isFinite else { break }
            if norm > Float(options.maxGradientNorm) { gradient *= Float(options.maxGradientNorm) / norm }
            for d in 0..<3 {
                gains[d] = (velocity[d] > 0) == (gradient[d] > 0) ? max(0.01, gains[d] * 0.8) : gains[d] + 0.2
            }
            velocity = Float(options.momentum) * velocity - Float(options.learningRate) * gains * gradient
            place += velocity
        }
        return place
    }
}
