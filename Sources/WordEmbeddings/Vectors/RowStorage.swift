import CVectorKernels
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

    /// The products of the rows of a range with a vector.
    /// - Parameters:
    ///   - direction: as many floats as there are columns.
    ///   - products: room for one float a row.
    func products(
        _ range: Range<Int>, _ direction: UnsafePointer<Float>, into products: UnsafeMutablePointer<Float>
    ) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the table")
        switch self {
        case .memory(let matrix):
            matrix.elements.withUnsafeBufferPointer { elements in
                guard let base = elements.baseAddress else { return }
                kernels.dot_rows(
                    base + range.lowerBound * matrix.columns, nil, 4 * matrix.columns, range.count, direction,
                    matrix.columns, products)
            }
        case .mapped(let rows):
            rows.products(range, direction, into: products)
        }
    }

    /// One vector.
    func row(_ number: Int) -> [Float] {
        switch self {
        case .memory(let matrix): Array(matrix.row(number))
        case .mapped(let rows): rows.row(number)
        }
    }

    /// Throws the error of the first number that is not finite.
    func checkFinite(_ error: @Sendable (_ row: Int, _ column: Int, _ value: Float) -> WordEmbeddingError) throws {
        let fault = RowFault()
        let columns = columns
        parallelFor(rows, threads: availableProcessors, grain: max(1, (1 << 18) / max(1, columns))) { range in
            let scratch = AlignedBuffer<Float>(count: range.count * columns)
            withRows(range, scratch: scratch) { numbers in
                guard let place = (0..<range.count * columns).first(where: { !numbers[$0].isFinite }) else { return }
                let row = range.lowerBound + place / columns
                fault.note(row: row) { error(row, place % columns, numbers[place]) }
            }
        }
        try fault.check()
    }

    /// Gives all vectors, some at a time, as little-endian 32-bit floats.
    func withLittleEndianBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let batch = max(1, (1 << 20) / max(1, columns))
        let scratch = AlignedBuffer<Float>(count: min(rows, batch) * columns)
        for start in stride(from: 0, to: rows, by: batch) {
            let range = start..<min(rows, start + batch)
            let result = withRows(range, scratch: scratch) { vectors in
                Result {
                    #if _endian(little)
                        try body(UnsafeRawBufferPointer(start: vectors, count: 4 * range.count * columns))
                    #else
                        let bits = (0..<range.count * columns).map { vectors[$0].bitPattern.littleEndian }
                        try bits.withUnsafeBytes { try body($0) }
                    #endif
                }
            }
            try result.get()
        }
    }
}
