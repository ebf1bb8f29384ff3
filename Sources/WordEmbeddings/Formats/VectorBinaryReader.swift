import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads records of a word, a blank and its components as little-endian 32-bit floats: word2vec binary, with and
/// without a line end after each vector.
struct VectorBinaryReader {
    private let source: ByteSource
    private let header: VectorHeader
    private let limit: Int?
    /// A file too small for what its header promises is read for its first error, and nothing is kept.
    private let isTooShort: Bool
    private var rows: VectorRows
    private var rowsRead = 0

    /// Where a record lies in the window.
    struct Record {
        var word: Range<Int>
        var vector: Int
    }

    /// - Parameter source: stands behind the header.
    init(source: ByteSource, header: VectorHeader, limit: Int?) {
        self.source = source
        self.header = header
        self.limit = limit
        isTooShort = !Self.fits(header, size: source.largestSize - source.offset)
        rows = VectorRows(dimensions: header.dimensions)
    }

    /// Whether `size` bytes can hold what the header promises: a word of one byte, a blank and the numbers each.
    static func fits(_ header: VectorHeader, size: Int) -> Bool {
        let smallest = header.rows.multipliedReportingOverflow(by: 4 * header.dimensions + 2)
        return !smallest.overflow && smallest.partialValue <= size
    }

    /// Reads the rows.
    /// - Throws: `WordEmbeddingError.malformed` for the first record that is not as it should be.
    mutating func read() throws -> VectorRows {
        let expected = "\(header.rows) vectors of \(header.dimensions) dimensions, as the first line says"
        if isTooShort, source.isPacked {
            throw malformed("line 1", expected, "a file too small for that (\(source.storedSize) bytes packed)")
        }
        let wanted = isTooShort ? header.rows : min(header.rows, limit ?? .max)
        if !isTooShort { rows.reserve(rows: wanted, storedSize: source.storedSize) }
        var size = ByteSource.windowSize
        while rowsRead < wanted {
            try source.fill(size)
            let taken = try source.withWindow { try readRecords(of: $0, wanted: wanted) }
            if taken == 0 {
                if source.isAtEnd {
                    throw malformed(
                        "vector \(rowsRead + 1) (byte \(source.offset))", expected, "\(rowsRead) complete ones")
                }
                // Ends: a word is no longer than `WordBytes.longest`, and the dimensions are bounded.
                size *= 2
            } else {
                source.skip(taken)
                size = ByteSource.windowSize
            }
        }
        if limit == nil { try checkEnd() }
        return rows
    }

    private mutating func readRecords(of window: UnsafeRawBufferPointer, wanted: Int) throws -> Int {
        var records: [Record] = []
        var position = 0
        while rowsRead + records.count < wanted,
            let record = try Self.nextRecord(
                of: window, at: position, dimensions: header.dimensions,
                fault: { malformed("word \(rowsRead + records.count + 1) (byte \(source.offset + $0))", $1, $2) })
        {
            records.append(record)
            position = record.vector + 4 * header.dimensions
        }
        var vectors = [Float](repeating: 0, count: records.count * header.dimensions)
        guard !records.isEmpty else { return 0 }
        let fault = RowFault()
        let dimensions = header.dimensions
        let place = RowPlace(
            file: source.path, firstLine: nil, firstWord: rowsRead + 1, offset: source.offset, dimensions: dimensions)
        // Read only, and only until this call returns.
        nonisolated(unsafe) let bytes = window
        let batch = records
        vectors.parallelUpdate(width: dimensions, threads: availableProcessors, grain: 1024) { range, vectors in
            for row in range {
                let start = (row - range.lowerBound) * dimensions
                if let column = Self.copy(bytes, from: batch[row].vector, to: &vectors, at: start, count: dimensions) {
                    let value = vectors[start + column]
                    fault.note(row: row) {
                        let word = UnsafeRawBufferPointer(rebasing: bytes[batch[row].word])
                        return place.error(
                            row: row, offset: batch[row].word.lowerBound,
                            .number(
                                word: WordBytes.excerpt(word), column: column + 1, found: "\(value)",
                                isFinite: false))
                    }
                    return
                }
            }
        }
        try fault.check()
        rowsRead += records.count
        if isTooShort { return position }
        for record in records { rows.append(word: UnsafeRawBufferPointer(rebasing: window[record.word])) }
        rows.append(vectors: vectors)
        return position
    }

    /// The record at `position`; `nil` when its end is not in the window.
    /// - Parameter fault: makes the error of a bad word from a byte of the window, what was expected and found.
    static func nextRecord(
        of window: UnsafeRawBufferPointer, at position: Int, dimensions: Int,
        fault: (Int, String, String) -> WordEmbeddingError
    ) throws -> Record? {
        var start = position
        while start < window.count, window[start] == 0x0A { start += 1 }
        guard let base = window.baseAddress, start < window.count else { return nil }
        let most = min(window.count - start, WordBytes.longest + 1)
        guard let blank = memchr(base + start, 0x20, most) else {
            if most <= WordBytes.longest { return nil }
            throw fault(start, "a word of at most \(WordBytes.longest) bytes and a blank", "no blank")
        }
        let end = UnsafeRawPointer(blank) - base
        if end == start { throw fault(start, "a word", "a blank") }
        if let bad = WordBytes.fault(UnsafeRawBufferPointer(rebasing: window[start..<end])) {
            throw fault(start + bad.position, "UTF-8 without NUL", bad.found)
        }
        guard window.count - end - 1 >= 4 * dimensions else { return nil }
        return Record(word: start..<end, vector: end + 1)
    }

    /// Copies one vector.
    /// - Returns: the first column that is not finite.
    private static func copy(
        _ bytes: UnsafeRawBufferPointer, from position: Int, to vectors: inout MutableSpan<Float>, at start: Int,
        count: Int
    ) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var isFinite = true
        for column in 0..<count {
            let bits = UInt32(
                littleEndian: base.loadUnaligned(fromByteOffset: position + 4 * column, as: UInt32.self))
            vectors[start + column] = Float(bitPattern: bits)
            isFinite = isFinite && bits & 0x7F80_0000 != 0x7F80_0000
        }
        return isFinite ? nil : (0..<count).first { !vectors[start + $0].isFinite }
    }

    /// Refuses what follows the promised rows.
    private func checkEnd() throws {
        while true {
            try source.fill(ByteSource.windowSize)
            if source.count == 0 { return }
            if try source.withWindow({ !$0.allSatisfy(WordBytes.isSpace) }) {
                throw malformed(
                    "byte \(source.offset)", "the end of the file after \(rowsRead) vectors, as the first line says",
                    "more")
            }
            source.skip(source.count)
        }
    }

    private func malformed(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
        .malformed(file: source.path, place: place, expected: expected, found: found)
    }
}
