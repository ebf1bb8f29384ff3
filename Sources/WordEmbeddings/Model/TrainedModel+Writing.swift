import FileAccess
import LinearAlgebra

extension TrainedModel {
    /// Writes the model beside the destination and renames it at the end. The same model gives the same bytes.
    ///
    /// - Parameter path: the file; an old one is replaced.
    /// - Throws: `WordEmbeddingError.malformed` for a number that is not finite, `FileError` when the file cannot be
    ///   written; an old file is then as it was.
    public func write(to path: String) throws {
        try VectorWriter(vectors: vectors, path: path, format: .model).check()
        if let outputs {
            try RowStorage.memory(outputs).checkFinite { row, column, value in
                .malformed(
                    file: path, place: "row \(row + 1), column \(column + 1) of the output table",
                    expected: "a finite number", found: "\(value)")
            }
        }
        var file = try AtomicFileWriter(path: path)
        try write(to: &file)
        try file.commit()
    }

    /// Writes the model, whose numbers were checked, into an open file.
    func write(to file: inout AtomicFileWriter) throws {
        let header = ModelHeader(
            words: vectors.count, wordBytes: 0, dimensions: vectors.dimensions,
            hasCounts: vectors.vocabulary.counts != nil, outputRows: outputs?.rows ?? 0, cpuLevel: cpuLevel,
            configuration: configuration.map(StoredConfiguration.init), wordsTrained: wordsTrained)
        let parts = ModelFileParts(
            header: header, vocabulary: vectors.vocabulary,
            inputs: { try vectors.storage.withLittleEndianBytes($0) },
            outputs: { take in if let outputs { try RowStorage.memory(outputs).withLittleEndianBytes(take) } })
        try parts.write(to: &file)
    }
}
