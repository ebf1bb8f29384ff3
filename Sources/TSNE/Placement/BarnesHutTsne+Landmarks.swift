public import LinearAlgebra
public import NearestNeighbors
public import Training

extension BarnesHutTsne {
    /// Maps a sample of the rows, places the others on that map, and lets all of them move for some iterations: a map of
    /// many points in less time, whose large structure is that of the sample.
    ///
    /// - Parameters:
    ///   - data: one vector a row; all values finite.
    ///   - landmarks: rows in the sample; when there are no more rows, this is `fit`.
    ///   - refinement: iterations of all points afterwards, without exaggeration; 0 leaves the others where they were
    ///     placed, and then no neighbours of all points are sought.
    ///   - metric: how far apart vectors are, when the configuration does not say.
    ///   - labels: one a row, for those who watch; may be empty.
    ///   - cancellation: ends the work early; the map so far is returned.
    /// - Returns: the map; without refinement its divergence is that of the sample's map, and its trust is not measured.
    /// - Throws: `TsneError`.
    public func fit(
        _ data: Matrix, landmarks: Int, refinement: Int = 50, metric: Metric = .euclidean, labels: [String] = [],
        cancellation: Cancellation? = nil
    ) throws(TsneError) -> Embedding {
        guard landmarks >= 4 else {
            throw .invalidConfiguration(option: "landmarks", expected: "at least 4", found: "\(landmarks)")
        }
        guard refinement >= 0 else {
            throw .invalidConfiguration(option: "refinement", expected: "at least 0", found: "\(refinement)")
        }
        guard initialLayout == nil else {
            throw .invalidConfiguration(option: "landmarks", expected: "no initial layout beside them", found: "one")
        }
        guard data.rows > landmarks else {
            return try fit(data, metric: metric, labels: labels, cancellation: cancellation)
        }
        guard labels.isEmpty || labels.count == data.rows else {
            throw .wrongNumberOfLabels(points: data.rows, labels: labels.count)
        }
        let threads = configuration.resolvedThreads
        if let place = data.firstNonFinite(threads: threads) {
            throw .notFinite(row: place.row, column: place.column)
        }
        // The vectors as the descent of all would see them, so that the sample's neighbours are of the same kind.
        let used = configuration.metric ?? metric
        let vectors = try TsneRun(
            data: data, configuration: configuration.with(metric: used), initialLayout: nil, labels: [], listeners: [],
            cancellation: cancellation
        ).preparedVectors()
        let sample = Self.sample(of: data.rows, count: landmarks, seed: configuration.seed)
        var options = configuration.with(metric: used)
        options.normalize = false
        options.usePca = false
        let watchers = listeners
        let small = BarnesHutTsne(configuration: options, listeners: watchers)
        let map = try small.fit(
            vectors.rows(sample), labels: labels.isEmpty ? [] : sample.map { labels[$0] }, cancellation: cancellation)
        let others = Self.complement(of: sample, count: data.rows)
        var placement = PlacementOptions()
        placement.iterations = refinement > 0 ? 0 : placement.iterations
        let isCancelled = cancellation?.isCancelled ?? false
        let placed = try small.transform(
            vectors.rows(others), onto: map.coordinates, of: vectors.rows(sample), options: placement,
            cancellation: isCancelled ? nil : cancellation)
        var layout = Matrix(rows: data.rows, columns: configuration.dimensions)
        for (place, row) in sample.enumerated() {
            for d in 0..<layout.columns { layout[row, d] = map.coordinates[place, d] }
        }
        if let placed {
            for (place, row) in others.enumerated() {
                for d in 0..<layout.columns { layout[row, d] = placed[place, d] }
            }
        }
        let stopped = placed == nil || map.cancelled
        guard refinement > 0, !stopped else {
            let result = Embedding(
                coordinates: layout, klDivergence: map.klDivergence, trust: nil, neighborRecall: nil,
                iterations: map.iterations, cancelled: stopped, exaggerationEnd: map.exaggerationEnd,
                snapshots: [], perplexityUsed: map.perplexityUsed,
                warnings: map.warnings + ["the divergence is that of \(landmarks) landmarks"],
                configuration: configuration.with(metric: used))
            keep(result)
            return result
        }
        var rest = configuration.with(metric: used)
        rest.maxIterations = refinement
        rest.stopLyingIteration = 0
        rest.switchMomentumIteration = 0
        let whole = BarnesHutTsne(configuration: rest, initialLayout: layout, listeners: watchers)
        let result = try whole.fit(data, labels: labels, cancellation: cancellation)
        keep(result)
        return result
    }

    /// The first places of a shuffle, ascending.
    private static func sample(of rows: Int, count: Int, seed: UInt64) -> [Int] {
        var generator = Philox(seed: seed, stream: 0x6C61_6E64)
        var order = Array(0..<rows)
        for i in 0..<count { order.swapAt(i, i + Int(generator.next() % UInt64(rows - i))) }
        return order.prefix(count).sorted()
    }

    private static func complement(of sample: [Int], count: Int) -> [Int] {
        var isSampled = [Bool](repeating: false, count: count)
        for row in sample { isSampled[row] = true }
        return (0..<count).filter { !isSampled[$0] }
    }
}

extension BarnesHutTsne.Configuration {
    /// The same options with a metric.
    func with(metric: Metric) -> Self {
        var changed = self
        changed.metric = metric
        return changed
    }
}

extension Matrix {
    /// The given rows, in that order.
    func rows(_ numbers: [Int]) -> Matrix {
        var elements: [Float] = []
        elements.reserveCapacity(numbers.count * columns)
        for number in numbers { elements += row(number) }
        return Matrix(rows: numbers.count, columns: columns, elements: elements)
    }
}
