/// What can go wrong in the linear algebra.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
    /// An element is NaN or infinite; row and column are counted from 0.
    case notFinite(row: Int, column: Int)
    /// LAPACK found no eigenvectors of a symmetric matrix of this size.
    case noConvergence(size: Int)

    /// One line that says what and where.
    public var description: String {
        switch self {
        case .notFinite(let row, let column):
            "the value in row \(row), column \(column) (counted from 0) is not a finite number"
        case .noConvergence(let size):
            "the eigenvalues of a matrix of \(size) x \(size) were not found: LAPACK did not converge"
        }
    }
}

extension Matrix {
    /// Row and column of the first element that is NaN or infinite.
    public func firstNonFinite(threads: Int = availableProcessors) -> (row: Int, column: Int)? {
        guard columns > 0 else { return nil }
        let found = parallelMap(elements.count, threads: threads, grain: 1 << 18) { range -> Int? in
            elements.withUnsafeBufferPointer { all in range.first { !all[$0].isFinite } }
        }
        guard let position = found.lazy.compactMap({ $0 }).first else { return nil }
        return (position / columns, position % columns)
    }

    /// Mean of each column, summed in double precision; the same at any number of threads.
    public func columnMeans(threads: Int = availableProcessors) -> [Double] {
        guard rows > 0, columns > 0 else { return [Double](repeating: 0, count: columns) }
        let grain = max(1024, (rows + 63) / 64)
        let parts = parallelMap(rows, threads: threads, grain: grain) { range in
            var sums = [Double](repeating: 0, count: columns)
            elements.withUnsafeBufferPointer { all in
                for row in range {
                    for column in 0..<columns { sums[column] += Double(all[row * columns + column]) }
                }
            }
            return sums
        }
        var means = [Double](repeating: 0, count: columns)
        for part in parts { for column in 0..<columns { means[column] += part[column] } }
        return means.map { $0 / Double(rows) }
    }

    /// The matrix less the given number in each column.
    public func subtracting(columns means: [Double], threads: Int = availableProcessors) -> Matrix {
        precondition(means.count == columns, "one number a column")
        guard columns > 0 else { return self }
        var result = self
        let width = columns
        result.elements.parallelUpdate(width: width, threads: threads, grain: 1024) { range, span in
            for row in 0..<range.count {
                for column in 0..<width {
                    span[row * width + column] = Float(Double(span[row * width + column]) - means[column])
                }
            }
        }
        return result
    }
}

/// Principal component analysis: the orthogonal directions along which the rows of a matrix vary most.
///
/// Found from the covariance matrix, or from the products of the rows when there are fewer rows than columns. The
/// signs are fixed: the element of largest absolute value in each direction is positive. The same bytes at any
/// number of threads.
public struct PCA: Sendable {
    /// Mean of each column.
    public let means: [Double]
    /// The directions, a unit vector in each row, the one of largest variance first.
    public let components: Matrix
    /// Variance along each direction (divided by rows − 1), descending.
    public let variances: [Double]

    /// Finds the first directions of `data`.
    ///
    /// - Parameters:
    ///   - data: one observation a row.
    ///   - count: directions wanted; there are never more than min(rows, columns).
    ///   - threads: threads to use.
    /// - Throws: `LinearAlgebraError`.
    public init(of data: Matrix, components count: Int, threads: Int = availableProcessors) throws(LinearAlgebraError) {
        if let place = data.firstNonFinite(threads: threads) {
            throw .notFinite(row: place.row, column: place.column)
        }
        means = data.columnMeans(threads: threads)
        let count = max(0, min(count, data.rows, data.columns))
        guard count > 0 else {
            components = Matrix(rows: 0, columns: data.columns)
            variances = []
            return
        }
        let centred = data.subtracting(columns: means, threads: threads)
        (components, variances) =
            data.columns <= data.rows
            ? try Self.fromCovariance(centred, count: count, threads: threads)
            : try Self.fromRowProducts(centred, count: count, threads: threads)
    }

    /// The coordinates of the rows of `data` along the directions: rows × components.
    /// - Precondition: `data` has as many columns as the matrix that the directions were found in.
    public func transform(_ data: Matrix, threads: Int = availableProcessors) -> Matrix {
        precondition(data.columns == means.count, "the data must have the columns that the directions were found in")
        let width = components.rows
        guard width > 0, data.rows > 0 else { return Matrix(rows: data.rows, columns: width) }
        let columns = data.columns
        var result = Matrix(rows: data.rows, columns: width)
        result.elements.parallelUpdate(width: width, threads: threads, grain: 512) { range, span in
            var centred = [Float](repeating: 0, count: range.count * columns)
            data.elements.withUnsafeBufferPointer { all in
                for row in 0..<range.count {
                    let from = (range.lowerBound + row) * columns
                    for column in 0..<columns {
                        centred[row * columns + column] = Float(Double(all[from + column]) - means[column])
                    }
                }
            }
            span.withUnsafeMutableBufferPointer { out in
                guard let out = out.baseAddress else { return }
                components.elements.withUnsafeBufferPointer { directions in
                    guard let directions = directions.baseAddress else { return }
                    BLAS.multiplyTransposed(
                        centred, rows: range.count, directions, rows: width, columns: columns, into: out, stride: width)
                }
            }
        }
        return result
    }

