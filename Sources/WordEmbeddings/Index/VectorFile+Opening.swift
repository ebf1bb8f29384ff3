import FileAccess

extension VectorFile {
    /// Opens a file without reading what is not asked for.
    ///
    /// The words and vectors of a word2vec binary file that is not packed stay in it: it is mapped, and its pages come
    /// and go with the questions. Where they lie is read from the index beside it, `vectors.bin.index`, in milliseconds;
    /// without one the file is looked through and checked once, and `saveIndex()` keeps what was found. Model files need
    /// no index; their checksums are looked at by `read(path:limit:)`. A `.npy` of little-endian 32-bit floats in rows
    /// whose words lie beside it stays where it is, too. Other files are read as by `read(path:limit:)`.
    ///
    /// A saved index, and where the words of a model file lie, are checked when they are used, part by part: what the
    /// words and vectors are asked for that is damaged throws the name of the file and the place.
    ///
    /// A file that is written to while it is open gives wrong answers; one that is cut off ends the process (SIGBUS);
    /// files that are replaced, as this library does, are safe.
    /// - Parameters:
    ///   - path: word2vec, GloVe or `.npy`, plain or gzip.
    ///   - isIndexChecked: whether all of a saved index is checked at once; a damaged one is then made anew, with a
    ///     note. Default: `false`.
    /// - Throws: as `read(path:limit:)`.
    public static func open(path: String, isIndexChecked: Bool = false) throws -> VectorFile {
        let mapped = try MappedFile(path: path)
        if TrainedModel.isModel(mapped) {
            let model = try TrainedModel.open(mapped, checks: [])
            mapped.expect(.scattered)
            return VectorFile(
                content: .words(model.vectors), totalRows: model.vectors.count, kind: .model, isPacked: false, notes: []
            )
        }
        mapped.expect(.sparse)
        let source = try ByteSource(path: path)
        if let array = try openNumpy(source, mapped) { return array }
        guard !source.isPacked, let header = try binaryHeader(source) else { return try read(path: path) }
        let file = mapped
        var notes: [String] = []
        var index = VectorIndexFile.read(
            of: file, header: header, firstRecord: source.offset, isChecked: isIndexChecked, notes: &notes)
        if index == nil {
            // The indexed records may be text whose first line looks so.
            guard try VectorLayout.isBinary(source, header: header) else { return try read(path: path) }
            file.expect(.sequential)
            let builder = VectorIndexBuilder(file: file, header: header, firstRecord: source.offset)
            index = try builder.build { unsorted in
                VocabularyFile.counts(
                    VocabularyFile.companion(of: path), count: header.rows, isPart: false, notes: &notes
                ) { number, body in
                    file.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[unsorted.word(number)])) }
                }
            }
        }
        file.expect(.scattered)
        guard let index else { return try read(path: path) }
        let vectors = WordVectors(vocabulary: Vocabulary(MappedWords(index)), storage: .mapped(MappedRows(index)))
        return VectorFile(
            content: .words(vectors), totalRows: header.rows, kind: .word2vecBinary, isPacked: false,
            notes: duplicateNote(index.duplicates) + notes, index: index)
    }

    /// A `.npy` whose words lie beside it and whose rows can stay where they are.
    private static func openNumpy(_ source: ByteSource, _ file: MappedFile) throws -> VectorFile? {
        guard file.withBytes({ $0.starts(with: NumpyHeader.magic) }) else { return nil }
        let reader = try NumpyReader(source: source)
        guard let columns = reader.columns, columns > 0, let place = reader.placeOfRows else { return nil }
        var notes: [String] = []
        let words = VocabularyFile.words(
            VocabularyFile.companion(of: source.path), rows: reader.rows, limit: reader.rows, notes: &notes)
        guard let words else { return nil }
        let rows = MappedRows(file: file, offset: place, count: reader.rows, columns: columns)
        file.expect(.scattered)
        return VectorFile(
            content: .words(WordVectors(vocabulary: words, storage: .mapped(rows))), totalRows: reader.rows,
            kind: .numpy, isPacked: false, notes: notes)
    }

    /// Whether the file was looked through because no index of it was saved.
    public var hasUnsavedIndex: Bool { index.map { !$0.isSaved } ?? false }

    /// Writes the index of an opened file beside it, so that it opens at once the next time.
    /// - Returns: its path, or `nil` when the vectors are not in a file that has one.
    /// - Throws: `FileError` when it cannot be written, `WordEmbeddingError.malformed` when the saved one is damaged; an old
    ///   one is then as it was.
    @discardableResult
    public func saveIndex() throws -> String? {
        try index.map { try VectorIndexFile.write($0) }
    }

    /// The header of what may be word2vec binary; `source` then stands behind it.
    private static func binaryHeader(_ source: ByteSource) throws -> VectorHeader? {
        try source.fill(1 << 10)
        let found = try source.withWindow { window -> (VectorHeader, Int)? in
            guard let end = window.firstIndex(of: 0x0A),
                case .header(let header) = VectorHeader.judge(
                    UnsafeRawBufferPointer(rebasing: window[..<end]), second: nil)
            else { return nil }
            return (header, end + 1)
        }
        guard let (header, length) = found else { return nil }
        source.skip(length)
        return header
    }
}
