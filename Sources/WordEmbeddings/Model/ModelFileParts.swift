import FileAccess
import LinearAlgebra

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a model file holds, given part by part, so that tables may lie anywhere and need no copy.
struct ModelFileParts {
    /// Gives the bytes of a section, some at a time. It is called twice and must give the same bytes.
    typealias Part = (_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

    /// Without `wordBytes` and checksums.
    var header: ModelHeader
    let vocabulary: Vocabulary
    let inputs: Part
    let outputs: Part

    /// Writes all of it, the header with the checksums first.
    consuming func write(to file: inout AtomicFileWriter) throws {
        var words: [UInt8] = []
        var ends: [UInt64] = []
        for number in 0..<vocabulary.count {
            words.append(contentsOf: vocabulary[number].utf8)
            ends.append(UInt64(words.count))
        }
        header.wordBytes = words.count
        let order = words.withUnsafeBytes { bytes in
            WordOrder(count: ends.count) { [ends] in ($0 == 0 ? 0 : Int(ends[$0 - 1]))..<Int(ends[$0]) }.sorted(bytes)
        }
        let counts = vocabulary.counts?.map { UInt64($0) } ?? []
        header.occurrences = vocabulary.counts?.reduce(0.0) { $0 + Double($1) }
        let parts: [Part] = [
            { take in try words.withUnsafeBytes { try take($0) } },
            { take in try NumberList.memory(ends).withBytes(take) },
            { take in try NumberList.memory(order.numbers).withBytes(take) },
            { take in try NumberList.memory(counts).withBytes(take) },
            inputs,
            outputs,
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
