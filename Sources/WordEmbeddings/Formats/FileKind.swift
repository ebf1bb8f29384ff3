import FileAccess

/// What a file is by its first bytes.
enum FileKind {
    /// Refuses what is surely no text and no vector file, by name where the kind is known.
    /// - Throws: `WordEmbeddingError.malformed`.
    static func check(_ source: ByteSource, expected: String) throws {
        try source.fill(4096)
        let start = try source.withWindow { Array($0.prefix(4096)) }
        func refuse(_ place: String, _ found: String) -> WordEmbeddingError {
            .malformed(file: source.path, place: place, expected: expected, found: found)
        }
        if start.isEmpty { throw refuse("byte 0", source.isPacked ? "nothing, once unpacked" : "an empty file") }
        if let encoding = wideEncoding(start) {
            throw refuse("byte 0", "what looks like \(encoding): save it as UTF-8")
        }
        if let name = name(of: start) { throw refuse("byte 0", name) }
        if start.count < 4096, start.allSatisfy(WordBytes.isSpace) { throw refuse("byte 0", "only white space") }
    }

    /// The kind of file whose mark stands at the beginning, when it is a known one.
    private static func name(of start: [UInt8]) -> String? {
        known.first { start.starts(with: $0.magic) }?.name
    }

    /// What a reader would take a text for, by its first bytes, when not for words and vectors (or for a list of words
    /// and counts).
    static func otherKind(_ start: [UInt8], isList: Bool) -> String? {
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark" }
        if let encoding = wideEncoding(start) { return "what looks like \(encoding)" }
        if !isList, firstBinaryByte(start) != nil { return "control characters" }
        if Gzip.isGzip(start.span) { return "gzip data" }
        return start.starts(with: NumpyHeader.magic) ? "an .npy header" : name(of: start)
    }

    /// Whether the window begins with the UTF-8 byte order mark.
    static func startsWithByteOrderMark(_ source: ByteSource) throws -> Bool {
        try source.withWindow { $0.starts(with: [0xEF, 0xBB, 0xBF]) }
    }

    /// Where bytes that no text holds make up more than a stray one in 32, the first of them.
    static func firstBinaryByte(_ start: some Collection<UInt8>) -> (position: Int, byte: UInt8)? {
        var count = 0
        var first: (position: Int, byte: UInt8)?
        for (position, byte) in start.enumerated() where isControl(byte) {
            count += byte == 0 ? start.count : 1
            first = first ?? (position, byte)
        }
        return count * 32 > start.count ? first : nil
    }

    /// Whether the byte is a control character other than white space.
    static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && !WordBytes.isSpace(byte) || byte == 0x7F
    }

    private static func wideEncoding(_ start: [UInt8]) -> String? {
        if start.starts(with: [0xFF, 0xFE, 0, 0]) || start.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        guard start.count >= 6 else { return nil }
        // ASCII as UTF-16: every other byte is zero.
        let pairs = stride(from: 0, to: min(start.count, 64) - 1, by: 2)
        if pairs.allSatisfy({ start[$0] != 0 && start[$0 + 1] == 0 }) { return "UTF-16" }
        if pairs.allSatisfy({ start[$0] == 0 && start[$0 + 1] != 0 }) { return "UTF-16" }
        return nil
    }

    private static let pickle =
        "a Python pickle, which can run any program when it is read: in Python, gensim's "
        + "KeyedVectors.load(file).save_word2vec_format(\"vectors.bin\", binary=True) exports word vectors, "
        + "Word2Vec.load(file).wv.save_word2vec_format(…) a model, numpy.save an array"

    private static let known: [(magic: [UInt8], name: String)] = [
        ([0x50, 0x4B, 3, 4], "a zip archive (a Word document, an .npz, …): unpack it first"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Word or Excel document"),
        ([0x25, 0x50, 0x44, 0x46], "a PDF document"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"),
        ([0x47, 0x49, 0x46, 0x38], "a GIF picture"),
        ([0x42, 0x5A, 0x68], "bzip2 data: unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz data: unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd data: unpack it first"),
        ([0x1F, 0x8B, 8], "gzip data inside gzip data: unpack it first"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program"),
        ([0xBA, 0x16, 0x4F, 0x2F], "a fastText model: export its .vec text"),
        ([0x80, 2], pickle), ([0x80, 3], pickle), ([0x80, 4], pickle), ([0x80, 5], pickle),
    ]
}
