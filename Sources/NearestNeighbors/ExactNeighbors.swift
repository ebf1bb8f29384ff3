internal import CVectorKernels
public import LinearAlgebra

/// Exact k-nearest-neighbour search over all pairs.
///
/// A block of points against a block of points is computed in registers and compared with each point's bound on its
/// k-th distance; what may be among the nearest, by a bound on the rounding error, becomes a candidate; the candidates'
/// distances are then computed directly from the differences. So the result is that of a search over all pairs, free of
/// cancellation errors, and has the same bytes at any number of threads. Each pair is computed once for both points;
/// near points come first, so that the bounds are soon tight.
public struct ExactNeighbors: Sendable {
    /// How distances are measured.
    public let metric: Metric
    /// Threads to use.
    public let threads: Int
    /// The kernels in use; tests take those of another level.
    var table = kernels.neighbors

    /// A search.
    /// - Parameters:
    ///   - metric: how distances are measured.
    ///   - threads: threads to use; default: all processors.
    public init(metric: Metric = .euclidean, threads: Int = availableProcessors) {
        self.metric = metric
        self.threads = max(1, threads)
    }

    /// Points below which their order is left as it is.
    private static let orderedPoints = 2000

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
        try check(data)
        let count = queries?.count ?? data.rows
        let k = max(0, min(k, data.rows - 1))
        guard k > 0, count > 0 else {
            return NeighborGraph(count: count, neighborsPerPoint: k, indices: [], distances: [])
        }
        let data = withColumns(data)
        let space = PointSpace(data, metric: metric, threads: threads)
        let twins = IdenticalRows(in: data, metric: metric, k: k, threads: threads)
        var kept = twins.kept
        let rows = (queries?.map { UInt32(truncatingIfNeeded: $0) } ?? (0..<UInt32(data.rows)).map { $0 })
        let searched = twins.groups.isEmpty ? Array(rows.indices) : rows.indices.filter { !twins.isAnswered(rows[$0]) }
        let symmetric = queries == nil && ExactSearch.isSymmetric(count: kept.count, k: k)
        if symmetric { kept = ordered(data, kept) }
        let wholes = WholeNumbers(data, space: space, table: table, threads: threads)
        let targets = PointSet(
            data, rows: kept, space: space, panel: table.panel, wholes: wholes, threads: threads)
        let some =
            symmetric
            ? targets
            : PointSet(
                data, rows: searched.map { rows[$0] }, space: space, panel: table.panel, wholes: wholes,
                threads: threads)
        let result = NeighborGraph.filled(count: count, k: k) { indices, distances in
            let search = ExactSearch(
                kernels: table, space: space, queries: some, targets: targets, same: true, k: k, threads: threads,
                numbers: .init(
                    indices: indices, distances: distances,
                    rows: symmetric ? kept : searched.map { UInt32(truncatingIfNeeded: $0) }))
            if symmetric {
                search.symmetric(isCancelled: isCancelled, progress: progress)
            } else {
                search.oneByOne(isCancelled: isCancelled, progress: progress)
            }
            for (place, row) in rows.enumerated() where twins.isAnswered(row) {
                twins.answer(row, indices: indices + place * k, distances: distances + place * k)
            }
        }
        if isCancelled() { throw .cancelled }
        return result
    }

    /// The `k` nearest rows of `data` of each row of other points (fewer when there are not as many rows).
    ///
    /// - Parameters:
    ///   - points: the points whose neighbours are wanted, one a row.
    ///   - data: the points searched, one a row, of as many columns.
    ///   - k: neighbours wanted.
    ///   - isCancelled: asked now and then, from any thread; `true` stops the search.
    ///   - progress: told the share of the work done, 0…1, from any thread.
    /// - Returns: a graph over the rows of `points`, whose indices are rows of `data`.
    /// - Throws: `NeighborError`; a place in `notFinite` is one of either matrix.
    public func graph(
        of points: Matrix, in data: Matrix, k: Int, isCancelled: @Sendable () -> Bool = { false },
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws(NeighborError) -> NeighborGraph {
        guard points.columns == data.columns else {
            throw .otherColumns(expected: data.columns, found: points.columns)
        }
        try check(points)
        try check(data)
        let k = max(0, min(k, data.rows))
        guard k > 0, points.rows > 0 else {
            return NeighborGraph(count: points.rows, neighborsPerPoint: k, indices: [], distances: [])
        }
        let (points, data) = (withColumns(points), withColumns(data))
        let space = PointSpace(data, others: points, metric: metric, threads: threads)
        let all = (0..<data.rows).map { UInt32(truncatingIfNeeded: $0) }
        let own = (0..<points.rows).map { UInt32(truncatingIfNeeded: $0) }
        let targets = PointSet(data, rows: all, space: space, panel: table.panel, threads: threads)
        let queries = PointSet(points, rows: own, space: space, panel: table.panel, threads: threads)
        let result = NeighborGraph.filled(count: points.rows, k: k) { indices, distances in
            ExactSearch(
                kernels: table, space: space, queries: queries, targets: targets, same: false, k: k, threads: threads,
                numbers: .init(indices: indices, distances: distances, rows: own)
            ).oneByOne(isCancelled: isCancelled, progress: progress)
        }
        if isCancelled() { throw .cancelled }
        return result
    }

    func check(_ data: Matrix) throws(NeighborError) {
        guard data.rows < Int(UInt32.max) else { throw .tooManyPoints(data.rows) }
        if let place = data.firstNonFinite(threads: threads) {
            throw .notFinite(row: place.row, column: place.column)
        }
    }

    /// Without columns all points are the same point.
    func withColumns(_ data: Matrix) -> Matrix {
        data.columns > 0 ? data : Matrix(rows: data.rows, columns: 1)
    }

    private func ordered(_ data: Matrix, _ rows: [UInt32]) -> [UInt32] {
        guard rows.count >= Self.orderedPoints else { return rows }
        let leaf = ExactSearch.blockRows(
            count: rows.count, columns: data.columns, panel: table.panel, threads: threads)
        return data.elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return rows }
            return LocalityOrder.order(
                of: base, stride: data.columns, columns: data.columns, rows: rows, leaf: leaf, seed: 1, threads: threads
            )
        }
    }
}
