import LinearAlgebra

/// Where vectors lie. Rows are numbered from 0 and have `columns` floats each.
enum RowStorage: Sendable {
    case memory(Matrix)
    /// In a file, of which only what is asked for is read.
    case mapped(MappedRows)

    /// Number of vectors.
    var rows: Int {
        switch self {
        case .memory(let matrix): matrix.rows
        case .mapped(let rows): rows.count
        }
    }

    /// Components of each.
    var columns: Int {
        switch self {
        case .memory(let matrix): matrix.columns
        case .mapped(let rows): rows.columns
        }
    }

    /// All vectors as one matrix in memory; those of a file are read anew at each call.
    func matrix() -> Matrix {
        switch self {
        case .memory(let matrix): matrix
        case .mapped(let rows): rows.matrix()
        }
    }

    /// Gives the rows of a range, one after another; valid only inside the closure.
    /// - Parameter scratch: room for the range's elements, for vectors that do not lie so.
    func withRows<Result>(
        _ range: Range<Int>, scratch: AlignedBuffer<Float>, _ body: (UnsafePointer<Float>) -> Result
    ) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the table")
        precondition(scratch.count >= range.count * columns, "scratch memory too small")
        switch self {
        case .memory(let matrix):
            return matrix.elements.withUnsafeBufferPointer { elements in
                guard let base = elements.baseAddress else { return body(scratch.base) }
                return body(base + range.lowerBound * matrix.columns)
            }
        case .mapped(let rows):
            return rows.withRows(range, scratch: scratch, body)
        }
    }

    /// One vector.
    func row(_ number: Int) -> [Float] {
        switch self {
        case .memory(let matrix): Array(matrix.row(number))
        case .mapped(let rows): rows.row(number)
        }
    }
}
