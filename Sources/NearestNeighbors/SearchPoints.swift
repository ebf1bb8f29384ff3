internal import CVectorKernels
internal import LinearAlgebra

/// The points of a search, prepared for matrix products.
///
/// Squared Euclidean distances less the query's own norm are |x|² − 2·q·x over columns centred on their means (the
/// distances stay, the rounding errors shrink); cosine distances less 1 are −q·x over rows of length 1.
struct SearchPoints: Sendable {
    private let metric: Metric
    /// What distances are recomputed from: the data times a power of two (Euclidean), rows of length 1 (cosine).
    private let exact: Matrix
    /// What the products are made of.
    private let factors: Matrix
    /// Number added to the product, for each row.
    private let offsets: [Float]
    private let productScale: Float
    /// Bound on the approximate distance's error, for a query and a block of rows, is `errorUnit` times the sum of
    /// the query's squared norm and the block's largest.
    private let errorUnit: Float
    private let squaredNorms: [Float]
    private let largestInBlock: [Float]
    /// Distances found are multiplied by this.
    private let distanceScale: Float

    init(_ data: Matrix, metric: Metric, threads: Int) {
        self.metric = metric
        let columns = data.columns
        // Rounding of a product of n terms, of the centring, and of the sum; n/4 rather than n since the sums run in
        // several lanes.
        errorUnit = Float.ulpOfOne * (Float(columns) / 4 + 16)
        switch metric {
        case .euclidean:
            let largest = data.elements.reduce(0) { max($0, abs($1)) }
            // Squares must neither overflow nor vanish: a power of two changes no digit.
            let extreme = largest > 0x1p50 || (largest > 0 && largest < 0x1p-50)
            let exponent = extreme ? -Int(largest.exponent) : 0
            var scaled = data
            if extreme {
                scaled.elements.parallelUpdate(width: 1, threads: threads, grain: 1 << 16) { _, span in
                    for i in 0..<span.count { span[i] = Float(sign: .plus, exponent: exponent, significand: span[i]) }
                }
            }
            distanceScale = extreme ? Float(sign: .plus, exponent: -exponent, significand: 1) : 1
            exact = scaled
            factors = scaled.subtracting(columns: scaled.columnMeans(threads: threads), threads: threads)
            productScale = -2
        case .cosine:
            var unit = data
            if columns > 0 {
                unit.elements.parallelUpdate(width: columns, threads: threads, grain: 256) { range, span in
                    for row in 0..<range.count {
                        var square = 0.0
                        for i in row * columns..<(row + 1) * columns { square += Double(span[i]) * Double(span[i]) }
                        let norm = square.squareRoot()
                        for i in row * columns..<(row + 1) * columns {
                            span[i] = norm > 0 ? Float(Double(span[i]) / norm) : 0
                        }
                    }
                }
            }
            exact = unit
            factors = unit
            productScale = -1
            distanceScale = 1
        }
        let products = factors
        var norms = [Float](repeating: 0, count: data.rows)
        norms.parallelUpdate(width: 1, threads: threads, grain: 4096) { range, span in
            products.elements.withUnsafeBufferPointer { all in
                guard let all = all.baseAddress else { return }
                for i in 0..<range.count {
                    let row = all + (range.lowerBound + i) * columns
                    span[i] = kernels.dot(row, row, columns)
                }
            }
        }
        squaredNorms = norms
        offsets = metric == .euclidean ? norms : [Float](repeating: 0, count: data.rows)
        var largest: [Float] = []
        for from in stride(from: 0, to: data.rows, by: ExactNeighbors.dataBlock) {
            largest.append(norms[from..<min(data.rows, from + ExactNeighbors.dataBlock)].max() ?? 0)
        }
        largestInBlock = largest
    }

    /// A row that may be among the nearest: its distance (less the query's norm) lies between the two bounds.
    private struct Candidate {
        var low: Float
        var high: Float
        var index: UInt32
    }

