import LinearAlgebra

/// Reads the numbers behind a `.npy` header.
struct NumpyReader {
    private let source: ByteSource
    private let header: NumpyHeader

    /// - Parameter source: stands at the beginning of the file.
    /// - Throws: `WordEmbeddingError.malformed` when the header is none or promises more than the file can hold.
    init(source: ByteSource) throws {
        self.source = source
        header = try NumpyHeader(reading: source)
        let count = header.count
        let size = count.map { $0.multipliedReportingOverflow(by: header.type.size) }
        guard let count, let size, !size.overflow, size.partialValue <= source.largestSize - source.offset else {
            throw malformed(
                "byte \(source.offset)", "\(shapeText) elements of \(header.type.size) bytes, as the header says",
                source.isPacked
                    ? "a file too small for that (\(source.storedSize) bytes packed)"
                    : "\(source.largestSize - source.offset) bytes")
        }
        guard count > 0 || header.shape.isEmpty else { throw malformed("the header", "some elements", shapeText) }
    }

    /// Rows of the whole array.
    var rows: Int { header.shape.first ?? 0 }

    /// Columns of the whole array; `nil` when it has other than two dimensions.
    var columns: Int? { header.shape.count == 2 ? header.shape[1] : nil }

    /// Where the numbers begin when they lie in a plain file as rows of little-endian 32-bit floats at even places, so
    /// that they can be asked where they are. `source` must not have been read beyond the header.
    var placeOfRows: Int? {
        let isPlain =
            header.type.kind == .float && header.type.size == 4 && !header.type.isBigEndian && !header.isFortranOrder
        return isPlain && !source.isPacked && source.offset % 4 == 0 ? source.offset : nil
    }

    /// Refuses arrays that are no matrix.
    func checkShape() throws {
        guard header.shape.count == 2 else {
            throw malformed("the header", "an array of 2 dimensions, rows and columns", "the shape \(shapeText)")
        }
    }

    /// Bytes behind the array, when the whole of it has been read from a plain file.
    var trailingBytes: Int { source.isPacked ? 0 : source.largestSize - source.offset }

    /// Reads the first `limit` rows (all without a limit).
    /// - Throws: `WordEmbeddingError.malformed` when the array is not of two dimensions, breaks off, or holds a number
    ///   that is not finite.
    func readMatrix(limit: Int?) throws -> Matrix {
        try checkShape()
        let rows = min(header.shape[0], limit ?? .max)
        let columns = header.shape[1]
        let isLargest = rows == header.shape[0]
        var elements: [Float] = []
        if header.isFortranOrder {
            elements = [Float](repeating: 0, count: rows * columns)
            for column in 0..<columns {
                try read(rows) { first, values in
                    for index in values.indices {
                        elements[(first + index) * columns + column] = values[index]
                    }
                } place: {
                    ($0, column)
                }
                if !isLargest, column < columns - 1 {
                    try source.skipFar((header.shape[0] - rows) * header.type.size)
                }
            }
        } else {
            if !source.isPacked { elements.reserveCapacity(rows * columns) }
            try read(rows * columns) { _, values in
                elements.append(contentsOf: values)
            } place: {
                ($0 / columns, $0 % columns)
            }
        }
        if isLargest, source.isPacked { try checkPackedEnd() }
        return Matrix(rows: rows, columns: columns, elements: elements)
    }

    /// Reads an array of whole numbers of one dimension.
    /// - Throws: `WordEmbeddingError.malformed` when it is another array or breaks off.
    func readIntegers() throws -> [Int64] {
        guard header.shape.count == 1, header.type.kind != .float else {
            let kind = header.type.kind == .float ? "floats" : "whole numbers"
            throw malformed(
                "the header", "an array of whole numbers of 1 dimension", "\(kind) of the shape \(shapeText)")
        }
        var numbers: [Int64] = []
        let size = header.type.size
        try readBytes(header.shape[0]) { _, bytes in
            for position in stride(from: 0, to: bytes.count, by: size) {
                numbers.append(header.type.integer(bytes, position))
            }
        }
        return numbers
    }

    /// Reads the next `count` elements as floats, piece after piece.
    private func read(
        _ count: Int, _ take: (_ first: Int, _ values: [Float]) -> Void,
        place: (Int) -> (row: Int, column: Int)
    ) throws {
        let size = header.type.size
        try readBytes(count) { first, bytes in
            var values = [Float](repeating: 0, count: bytes.count / size)
            // Read only, and only until this call returns.
            nonisolated(unsafe) let source = bytes
            let type = header.type
            values.parallelUpdate(width: 1, threads: availableProcessors, grain: 1 << 16) { range, values in
                for index in range { values[index - range.lowerBound] = type.float(source, index * type.size) }
            }
            if let bad = values.firstIndex(where: { !$0.isFinite }) {
                let (row, column) = place(first + bad)
                throw malformed("row \(row + 1), column \(column + 1)", "a finite 32-bit number", "\(values[bad])")
            }
            take(first, values)
        }
    }

    /// Gives the bytes of the next `count` elements, piece after piece.
    private func readBytes(_ count: Int, _ take: (_ first: Int, UnsafeRawBufferPointer) throws -> Void) throws {
        let size = header.type.size
        var done = 0
        while done < count {
            let wanted = min(count - done, ByteSource.windowSize / size)
            try source.fill(wanted * size)
            guard source.count >= wanted * size else {
                throw malformed(
                    "byte \(source.offset + source.count)", "\(shapeText) elements, as the header says",
                    "the end of the file")
            }
            try source.withWindow { try take(done, UnsafeRawBufferPointer(rebasing: $0[0..<wanted * size])) }
            source.skip(wanted * size)
            done += wanted
        }
    }

    /// Reads a packed file to its end, so that damage there is found.
    private func checkPackedEnd() throws {
        try source.fill(1)
    }

    private var shapeText: String {
        header.shape.count == 1 ? "(\(header.shape[0]),)" : "(\(header.shape.map(String.init).joined(separator: ", ")))"
    }

    private func malformed(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
        .malformed(file: source.path, place: place, expected: expected, found: found)
    }
}
