import CVectorKernels
import FileAccess
import LinearAlgebra

/// Vectors that stay in a mapped file, of which only what is asked for is read.
///
/// Raw memory has its place here. It is sound because every place was checked against the file's size before the rows
/// were made, and because the mapping lives as long as they do.
struct MappedRows: Sendable {
    private let file: MappedFile
    private let places: Places
    let count: Int
    let columns: Int

    private enum Places: Sendable {
        /// Byte at which each vector begins.
        case listed(NumberList<UInt64>)
        /// One vector behind another from that byte on, a multiple of 4.
        case dense(Int)
    }

    /// The vectors of a word2vec binary file.
    init(_ index: VectorIndex) {
        (file, count, columns) = (index.file, index.starts.count, index.header.dimensions)
        places = .listed(index.starts)
    }

    /// Vectors that lie one behind another.
    /// - Precondition: all of them lie in the file, from a multiple of 4 on.
    init(file: MappedFile, offset: Int, count: Int, columns: Int) {
        precondition(offset % 4 == 0 && offset >= 0 && offset + 4 * count * columns <= file.count, "rows in the file")
        (self.file, self.count, self.columns) = (file, count, columns)
        places = .dense(offset)
    }

    /// Gives the rows of a range, one after another: where they lie when they lie so, else copied into `scratch`.
    func withRows<Result>(
        _ range: Range<Int>, scratch: AlignedBuffer<Float>, _ body: (UnsafePointer<Float>) -> Result
    ) -> Result {
        file.withBytes { bytes in
            #if _endian(little)
                if case .dense(let offset) = places, let base = bytes.baseAddress {
                    let start = base + offset + 4 * range.lowerBound * columns
                    return body(start.assumingMemoryBound(to: Float.self))
                }
            #endif
            for (place, row) in range.enumerated() { copy(row, of: bytes, to: scratch.base + place * columns) }
            return body(scratch.base)
        }
    }

    /// The products of the rows of a range with a vector.
    /// - Parameters:
    ///   - direction: as many floats as there are columns.
    ///   - products: room for one float a row.
    func products(
        _ range: Range<Int>, _ direction: UnsafePointer<Float>, into products: UnsafeMutablePointer<Float>
    ) {
        #if _endian(little)
            file.withBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                switch places {
                case .dense(let offset):
                    kernels.dot_rows(
                        base + offset + 4 * range.lowerBound * columns, nil, 4 * columns, range.count, direction,
                        columns, products)
                case .listed(let starts):
                    guard starts.areSound(range) else {
                        // The damage is noted: whoever asked throws it.
                        for row in 0..<range.count { products[row] = 0 }
                        return
                    }
                    starts.withPointer { starts in
                        kernels.dot_rows(
                            base, starts + range.lowerBound, 0, range.count, direction, columns, products)
                    }
                }
            }
        #else
            let scratch = AlignedBuffer<Float>(count: range.count * columns)
            withRows(range, scratch: scratch) {
                kernels.dot_rows($0, nil, 4 * columns, range.count, direction, columns, products)
            }
        #endif
    }

    /// One vector.
    func row(_ number: Int) -> [Float] {
        precondition(number >= 0 && number < count, "row outside the table")
        return file.withBytes { bytes in
            [Float](unsafeUninitializedCapacity: columns) { buffer, used in
                if let base = buffer.baseAddress { copy(number, of: bytes, to: base) }
                used = columns
            }
        }
    }

    /// All vectors as one matrix in memory.
    func matrix() -> Matrix {
        var matrix = Matrix(rows: count, columns: columns)
        guard columns > 0 else { return matrix }
        matrix.elements.parallelUpdate(width: columns, threads: availableProcessors, grain: 1024) { range, elements in
            for row in range {
                let vector = self.row(row)
                for column in 0..<columns { elements[(row - range.lowerBound) * columns + column] = vector[column] }
            }
        }
        return matrix
    }

    private func copy(_ row: Int, of bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<Float>) {
        let start =
            switch places {
            case .listed(let starts): Int(starts[row])
            case .dense(let offset): offset + 4 * row * columns
            }
        UnsafeMutableRawBufferPointer(start: target, count: 4 * columns).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + 4 * columns]))
        #if _endian(big)
            for column in 0..<columns { target[column] = Float(bitPattern: target[column].bitPattern.byteSwapped) }
        #endif
    }
}
