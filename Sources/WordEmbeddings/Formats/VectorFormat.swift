import FileAccess
import LinearAlgebra

/// How vectors are written.
public enum VectorFormat: String, Sendable, Codable, CaseIterable {
    /// word2vec binary: a line `count dimensions`, then for each word its UTF-8, a blank and little-endian 32-bit
    /// floats, without a line end, as gensim writes it.
    case binary = "bin"
    /// word2vec text: a line `count dimensions`, then for each word a line of it and its numbers, each with the fewest
    /// digits that give the same float again.
    case text
    /// GloVe text: as word2vec text, without the first line.
    case glove
    /// NumPy's `.npy` of 32-bit floats, one row a word. The words lie in the companion file.
    case numpy = "npy"
    /// The file of a `TrainedModel`: holds any word, and counts, and opens at once. It is never packed.
    case model = "w2v"
}

extension WordVectors {
    /// Writes the vectors beside the destination and renames them at the end, so that nobody sees half a file.
    ///
    /// - Parameters:
    ///   - path: the file; an old one is replaced.
    ///   - format: how they are written. `.numpy` holds no words.
    ///   - packed: whether the file is packed with gzip. Default: `false`.
    /// - Throws: `WordEmbeddingError.malformed` for a word that the format cannot hold (empty, with white space or NUL,
    ///   or over 1 MiB; as first word of a GloVe file, one that begins as another kind of file does) and for a number
    ///   that is not finite, `FileError` when the file cannot be written; an old file is then as it was.
    public func write(to path: String, format: VectorFormat, packed: Bool = false) throws {
        if packed, format == .model {
            throw WordEmbeddingError.invalidConfiguration(
                name: "packed", expected: "false for a model file, which is mapped", found: "true")
        }
        let writer = VectorWriter(vectors: self, path: path, format: format)
        try writer.check()
        var file = try AtomicFileWriter(path: path, packed: packed)
        try writer.write(to: &file)
        try file.commit()
    }

    /// Writes the vectors, and their words and counts to the companion file, both beside their destinations; when both
    /// are complete they replace the old pair.
    ///
    /// A model file holds all by itself and gets no companion.
    /// A destination that is no regular file (`/dev/stdout`, a pipe, a device) gets the vectors and no companion.
    /// - Parameters:
    ///   - path: the file of the vectors; the other one is `VocabularyFile.companion(of: path)`.
    ///   - format: how the vectors are written.
    ///   - packed: whether the vectors are packed with gzip. Default: `false`.
    /// - Returns: the paths that were written, the vectors' first.
    /// - Throws: as `write(to:format:packed:)`; both old files are then as they were.
    public func writeWithVocabulary(
        to path: String, format: VectorFormat, packed: Bool = false
    ) throws -> [String] {
        if format == .model {
            try write(to: path, format: format, packed: packed)
            return [path]
        }
        let writer = VectorWriter(vectors: self, path: path, format: format)
        try writer.check()
        var file = try AtomicFileWriter(path: path, packed: packed)
        guard file.replacesFile else {
            try writer.write(to: &file)
            try file.commit()
            return [path]
        }
        let companion = VocabularyFile.companion(of: path)
        var list = try AtomicFileWriter(path: companion)
        try writer.write(to: &file)
        try VocabularyFile.write(vocabulary, to: &list)
        try file.finish()
        try list.finish()
        try file.commit()
        try list.commit()
        return [path, companion]
    }

    /// Reads word vectors of any format that `VectorFile` recognises.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: read only that many words from the first; `nil` for all.
    /// - Throws: as `VectorFile.read(path:limit:)`; `WordEmbeddingError.malformed` for an array without words.
    public static func read(path: String, limit: Int? = nil) throws -> WordVectors {
        switch try VectorFile.read(path: path, limit: limit).content {
        case .words(let vectors): return vectors
        case .matrix:
            throw WordEmbeddingError.malformed(
                file: path, place: "the whole file", expected: "words with vectors", found: "an array without words")
        }
    }
}
