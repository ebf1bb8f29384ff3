internal import LinearAlgebra
internal import NearestNeighbors
internal import Training

extension TsneRun {
    /// The neighbours, their affinities, and what the map's quality is measured by; `nil` when cancelled.
    func neighbors(of vectors: Matrix, perplexities: [Double]) throws(TsneError) -> Prepared? {
        let k = min(data.rows - 1, max(1, Int(3 * (perplexities.max() ?? 1))))
        let cancellation = cancellation
        let isCancelled = { @Sendable in cancellation?.isCancelled ?? false }
        // With few points everybody is among the 10 nearest.
        let measurable = data.rows >= 12
        let sought = measurable ? max(k, NeighborPreservation.neighbors) : k
        if let given = self.graph {
            let enough = measurable && given.neighborsPerPoint >= NeighborPreservation.neighbors
            return Prepared(
                affinities: SparseAffinities(given.prefix(k), perplexities: perplexities, threads: threads),
                preservation: enough ? NeighborPreservation(graph: given) : nil, recall: nil)
        }
        do throws(NeighborError) {
            let search = ExactNeighbors(metric: metric, threads: threads)
            let graph: NeighborGraph
            var recall: Double?
            if configuration.neighborMethod.isApproximate(points: data.rows, k: sought) {
                let found = try ApproximateNeighbors(metric: metric, seed: configuration.seed, threads: threads)
                    .graph(of: vectors, k: sought, isCancelled: isCancelled)
                graph = found.graph
                recall = found.recall
            } else {
                graph = try search.graph(of: vectors, k: sought, isCancelled: isCancelled)
            }
            var preservation: NeighborPreservation?
            if measurable {
                preservation =
                    keepsNeighbors && (recall == nil || configuration.pointTrust)
                    ? NeighborPreservation(graph: graph)
                    : try NeighborPreservation(
                        searching: data, with: search, everyPoint: configuration.pointTrust, isCancelled: isCancelled)
            }
            return Prepared(
                affinities: SparseAffinities(graph.prefix(k), perplexities: perplexities, threads: threads),
                preservation: preservation, recall: recall)
        } catch {
            guard let error = TsneError(error) else { return nil }
            throw error
        }
    }

    /// Whether the neighbours of the prepared vectors are those of the input: centring and scaling change no order of
    /// differences, turning no Euclidean one.
    private var keepsNeighbors: Bool {
        switch metric {
        case .euclidean: !(configuration.usePca && configuration.pcaDimensions < data.columns)
        case .manhattan: !configuration.usePca
        case .cosine, .dot: !configuration.normalize && !configuration.usePca
        }
    }

    /// How far a map can be trusted.
    func trust(of map: Matrix, _ preservation: NeighborPreservation) -> MapTrust {
        TrustMeasurement(
            data: data, metric: metric, preservation: preservation, everyPoint: configuration.pointTrust,
            threads: threads
        ).trust(of: map)
    }
}

extension TsneError {
    /// What went wrong in a neighbour search; `nil` when it was cancelled.
    init?(_ error: NeighborError) {
        switch error {
        case .cancelled: return nil
        case .notFinite(let row, let column): self = .notFinite(row: row, column: column)
        case .tooManyPoints(let count): self = .tooManyPoints(count)
        case .otherColumns(let expected, let found): self = .otherColumns(expected: expected, found: found)
        case .tooManyNeighbors(let wanted, let most):
            self = .invalidConfiguration(
                option: "perplexity", expected: "at most \(most / 3) with approximate neighbours",
                found: "\(wanted / 3)")
        }
    }
}
