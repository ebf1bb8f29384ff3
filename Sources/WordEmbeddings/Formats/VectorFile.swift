import FileAccess
public import LinearAlgebra

/// A file of vectors as it was read: words with their vectors, or a matrix without words.
public struct VectorFile: Sendable {
    /// What the file holds.
    public enum Content: Sendable {
        case words(WordVectors)
        case matrix(Matrix)
    }

    /// The formats that are recognised, all of them also packed with gzip.
    public enum Kind: String, Sendable, CaseIterable {
        /// A line of two whole numbers, then records of a word, a blank and 32-bit floats.
        case word2vecBinary = "word2vec binary"
        /// A line of two whole numbers, then lines of a word and numbers; also fastText's `.vec`.
        case word2vecText = "word2vec text"
        /// Lines of a word and numbers.
        case gloveText = "GloVe text"
        /// NumPy's `.npy`, an array of two dimensions.
        case numpy = "NumPy array"
        /// What `TrainedModel` writes; never packed.
        case model = "w2v model"
    }

    /// What the file holds, or its first rows when a limit was given.
    public let content: Content
    /// Rows of the whole file; `nil` when a limit ended the reading of a file that does not say how many it has.
    public let totalRows: Int?
    /// How the vectors are stored.
    public let kind: Kind
    /// Whether the file is packed with gzip.
    public let isPacked: Bool
    /// What a user should know: duplicate words, counts that do not fit, bytes that were ignored. One line each.
    public let notes: [String]
    /// The index of vectors that stay in the file.
    let index: VectorIndex?

    init(
        content: Content, totalRows: Int?, kind: Kind, isPacked: Bool, notes: [String], index: VectorIndex? = nil
    ) {
        (self.content, self.totalRows, self.kind) = (content, totalRows, kind)
        (self.isPacked, self.notes, self.index) = (isPacked, notes, index)
    }

    /// Reads a file, recognising its format by its content.
    ///
    /// The memory needed is that of the vectors and words read. The companion `.vocab` file gives the counts when it
    /// is there and fits, and to a `.npy` its words.
    /// - Parameters:
    ///   - path: word2vec binary or text, GloVe text or `.npy` (float32, float64, whole numbers), each also as gzip.
    ///   - limit: read only that many rows from the first; `nil` for all.
    /// - Throws: `WordEmbeddingError.malformed` with the place of what is wrong, `FileError` when the file cannot be
    ///   read or unpacked, `WordEmbeddingError.invalidConfiguration` for a limit below 1.
    public static func read(path: String, limit: Int? = nil) throws -> VectorFile {
        if let limit, limit < 1 {
            throw WordEmbeddingError.invalidConfiguration(name: "limit", expected: "1 or more", found: "\(limit)")
        }
        let source = try ByteSource(path: path)
        try FileKind.check(source, expected: expected)
        if try source.withWindow({ $0.starts(with: ModelLayout.magic) }) {
            guard !source.isPacked else {
                throw WordEmbeddingError.malformed(
                    file: path, place: "byte 0", expected: expected, found: "a packed model file: unpack it first")
            }
            let vectors = try TrainedModel.open(MappedFile(path: path), checks: ModelLayout.Section.allButOutputs)
                .vectors
            let read = limit.map { $0 < vectors.count ? vectors.first($0) : vectors.inMemory() } ?? vectors.inMemory()
            return VectorFile(
                content: .words(read), totalRows: vectors.count, kind: .model, isPacked: false, notes: [])
        }
        if try source.withWindow({ $0.starts(with: NumpyHeader.magic) }) {
            return try readNumpy(source, limit: limit)
        }
        return try readWords(source, limit: limit)
    }

    private static let expected = "word2vec, GloVe or .npy vectors"

    /// What is told of words that come again.
    static func duplicateNote(_ count: Int) -> [String] {
        count > 0 ? ["\(count) words are there more than once; looking one up finds its first vector"] : []
    }

