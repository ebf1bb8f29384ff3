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
}

extension WordVectors {
    /// Writes the vectors beside the destination and renames them at the end, so that nobody sees half a file.
    ///
    /// - Parameters:
    ///   - path: the file; an old one is replaced.
    ///   - format: word2vec binary or text.
    /// - Throws: `WordEmbeddingError.malformed` for a word that the format cannot hold (empty, with white space or NUL,
    ///   or over 1 MiB) and for a number that is not finite, `FileError` when the file cannot be written; an old file
    ///   is then as it was.
    public func write(to path: String, format: VectorFormat) throws {
        let writer = VectorWriter(vectors: self, path: path)
        try writer.check()
        var file = try AtomicFileWriter(path: path)
        try writer.write(to: &file, format: format)
        try file.commit()
    }

    /// Writes the vectors, and their words and counts to the companion file, both beside their destinations; when both
    /// are complete they replace the old pair.
    ///
    /// A destination that is no regular file (`/dev/stdout`, a pipe, a device) gets the vectors and no companion.
    /// - Parameters:
    ///   - path: the file of the vectors; the other one is `VocabularyFile.companion(of: path)`.
    ///   - format: word2vec binary or text.
    /// - Returns: the paths that were written, the vectors' first.
    /// - Throws: as `write(to:format:)`; both old files are then as they were.
    public func writeWithVocabulary(to path: String, format: VectorFormat) throws -> [String] {
        let writer = VectorWriter(vectors: self, path: path)
        try writer.check()
        var file = try AtomicFileWriter(path: path)
        guard file.replacesFile else {
            try writer.write(to: &file, format: format)
            try file.commit()
            return [path]
        }
        let companion = VocabularyFile.companion(of: path)
        var list = try AtomicFileWriter(path: companion)
        try writer.write(to: &file, format: format)
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

/// Writes vectors into an open file.
private struct VectorWriter {
    let vectors: WordVectors
    let path: String
    private static let batch = 1 << 12

    /// - Throws: `WordEmbeddingError.malformed` for what the formats cannot hold.
    func check() throws {
        let (words, numbers, columns) = (vectors.vocabulary, vectors.vectors.elements, vectors.dimensions)
        guard vectors.count > 0, columns > 0 else {
            throw malformed("the vectors", "at least one vector of one dimension", "\(vectors.count) of \(columns)")
        }
        try VocabularyFile.check(words, path: path)
        let fault = RowFault()
        parallelFor(vectors.count, threads: availableProcessors, grain: Self.batch) { range in
            for row in range {
                for column in 0..<columns where !numbers[row * columns + column].isFinite {
                    fault.note(row: row) {
                        malformed(
                            "word \(row + 1), column \(column + 1)", "a finite number",
                            "\(numbers[row * columns + column])")
                    }
                    return
                }
            }
        }
        try fault.check()
    }

    func write(to file: inout AtomicFileWriter, format: VectorFormat) throws {
        try file.write("\(vectors.count) \(vectors.dimensions)\n")
        switch format {
        case .binary: try writeBinary(to: &file)
        case .text: try writeText(to: &file)
        }
    }

    private func writeBinary(to file: inout AtomicFileWriter) throws {
        let columns = vectors.dimensions
        let numbers = vectors.vectors.elements
        for row in 0..<vectors.count {
            try file.write(vectors.vocabulary[row])
            try file.write(CollectionOfOne(0x20 as UInt8))
            try file.write(floats: numbers.span.extracting(row * columns..<(row + 1) * columns))
        }
    }

    private func writeText(to file: inout AtomicFileWriter) throws {
        let columns = vectors.dimensions
        let (words, numbers) = (vectors.vocabulary, vectors.vectors.elements)
        // A few megabytes of text at a time, whatever the dimensions.
        let batch = max(1, min(Self.batch, (1 << 18) / columns))
        for start in stride(from: 0, to: vectors.count, by: batch) {
            let rows = min(batch, vectors.count - start)
            let pieces = parallelMap(rows, threads: availableProcessors, grain: max(1, batch / 16)) { range in
                var text: [UInt8] = []
                for row in range {
                    text.append(contentsOf: words[start + row].utf8)
                    for number in numbers[(start + row) * columns..<(start + row + 1) * columns] {
                        text.append(0x20)
                        text.append(contentsOf: number.description.utf8)
                    }
                    text.append(0x0A)
                }
                return text
            }
            for piece in pieces { try file.write(piece) }
        }
    }

    private func malformed(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
        .malformed(file: path, place: place, expected: expected, found: found)
    }
}
