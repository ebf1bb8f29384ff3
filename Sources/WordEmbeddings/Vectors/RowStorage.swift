import LinearAlgebra

/// Where vectors lie. Rows are numbered from 0 and have `columns` floats each.
enum RowStorage: Sendable {
    case memory(Matrix)

    /// Number of vectors.
    var rows: Int {
        switch self {
        case .memory(let matrix): matrix.rows
        }
    }

    /// Components of each.
    var columns: Int {
        switch self {
        case .memory(let matrix): matrix.columns
        }
    }

    /// All vectors as one matrix in memory.
    func matrix() -> Matrix {
        switch self {
        case .memory(let matrix): matrix
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
        }
    }

    /// One vector.
    func row(_ number: Int) -> [Float] {
        switch self {
        case .memory(let matrix): Array(matrix.row(number))
        }
    }
}
