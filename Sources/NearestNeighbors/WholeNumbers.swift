internal import CVectorKernels
internal import LinearAlgebra

/// Coordinates in whole numbers of 16 bits, of which the kernels multiply twice as many an instruction as floats.
///
/// Their products and sums are exact. What they leave out of the coordinates bounds the similarities' error, as rounding
/// does for floats (`NeighborPoints.errors`): candidates within it stay, and their exact distances decide. So the search
/// finds the same neighbours.
struct WholeNumbers: Sendable {
    /// One, in the space's units.
    let unit: Float
    private let space: PointSpace

    /// Points compared with each other to see how near neighbours are.
    private static let sample = 256
    /// Largest error in units of the similarity of neighbours: more would leave too many candidates.
    private static let largestError = 0.03

    /// - Parameters:
    ///   - data: the points that will be compared, one a row.
    ///   - space: how they are prepared.
    ///   - table: the kernels.
    ///   - threads: threads to use.
    /// - Returns: `nil` where floats are the better choice: the kernels or the metric have no whole numbers, or they are
    ///   too coarse, because neighbours lie very near each other for how far away others are.
    init?(_ data: Matrix, space: PointSpace, table: NeighborKernels, threads: Int) {
        guard table.wholes, space.metric == .euclidean || space.metric == .cosine, data.rows > 1 else { return nil }
        let columns = data.columns
        let squares = parallelMap(data.rows, threads: threads, grain: 1024) { range in
            var point = [Float](repeating: 0, count: columns)
            var largest: Float = 0
            for row in range { largest = max(largest, space.square(of: data.row(row), &point)) }
            return largest
        }
        let largest = (squares.max() ?? 0).squareRoot()
        let room = Float(NEIGHBOR_LARGEST) - Float(columns).squareRoot()
        guard room > 1000, largest > 0x1p-30, largest < 0x1p50 else { return nil }
        unit = largest / room
        self.space = space
        guard isFine(data) else { return nil }
    }

    /// Whether the error is small beside the similarity of near points: of some, the nearest others among some.
    private func isFine(_ data: Matrix) -> Bool {
        let columns = data.columns
        let number = min(Self.sample, data.rows)
        var points = [[Float]](repeating: [Float](repeating: 0, count: columns), count: number)
        for i in 0..<number { _ = space.square(of: data.row(i * data.rows / number), &points[i]) }
        let nearest = points.indices.map { i in
            points.indices.reduce(Float.infinity) { least, j in
                guard i != j else { return least }
                let square = kernels.squared_distance(points[i], points[j], columns)
                return square > 0 ? min(least, square) : least
            }
        }.sorted()
        let typical = Double(nearest[number / 2]) / 2
        let one = Double(unit)
        let error = 2 * one * one * Double(NEIGHBOR_LARGEST) * (Double(columns) / 12).squareRoot()
        return error < Self.largestError * typical
    }

    /// Pairs of coordinates of a point.
    static func pairs(columns: Int) -> Int { (columns + 1) / 2 }

    /// Writes a point's numbers.
    /// - Parameters:
    ///   - exact: the point as exact distances take it.
    ///   - columns: its coordinates.
    ///   - numbers: its place in a panel; pairs are `stride` apart.
    /// - Returns: the length of what they leave out, in units.
    func write(
        _ exact: UnsafePointer<Float>, columns: Int, to numbers: UnsafeMutablePointer<Int32>, stride: Int
    ) -> Float {
        var square: Float = 0
        func whole(_ column: Int) -> Int32 {
            guard column < columns else { return 0 }
            let value = space.factor(exact[column], column: column) / unit
            let whole = value.rounded()
            square += (value - whole) * (value - whole)
            return Int32(whole)
        }
        for pair in 0..<Self.pairs(columns: columns) {
            let low = whole(2 * pair)
            numbers[pair * stride] = low & 0xFFFF | whole(2 * pair + 1) << 16
        }
        return square.squareRoot()
    }

    /// The offset of a point in squares of the unit.
    func offset(squaredLength: Float) -> Int32 {
        space.metric == .euclidean ? -Int32((squaredLength / (2 * unit * unit)).rounded()) : 0
    }

    /// The offset of what fills a panel up.
    static let lowest = -Int32(NEIGHBOR_LARGEST) * Int32(NEIGHBOR_LARGEST)

    /// The part of a point in the similarities' error.
    /// - Parameter leftOut: as `write` returns it.
    func error(leftOut: Float) -> Float {
        // |x·y − x'·y'| is at most |x'| times what y' leaves out, and the reverse; each is at most this length. The rest:
        // rounding of the offset, and of a similarity that becomes a float.
        let length = Float(NEIGHBOR_LARGEST)
        return unit * unit * (1.001 * length * leftOut + 2 + length * length * 0x1p-21)
    }
}

extension PointSpace {
    /// The squared length of a row as products are made of it; writes its values.
    func square(of row: ArraySlice<Float>, _ values: inout [Float]) -> Float {
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return 0 }
            writeExact(row, to: base)
            var sum: Float = 0
            for d in values.indices {
                values[d] = factor(values[d], column: d)
                sum += values[d] * values[d]
            }
            return sum
        }
    }
}
