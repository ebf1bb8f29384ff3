import LinearAlgebra

/// Tables to and from model files. Unsafe code has its place here: it reads and writes rows by address, each row by one
/// thread alone, while nobody trains.
extension ModelTables {
    /// Gives the rows of a table without their padding as little-endian 32-bit floats, some at a time.
    func withLittleEndianBytes(
        of table: AlignedBuffer<Float>, rows: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let batch = max(1, (1 << 20) / dimensions)
        var bits = [UInt32](repeating: 0, count: min(rows, batch) * dimensions)
        for start in Swift.stride(from: 0, to: rows, by: batch) {
            let count = min(rows - start, batch)
            for row in 0..<count {
                let from = table.base + (start + row) * stride
                for column in 0..<dimensions {
                    bits[row * dimensions + column] = from[column].bitPattern.littleEndian
                }
            }
            try bits.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0.prefix(4 * count * dimensions))) }
        }
    }

    /// Reads rows that `withLittleEndianBytes` wrote.
    func fill(_ table: AlignedBuffer<Float>, rows: Int, from bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 4 * rows * dimensions, "a table of another size")
        for row in 0..<rows {
            let to = table.base + row * stride
            for column in 0..<dimensions {
                let place = 4 * (row * dimensions + column)
                to[column] = Float(
                    bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
            }
        }
    }

    /// Whether all numbers of both tables are finite.
    func isFinite(outputRows: Int, threads: Int) -> Bool {
        [(inputs, inputRows), (outputs, outputRows)].allSatisfy { table, rows in
            parallelMap(rows, threads: threads, grain: 1024) { range in
                // A sum is finite or not as its terms are: 0 · x is 0, or NaN for what is not finite.
                var sum: Float = 0
                for place in range.lowerBound * stride..<range.upperBound * stride { sum += 0 * table.base[place] }
                return sum == 0
            }.allSatisfy { $0 }
        }
    }
}
