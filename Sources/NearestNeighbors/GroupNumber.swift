internal import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Finds how many groups vectors form, by the gap statistic (Tibshirani, Walther and Hastie 2001).
///
/// The gap of k is by how much the logarithm of k-means' sum of squares is smaller than for points without groups: draws
/// from one Gaussian of the same mean and covariance, the null hypothesis of SigClust (Liu et al. 2008). Where groups are
/// apart, the gap rises steeply up to their number and then falls. In most word vectors none are: there it rises ever
/// more slowly. So in place of the first fall the knee is taken (Satopää et al. 2011): the k at which the gap lies
/// highest above the straight line from nothing, at one group, to its largest value, at the largest k.
struct GroupNumber {
    /// The largest number that can be found.
    static let largest = 40
    /// Rows above which a sample is looked at.
    static let sampleRows = 2_000
    /// Gaps up to this are chance, or a distribution that is not quite Gaussian: one group.
    static let leastGap = 0.1
    private static let passes = 15

    /// The number of groups; 1 when there is nothing to part.
    /// - Parameters:
    ///   - vectors: one a row, finite; no more than `sampleRows`.
    ///   - onSphere: whether all have length 1, so that those drawn must have it too.
    static func find(
        in vectors: Matrix, onSphere: Bool, seed: UInt64, threads: Int
    ) throws(NeighborError) -> Int {
        let gaps = try gaps(of: vectors, onSphere: onSphere, seed: seed, threads: threads)
        guard let top = gaps.max(), top > leastGap else { return 1 }
        let last = Double(max(1, gaps.count - 1))
        let heights = gaps.enumerated().map { $1 / top - Double($0) / last }
        return 1 + (heights.indices.max { (heights[$0], $1) < (heights[$1], $0) } ?? 0)
    }

    /// The gap of 1, 2, … groups; that of 1 is 0.
    static func gaps(
        of vectors: Matrix, onSphere: Bool, seed: UInt64, threads: Int
    ) throws(NeighborError) -> [Double] {
        let most = min(largest, vectors.rows / 4)
        guard most > 1 else { return [0] }
        let search = ExactNeighbors(metric: .euclidean, threads: threads)
        let own = try spreads(of: vectors, most, search, seed)
        guard own[0] > -.infinity else { return [0] }
        var gaps = own.map { -$0 }
        // Few points differ more from one draw to the next.
        let draws = vectors.rows < 500 ? 8 : 2
        for draw in 0..<draws {
            let other = reference(like: vectors, onSphere: onSphere, seed: seed, draw: draw, threads: threads)
            for (k, spread) in try spreads(of: other, most, search, seed).enumerated() {
                gaps[k] += spread / Double(draws)
            }
        }
        return gaps.map { $0 - gaps[0] }
    }

    /// The logarithms of the sums of squares with 1, 2, … centres, none less than a millionth of the first.
    private static func spreads(
        of data: Matrix, _ most: Int, _ search: ExactNeighbors, _ seed: UInt64
    ) throws(NeighborError) -> [Double] {
        var means = try GrowingMeans(data, search: search, seed: seed)
        var spreads: [Double] = []
        for k in 1...most {
            if k > 1 { try means.add() }
            try means.settle(passes: passes)
            spreads.append(max(means.inertia, 1e-6 * (spreads.first ?? means.inertia)))
        }
        return spreads.map { log($0) }
    }

    /// As many rows from a Gaussian of the same mean and covariance: sums of the centred rows, each times a normal number.
    private static func reference(
        like data: Matrix, onSphere: Bool, seed: UInt64, draw: Int, threads: Int
    ) -> Matrix {
        let (rows, columns) = (data.rows, data.columns)
        let means = data.columnMeans(threads: threads)
        let centred = data.subtracting(columns: means, threads: threads)
        let scale = 1 / Float(max(1, rows - 1)).squareRoot()
        var result = Matrix(rows: rows, columns: columns)
        result.elements.parallelUpdate(width: columns, threads: threads, grain: 64) { range, span in
            var generator = Philox(
                seed: seed, stream: 0x6761_7073, position: UInt64(draw) << 40 | UInt64(range.lowerBound) << 20)
            let factors = generator.normals(range.count * rows).map { scale * $0 }
            var sums = [Float](repeating: 0, count: range.count * columns)
            BLAS.multiply(factors, rows: range.count, inner: rows, centred.elements, columns: columns, into: &sums)
            for row in 0..<range.count {
                var square = 0.0
                for column in 0..<columns {
                    let value = sums[row * columns + column] + Float(means[column])
                    square += Double(value) * Double(value)
                    span[row * columns + column] = value
                }
                guard onSphere, square > 0 else { continue }
                let factor = Float(1 / square.squareRoot())
                for column in 0..<columns { span[row * columns + column] *= factor }
            }
        }
        return result
    }
}
