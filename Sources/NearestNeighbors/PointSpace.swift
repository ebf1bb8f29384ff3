internal import LinearAlgebra

/// What turns vectors into points of the kernels: the same for all the sets that are compared.
struct PointSpace: Sendable {
    let metric: Metric
    let columns: Int
    /// Values are multiplied by 2 to this power: squares must neither overflow nor vanish, and no digit changes.
    private let exponent: Int
    /// Subtracted from the columns before products are made (the distances stay, the rounding errors shrink).
    private let means: [Double]
    /// The largest squared length, of the scaled values.
    private let largestSquare: Double

    /// - Parameters:
    ///   - data: the points searched.
    ///   - others: what else will be compared with them.
    init(_ data: Matrix, others: Matrix? = nil, metric: Metric, threads: Int) {
        self.metric = metric
        columns = data.columns
        let largest = max(Self.largest(data, threads), others.map { Self.largest($0, threads) } ?? 0)
        let extreme = metric != .cosine && (largest > 0x1p50 || (largest > 0 && largest < 0x1p-50))
        exponent = extreme ? -Int(largest.exponent) : 0
        let factor = Double(sign: .plus, exponent: exponent, significand: 1)
        switch metric {
        case .euclidean, .manhattan: means = data.columnMeans(threads: threads).map { $0 * factor }
        case .cosine, .dot: means = [Double](repeating: 0, count: data.columns)
        }
        largestSquare =
            metric == .dot
            ? max(Self.square(data, threads), others.map { Self.square($0, threads) } ?? 0)
                * factor * factor : 0
    }

    private static func largest(_ data: Matrix, _ threads: Int) -> Float {
        parallelMap(data.elements.count, threads: threads, grain: 1 << 16) { range in
            data.elements[range].reduce(0) { max($0, abs($1)) }
        }.reduce(0, max)
    }

    private static func square(_ data: Matrix, _ threads: Int) -> Double {
        parallelMap(data.rows, threads: threads, grain: 1024) { range in
            range.reduce(0.0) { largest, row in
                max(largest, data.row(row).reduce(0.0) { $0 + Double($1) * Double($1) })
            }
        }.reduce(0, max)
    }

    /// A row as exact distances take it: scaled, or of length 1.
    func writeExact(_ row: ArraySlice<Float>, to exact: UnsafeMutablePointer<Float>) {
        if metric == .cosine {
            let norm = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            for (i, value) in row.enumerated() { exact[i] = norm > 0 ? Float(Double(value) / norm) : 0 }
        } else if exponent != 0 {
            for (i, value) in row.enumerated() {
                exact[i] = Float(sign: .plus, exponent: exponent, significand: value)
            }
        } else {
            for (i, value) in row.enumerated() { exact[i] = value }
        }
    }

    /// The value that products are made of.
    func factor(_ exact: Float, column: Int) -> Float {
        Float(Double(exact) - means[column])
    }

    /// The distance for the outside of one that the kernels found.
    func distance(_ found: Float) -> Float {
        switch metric {
        case .euclidean: scaled(Double(found.squareRoot()), by: -exponent)
        case .manhattan: scaled(Double(found), by: -exponent)
        case .cosine: found
        case .dot: scaled(max(0, largestSquare + Double(found)), by: -2 * exponent)
        }
    }

    private func scaled(_ value: Double, by exponent: Int) -> Float {
        min(Float(Double(sign: .plus, exponent: exponent, significand: value)), .greatestFiniteMagnitude)
    }
}