    private static func readNumpy(_ source: ByteSource, limit: Int?) throws -> VectorFile {
        let reader = try NumpyReader(source: source)
        let matrix = try reader.readMatrix(limit: limit)
        var notes: [String] = []
        if matrix.rows == reader.rows, reader.trailingBytes > 0 {
            notes.append("\(reader.trailingBytes) bytes behind the array are ignored")
        }
        let words = VocabularyFile.words(
            VocabularyFile.companion(of: source.path), rows: reader.rows, limit: matrix.rows, notes: &notes)
        let content = words.map { Content.words(WordVectors(vocabulary: $0, vectors: matrix)) } ?? .matrix(matrix)
        return VectorFile(
            content: content, totalRows: reader.rows, kind: .numpy, isPacked: source.isPacked, notes: notes)
    }

    private static func readWords(_ source: ByteSource, limit: Int?) throws -> VectorFile {
        var notes: [String] = []
        if try FileKind.startsWithByteOrderMark(source) { source.skip(3) }
        let (header, dimensions, isBinary) = try recognise(source)
        let kind: Kind
        var rows: VectorRows
        if let header, isBinary {
            kind = .word2vecBinary
            var reader = VectorBinaryReader(source: source, header: header, limit: limit)
            rows = try reader.read()
        } else {
            kind = header == nil ? .gloveText : .word2vecText
            var reader = VectorTextReader(source: source, header: header, dimensions: dimensions, limit: limit)
            rows = try reader.read()
            if reader.wordsWithBlanks > 0 { notes.append("\(reader.wordsWithBlanks) words hold blanks") }
        }
        notes += duplicateNote(rows.duplicates)
        let totalRows = header?.rows ?? (limit.map { rows.count < $0 } ?? true ? rows.count : nil)
        let companion = VocabularyFile.companion(of: source.path)
        let index = rows.index
        let counts = VocabularyFile.counts(companion, count: index.count, isPart: limit != nil, notes: &notes) {
            number, body in
            index.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[index.range(of: number)])) }
        }
        return VectorFile(
            content: .words(rows.vectors(counts: counts)), totalRows: totalRows, kind: kind, isPacked: source.isPacked,
            notes: notes)
    }

    /// Tells the text and binary formats apart and moves behind the header.
    static func recognise(
        _ source: ByteSource
    ) throws -> (header: VectorHeader?, dimensions: Int, isBinary: Bool) {
        func refuse(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
            .malformed(file: source.path, place: place, expected: expected, found: found)
        }
        try source.fill(1 << 16)
        var size = 1 << 16
        // The first line ends somewhere, unless this is no text at all.
        while try source.withWindow({ $0.firstIndex(of: 0x0A) }) == nil, !source.isAtEnd {
            let binary = try source.withWindow { FileKind.firstBinaryByte($0.prefix(4096)) }
            guard binary == nil, size < ByteSource.longestLine else { break }
            size *= 2
            try source.fill(size)
        }
        let (line, length) = try source.withWindow { window in
            let first = window.firstIndex(of: 0x0A) ?? window.count
            let rest = UnsafeRawBufferPointer(rebasing: window[min(first + 1, window.count)...])
            let second = rest.firstIndex(of: 0x0A) ?? rest.count
            let line = VectorHeader.judge(
                UnsafeRawBufferPointer(rebasing: window[..<first]),
                second: rest.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: rest[..<second]))
            return (line, first + 1)
        }
        if case .header(let header) = line {
            source.skip(length)
            return (header, header.dimensions, try VectorLayout.isBinary(source, header: header))
        }
        if let (position, byte) = try source.withWindow({ FileKind.firstBinaryByte($0.prefix(4096)) }) {
            throw refuse("byte \(source.offset + position)", expected, "the byte \(WordBytes.hex(byte))")
        }
        switch line {
        case .vector(let dimensions): return (nil, dimensions, false)
        case .bad(let expected, let found): throw refuse("line 1", expected, found)
        case .header(let header): return (header, header.dimensions, false)
        }
    }
}