    /// Eigenvectors of the columns × columns covariance.
    private static func fromCovariance(
        _ centred: Matrix, count: Int, threads: Int
    ) throws(LinearAlgebraError) -> (Matrix, [Double]) {
        let size = centred.columns
        // Sums of a piece in single precision, of all pieces in double, always in the same order.
        let grain = max(2048, (centred.rows + 63) / 64)
        var total = [Double](repeating: 0, count: size * size)
        var from = 0
        while from < centred.rows {
            // A group of pieces at a time bounds the memory.
            let base = from
            let rows = min(centred.rows - from, grain * max(1, threads))
            let parts = parallelMap(rows, threads: threads, grain: grain) { range in
                var gram = [Float](repeating: 0, count: size * size)
                centred.elements.withUnsafeBufferPointer { all in
                    guard let start = all.baseAddress else { return }
                    BLAS.addGram(
                        start + (base + range.lowerBound) * size, rows: range.count, columns: size, into: &gram)
                }
                return gram
            }
            for part in parts { for i in total.indices { total[i] += Double(part[i]) } }
            from += rows
        }
        // In units of the largest element, so that no scale of the data is out of a Float's range.
        let unit = total.reduce(0) { max($0, abs($1)) }
        guard unit > 0 else {
            var directions = Matrix(rows: count, columns: size)
            for i in 0..<count { directions[i, i] = 1 }
            return (directions, [Double](repeating: 0, count: count))
        }
        var gram = total.map { Float($0 / unit) }
        guard let values = BLAS.symmetricEigen(&gram, size: size) else { throw .noConvergence(size: size) }
        var directions = Matrix(rows: count, columns: size)
        for i in 0..<count {
            let from = (size - 1 - i) * size
            directions.elements.replaceSubrange(directions.range(ofRow: i), with: gram[from..<from + size])
        }
        fixSigns(&directions)
        let scale = unit / Double(max(1, centred.rows - 1))
        return (directions, (0..<count).map { max(0, Double(values[size - 1 - $0])) * scale })
    }

    /// From the eigenvectors of the rows × rows products: X = U·S·Vᵀ, so V = Xᵀ·U / S.
    private static func fromRowProducts(
        _ centred: Matrix, count: Int, threads: Int
    ) throws(LinearAlgebraError) -> (Matrix, [Double]) {
        let size = centred.rows
        let columns = centred.columns
        let largest = centred.elements.reduce(0) { max($0, abs($1)) }
        var directions = Matrix(rows: count, columns: columns)
        guard largest > 0 else {
            for i in 0..<count { directions[i, i] = 1 }
            return (directions, [Double](repeating: 0, count: count))
        }
        var scaled = centred
        scaled.elements.parallelUpdate(width: columns, threads: threads, grain: 256) { _, span in
            for i in span.indices { span[i] /= largest }
        }
        var products = [Float](repeating: 0, count: size * size)
        let data = scaled
        products.parallelUpdate(width: size, threads: threads, grain: 128) { range, span in
            data.elements.withUnsafeBufferPointer { all in
                span.withUnsafeMutableBufferPointer { out in
                    guard let all = all.baseAddress, let out = out.baseAddress else { return }
                    BLAS.multiplyTransposed(
                        all + range.lowerBound * columns, rows: range.count, all, rows: size, columns: columns,
                        into: out, stride: size)
                }
            }
        }
        guard let values = BLAS.symmetricEigen(&products, size: size) else { throw .noConvergence(size: size) }
        let vectors = products
        directions.elements.parallelUpdate(width: columns, threads: threads, grain: 1) { range, span in
            for row in range {
                var sums = [Double](repeating: 0, count: columns)
                data.elements.withUnsafeBufferPointer { all in
                    for i in 0..<size {
                        let factor = Double(vectors[(size - 1 - row) * size + i])
                        for column in 0..<columns { sums[column] += factor * Double(all[i * columns + column]) }
                    }
                }
                let norm = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
                for column in 0..<columns {
                    span[(row - range.lowerBound) * columns + column] = norm > 0 ? Float(sums[column] / norm) : 0
                }
            }
        }
        fixSigns(&directions)
        let scale = Double(largest) * Double(largest) / Double(max(1, size - 1))
        return (directions, (0..<count).map { max(0, Double(values[size - 1 - $0])) * scale })
    }

    /// Makes the element of largest absolute value of each row positive.
    private static func fixSigns(_ directions: inout Matrix) {
        for row in 0..<directions.rows {
            let range = directions.range(ofRow: row)
            var largest: Float = 0
            for value in directions.elements[range] where abs(value) > abs(largest) { largest = value }
            if largest < 0 {
                let row = directions.elements[range].map { -$0 }
                directions.elements.replaceSubrange(range, with: row)
            }
        }
    }
}
