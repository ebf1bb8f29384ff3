public import LinearAlgebra
public import NearestNeighbors
internal import Synchronization
public import Training

/// t-SNE with the repulsion summed over the cells of a tree (van der Maaten 2014, "Accelerating t-SNE using
/// tree-based algorithms"), in 2 or 3 dimensions.
///
/// The nearest neighbours are exact up to 150,000 points, and where `Configuration.neighborMethod` says so; the start and
/// the learning rates are those of openTSNE. The same input and seed give the same bytes at any number of threads (per CPU
/// level).
public final class BarnesHutTsne: Sendable {
    /// The options.
    public let configuration: Configuration
    /// Where the points start, when given.
    public let initialLayout: Matrix?
    private let state: Mutex<State>

    private struct State {
        var listeners: [any TrainingListener]
        var embedding: Embedding?
    }

    /// A trainer with the given options; they are checked when the work starts.
    /// - Parameters:
    ///   - configuration: the options.
    ///   - initialLayout: where the points start, one row a point; `nil`: as `configuration.initialization` says.
    ///   - listeners: who watches.
    public init(
        configuration: Configuration = .init(), initialLayout: Matrix? = nil, listeners: [any TrainingListener] = []
    ) {
        self.configuration = configuration
        self.initialLayout = initialLayout
        state = Mutex(State(listeners: listeners))
    }

    /// The same trainer for a map of another number of dimensions, 2 or 3.
    public func withDimensions(_ dimensions: Int) -> BarnesHutTsne {
        var changed = configuration
        changed.dimensions = dimensions
        return BarnesHutTsne(
            configuration: changed, initialLayout: initialLayout, listeners: state.withLock { $0.listeners })
    }

    /// The map of the last `fit`; `nil` before it.
    public var embedding: Embedding? { state.withLock { $0.embedding } }

    /// Who watches from the next `fit` on, in place of those set before.
    public func setListeners(_ listeners: any TrainingListener...) {
        setListeners(listeners)
    }

    /// Who watches from the next `fit` on, in place of those set before.
    public func setListeners(_ listeners: [any TrainingListener]) {
        state.withLock { $0.listeners = listeners }
    }

    /// What the exact neighbour search of `fit` will cost: seconds and bytes.
    public static func estimate(
        points: Int, dimensions: Int, configuration: Configuration = .init()
    ) -> SearchEstimate {
        let perplexity = configuration.perplexities?.max() ?? configuration.perplexity
        let k = max(10, Int(min(1e9, 3 * perplexity)))
        let columns = configuration.usePca ? min(dimensions, configuration.pcaDimensions) : dimensions
        return ExactNeighbors(threads: configuration.resolvedThreads)
            .estimate(points: points, dimensions: columns, k: k)
    }

    /// Who watches.
    var listeners: [any TrainingListener] { state.withLock { $0.listeners } }

    /// Takes a map as that of the last `fit`.
    func keep(_ embedding: Embedding) { state.withLock { $0.embedding = embedding } }

    /// Maps the rows of a matrix. Synchronous.
    ///
    /// - Parameters:
    ///   - data: one vector a row; all values finite.
    ///   - metric: how far apart vectors are, when the configuration does not say.
    ///   - neighbors: the neighbours of all rows, when they are known: nothing is sought then. Its distances are taken as
    ///     they are, and its first 10 neighbours as the true ones.
    ///   - labels: one a row, for those who watch; may be empty.
    ///   - cancellation: ends the work early; the map so far is returned.
    ///   - checkpoints: where and how often the descent is written down; `nil`: never.
    ///   - checkpoint: the descent goes on from there in place of the beginning; `initialLayout` and the like are not
    ///     asked.
    /// - Throws: `TsneError`.
    public func fit(
        _ data: Matrix, metric: Metric = .euclidean, neighbors: NeighborGraph? = nil, labels: [String] = [],
        cancellation: Cancellation? = nil, checkpoints: TsneCheckpoints? = nil, from checkpoint: TsneCheckpoint? = nil
    ) throws(TsneError) -> Embedding {
        try configuration.validate()
        guard labels.isEmpty || labels.count == data.rows else {
            throw .wrongNumberOfLabels(points: data.rows, labels: labels.count)
        }
        if let neighbors { try Self.check(neighbors, points: data.rows) }
        var used = configuration
        used.metric = configuration.metric ?? metric
        let run = TsneRun(
            data: data, configuration: used, initialLayout: initialLayout, graph: neighbors, labels: labels,
            listeners: listeners, cancellation: cancellation, checkpoints: checkpoints,
            checkpoint: checkpoint)
        let embedding = try run.embedding()
        keep(embedding)
        return embedding
    }

    private static func check(_ graph: NeighborGraph, points: Int) throws(TsneError) {
        guard graph.count == points else {
            throw .invalidGraph(expected: "the neighbours of \(points) points", found: "those of \(graph.count)")
        }
        guard graph.neighborsPerPoint > 0 || points < 4 else {
            throw .invalidGraph(expected: "at least 1 neighbour of each point", found: "none")
        }
        let k = graph.neighborsPerPoint
        for (place, (index, distance)) in zip(graph.indices, graph.distances).enumerated() {
            guard Int(index) < points, Int(index) != place / k else {
                throw .invalidGraph(expected: "other points as neighbours of point \(place / k)", found: "\(index)")
            }
            guard distance.isFinite, distance >= 0 else {
                throw .invalidGraph(expected: "finite distances from point \(place / k)", found: "\(distance)")
            }
        }
    }
}
