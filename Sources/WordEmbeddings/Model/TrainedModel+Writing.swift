import FileAccess
import LinearAlgebra

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        var header = ModelHeader(
            words: vectors.count, wordBytes: 0, dimensions: vectors.dimensions,
            hasCounts: vectors.vocabulary.counts != nil, outputRows: outputs?.rows ?? 0, cpuLevel: cpuLevel,
            configuration: configuration.map(StoredConfiguration.init), wordsTrained: wordsTrained)
        var words: [UInt8] = []
        var ends: [UInt64] = []
        for number in 0..<vectors.count {
            words.append(contentsOf: vectors.vocabulary[number].utf8)
            ends.append(UInt64(words.count))
        }
        header.wordBytes = words.count
        let order = words.withUnsafeBytes { bytes in
            WordOrder(count: ends.count) { [ends] in ($0 == 0 ? 0 : Int(ends[$0 - 1]))..<Int(ends[$0]) }.sorted(bytes)
        }
        let counts = vectors.vocabulary.counts?.map { UInt64($0) } ?? []
        let parts: [(_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Void] = [
            { take in try words.withUnsafeBytes { try take($0) } },
            { take in try NumberList.memory(ends).withBytes(take) },
            { take in try NumberList.memory(order.numbers).withBytes(take) },
            { take in try NumberList.memory(counts).withBytes(take) },
            { take in try vectors.storage.withLittleEndianBytes(take) },
            { take in if let outputs { try RowStorage.memory(outputs).withLittleEndianBytes(take) } },
        ]
        for part in parts {
            var checksum = XXH64()
            try part { checksum.update($0) }
            header.checksums.append(hex(checksum.value))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = Array(try encoder.encode(header))
        guard let layout = ModelLayout(header, jsonSize: json.count) else {
            throw WordEmbeddingError.tooLarge(what: "the model", limit: "a file holds at most 2^60 bytes")
        }
        var start = ModelLayout.magic
        withUnsafeBytes(of: UInt32(1).littleEndian) { start.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(json.count).littleEndian) { start.append(contentsOf: $0) }
        withUnsafeBytes(of: json.withUnsafeBytes { XXH64.hash($0) }.littleEndian) { start.append(contentsOf: $0) }
        try file.write(start + json)
        var written = start.count + json.count
        for (section, part) in zip(ModelLayout.Section.allCases, parts) {
            let range = layout[section]
            try file.write([UInt8](repeating: 0, count: range.lowerBound - written))
            try part { try file.write($0) }
            written = range.upperBound
        }
    }
}