    /// Writes the k nearest other rows of each of the given rows.
    func search(
        rows: [Int], k: Int, indices: UnsafeMutablePointer<UInt32>, distances: UnsafeMutablePointer<Float>
    ) {
        let columns = factors.columns
        let total = factors.rows
        let block = ExactNeighbors.dataBlock
        var queries = [Float](repeating: 0, count: rows.count * columns)
        for (i, row) in rows.enumerated() {
            queries.replaceSubrange(i * columns..<(i + 1) * columns, with: factors.row(row))
        }
        let products = AlignedBuffer<Float>(count: rows.count * block)
        let found = AlignedBuffer<UInt32>(count: block)
        let capacity = max(256, 4 * k)
        var candidates = [[Candidate]](repeating: [], count: rows.count)
        // No candidate above this bound on the k-th distance can be among the k nearest.
        var bounds = [Float](repeating: .infinity, count: rows.count)

        factors.elements.withUnsafeBufferPointer { all in
            offsets.withUnsafeBufferPointer { offsets in
                guard let all = all.baseAddress, let offsets = offsets.baseAddress else { return }
                for from in stride(from: 0, to: total, by: block) {
                    let width = min(block, total - from)
                    BLAS.multiplyTransposed(
                        queries, rows: rows.count, all + from * columns, rows: width, columns: columns,
                        into: products.base, stride: block)
                    for (i, row) in rows.enumerated() {
                        let values = products.base + i * block
                        let error = errorUnit * (squaredNorms[row] + largestInBlock[from / block])
                        let limit = (bounds[i] + error).nextUp
                        let number = kernels.select_below(
                            values, offsets + from, productScale, limit, width, found.base)
                        for j in 0..<number {
                            let column = Int(found.base[j])
                            let index = from + column
                            if index == row { continue }
                            let value = offsets[index] + productScale * values[column]
                            candidates[i].append(
                                Candidate(low: value - error, high: value + error, index: UInt32(index)))
                        }
                        if candidates[i].count >= capacity || bounds[i] == .infinity {
                            bounds[i] = narrow(&candidates[i], of: row, k: k, capacity: capacity)
                        }
                    }
                }
            }
        }
        for (i, row) in rows.enumerated() {
            _ = narrow(&candidates[i], of: row, k: k, capacity: .max)
            let nearest = exactDistances(candidates[i], of: row).prefix(k)
            for (j, neighbor) in nearest.enumerated() {
                indices[i * k + j] = neighbor.index
                distances[i * k + j] =
                    metric == .euclidean ? neighbor.distance.squareRoot() * distanceScale : neighbor.distance
            }
        }
    }

    /// Drops the candidates that cannot be among the k nearest; when too many are left (ties), only the k nearest by
    /// direct computation stay. Returns a bound on the k-th distance.
    private func narrow(_ candidates: inout [Candidate], of row: Int, k: Int, capacity: Int) -> Float {
        guard candidates.count >= k else { return .infinity }
        let highs = candidates.map(\.high)
        let bound = smallest(highs, rank: k - 1)
        candidates.removeAll { $0.low > bound }
        guard candidates.count > capacity / 2 + k else { return bound }
        let norm = metric == .euclidean ? squaredNorms[row] : 1
        let error = errorUnit * (squaredNorms[row] + (largestInBlock.max() ?? 0))
        let nearest = exactDistances(candidates, of: row).prefix(k)
        candidates = nearest.map { neighbor in
            let value = neighbor.distance - norm
            return Candidate(low: value - error, high: value + error, index: neighbor.index)
        }
        return min(bound, candidates.last?.high ?? .infinity)
    }

    /// The candidates with distances from the differences of the elements (squared, for the Euclidean metric),
    /// nearest first, ties by number.
    private func exactDistances(_ candidates: [Candidate], of row: Int) -> [(distance: Float, index: UInt32)] {
        let columns = exact.columns
        return exact.elements.withUnsafeBufferPointer { all in
            guard let all = all.baseAddress else { return candidates.map { (0, $0.index) } }
            let own = all + row * columns
            var result = candidates.map { candidate in
                let other = Int(candidate.index)
                let square = kernels.squared_distance(own, all + other * columns, columns)
                if metric == .euclidean { return (distance: square, index: candidate.index) }
                // 1 − cos = |u − v|² / 2 for vectors of length 1: no cancellation between close vectors.
                let zero = squaredNorms[row] == 0 || squaredNorms[other] == 0
                return (distance: zero ? 1 : min(2, square / 2), index: candidate.index)
            }
            result.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.index < $1.index }
            return result
        }
    }
}
