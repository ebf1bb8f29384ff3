import FileAccess
import LinearAlgebra

/// Writes vectors into an open file.
struct VectorWriter {
    let vectors: WordVectors
    let path: String
    let format: VectorFormat
    private static let batch = 1 << 12

    /// - Throws: `WordEmbeddingError.malformed` for what the formats cannot hold.
    func check() throws {
        guard vectors.count > 0, vectors.dimensions > 0 else {
            throw malformed(
                "the vectors", "at least one vector of one dimension", "\(vectors.count) of \(vectors.dimensions)")
        }
        if format != .model { try VocabularyFile.check(vectors.vocabulary, path: path) }
        try vectors.storage.checkFinite { row, column, value in
            malformed("word \(row + 1), column \(column + 1)", "a finite number", "\(value)")
        }
        if format == .glove || format == .numpy { try checkStart() }
        try vectors.vocabulary.checkDamage()
    }

    /// Refuses a first line that readers would take for something else, where no header tells: of the vectors in
    /// GloVe, of the words beside a `.npy`.
    private func checkStart() throws {
        let isList = format == .numpy
        var start = text(0..<min(vectors.count, max(1, 4096 / vectors.dimensions)))
        if isList {
            start = (0..<min(vectors.count, 4096)).flatMap { Array("\(vectors.vocabulary[$0]) 0\n".utf8) }
            // A second mark is written before it.
            if start.starts(with: [0xEF, 0xBB, 0xBF]) { start.removeFirst(3) }
        }
        if let found = FileKind.otherKind(Array(start.prefix(4096)), isList: isList) {
            throw malformed("word 1", "one that no other kind of file begins with (word2vec text can hold it)", found)
        }
    }

    func write(to file: inout AtomicFileWriter) throws {
        switch format {
        case .binary:
            try writeHeader(to: &file)
            try writeRows(to: &file, withWords: true)
        case .text:
            try writeHeader(to: &file)
            try writeText(to: &file)
        case .glove:
            try writeText(to: &file)
        case .numpy:
            try file.write(NumpyHeader.bytes(rows: vectors.count, columns: vectors.dimensions))
            try writeRows(to: &file, withWords: false)
        case .model:
            try TrainedModel(vectors: vectors).write(to: &file)
        }
    }

    private func writeHeader(to file: inout AtomicFileWriter) throws {
        try file.write("\(vectors.count) \(vectors.dimensions)\n")
    }

    private func writeRows(to file: inout AtomicFileWriter, withWords: Bool) throws {
        for row in 0..<vectors.count {
            if withWords {
                try file.write(vectors.vocabulary[row])
                try file.write(CollectionOfOne(0x20 as UInt8))
            }
            try file.write(floats: vectors.storage.row(row).span)
        }
    }

    /// Rows that are written at a time: a few megabytes of text, whatever the dimensions.
    private var batch: Int { max(1, min(Self.batch, (1 << 18) / vectors.dimensions)) }

    private func writeText(to file: inout AtomicFileWriter) throws {
        let batch = batch
        for start in stride(from: 0, to: vectors.count, by: batch) {
            let rows = min(batch, vectors.count - start)
            let pieces = parallelMap(rows, threads: availableProcessors, grain: max(1, batch / 16)) { range in
                text(start + range.lowerBound..<start + range.upperBound)
            }
            for piece in pieces { try file.write(piece) }
        }
    }

    /// Lines of words and numbers.
    private func text(_ rows: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        for row in rows {
            text.append(contentsOf: vectors.vocabulary[row].utf8)
            for number in vectors.storage.row(row) {
                text.append(0x20)
                text.append(contentsOf: number.description.utf8)
            }
            text.append(0x0A)
        }
        return text
    }

    private func malformed(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
        .malformed(file: path, place: place, expected: expected, found: found)
    }
}
