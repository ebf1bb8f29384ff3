internal import CVectorKernels
public import LinearAlgebra

/// Exact k-nearest-neighbour search by blocked matrix products.
///
/// A block of query rows times a block of all rows gives approximate distances; those that may be among the nearest,
/// by a bound on the rounding error, become candidates; the candidates' distances are then computed directly from
/// the differences. So the result is that of a search over all pairs, free of cancellation errors, and has the same
/// bytes at any number of threads.
public struct ExactNeighbors: Sendable {
    /// How distances are measured.
    public let metric: Metric
    /// Threads to use.
    public let threads: Int

    /// A search.
    /// - Parameters:
    ///   - metric: how distances are measured.
    ///   - threads: threads to use; default: all processors.
    public init(metric: Metric = .euclidean, threads: Int = availableProcessors) {
        self.metric = metric
        self.threads = max(1, threads)
    }

    /// Rows of queries in one block, and rows that they are compared with at a time.
    static let queryBlock = 128
    static let dataBlock = 1024

    /// The `k` nearest other rows of each row (fewer when there are not as many other rows).
    ///
    /// - Parameters:
    ///   - data: one point a row.
    ///   - k: neighbours wanted.
    ///   - isCancelled: asked now and then, from any thread; `true` stops the search.
    ///   - progress: told the share of the work done, 0…1, from any thread.
    /// - Throws: `NeighborError`.
    public func graph(
        of data: Matrix, k: Int, isCancelled: @Sendable () -> Bool = { false },
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws(NeighborError) -> NeighborGraph {
        try graph(of: data, queries: nil, k: k, isCancelled: isCancelled, progress: progress)
    }

    /// As `graph(of:k:)`, for the given rows only.
    ///
    /// - Parameters:
    ///   - data: one point a row.
    ///   - queries: numbers of the rows whose neighbours are wanted; `nil` for all.
    ///   - k: neighbours wanted.
    ///   - isCancelled: asked now and then, from any thread; `true` stops the search.
    ///   - progress: told the share of the work done, 0…1, from any thread.
    /// - Throws: `NeighborError`.
    public func graph(
        of data: Matrix, queries: [Int]?, k: Int, isCancelled: @Sendable () -> Bool = { false },
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws(NeighborError) -> NeighborGraph {
        guard data.rows < Int(UInt32.max) else { throw .tooManyPoints(data.rows) }
        if let place = data.firstNonFinite(threads: threads) {
            throw .notFinite(row: place.row, column: place.column)
        }
        let count = queries?.count ?? data.rows
        let k = max(0, min(k, data.rows - 1))
        guard k > 0, count > 0 else {
            return NeighborGraph(count: count, neighborsPerPoint: k, indices: [], distances: [])
        }
        // Without columns all points are the same point.
        let data = data.columns > 0 ? data : Matrix(rows: data.rows, columns: 1)
        let points = SearchPoints(data, metric: metric, threads: threads)
        let foundIndices = AlignedBuffer<UInt32>(count: count * k)
        let foundDistances = AlignedBuffer<Float>(count: count * k)
        let done = Counter()
        let threads = threads
        parallelFor(count, threads: threads, grain: Self.queryBlock) { range in
            if isCancelled() { return }
            let rows = range.map { queries?[$0] ?? $0 }
            points.search(
                rows: rows, k: k, indices: foundIndices.base + range.lowerBound * k,
                distances: foundDistances.base + range.lowerBound * k)
            progress(Double(done.add(range.count)) / Double(count))
        }
        if isCancelled() { throw .cancelled }
        return NeighborGraph(
            count: count, neighborsPerPoint: k,
            indices: Array(UnsafeBufferPointer(start: foundIndices.base, count: count * k)),
            distances: Array(UnsafeBufferPointer(start: foundDistances.base, count: count * k)))
    }
}
