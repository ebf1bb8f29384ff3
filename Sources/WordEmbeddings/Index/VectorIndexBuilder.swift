import FileAccess
import LinearAlgebra

/// Makes the index of a word2vec binary file: looks at every record and every number once.
struct VectorIndexBuilder {
    let file: MappedFile
    let header: VectorHeader
    /// Where the first record begins.
    let firstRecord: Int

    /// - Parameter counts: how often each word occurred, when that is known.
    /// - Throws: `WordEmbeddingError.malformed`, as reading the whole file would.
    func build(counts: (VectorIndex) -> [Int]?) throws -> VectorIndex {
        let (starts, words) = try findRecords()
        try checkNumbers(starts)
        func index(_ order: [UInt32], _ duplicates: Int, _ counts: [Int]?) -> VectorIndex {
            VectorIndex(
                file: file, header: header, firstRecord: firstRecord, duplicates: duplicates, starts: .memory(starts),
                order: .memory(order), counts: counts.map { .memory($0.map { UInt64($0) }) }, blocks: nil)
        }
        let ends = words.ends
        let order = words.bytes.withUnsafeBytes { bytes in
            WordOrder(count: starts.count) { ($0 == 0 ? 0 : Int(ends[$0 - 1]))..<Int(ends[$0]) }.sorted(bytes)
        }
        return index(order.numbers, order.duplicates, counts(index([], 0, nil)))
    }

    /// All words, one behind another. In the file each lies in a page of its own, and sorting meets them again and again.
    private struct Words {
        var bytes: [UInt8] = []
        /// Where each word ends.
        var ends: [UInt64] = []
    }

    /// Where the vectors begin, and the words before them.
    private func findRecords() throws -> ([UInt64], Words) {
        let expected = "\(header.rows) vectors of \(header.dimensions) dimensions, as the first line says"
        var starts: [UInt64] = []
        var words = Words()
        if VectorBinaryReader.fits(header, size: file.count - firstRecord) {
            starts.reserveCapacity(header.rows)
            words.ends.reserveCapacity(header.rows)
        }
        try file.withBytes { (bytes) throws in
            var position = firstRecord
            while starts.count < header.rows {
                let record = try VectorBinaryReader.nextRecord(
                    of: bytes, at: position, dimensions: header.dimensions,
                    fault: { malformed("word \(starts.count + 1) (byte \($0))", $1, $2) })
                guard let record else {
                    throw malformed(
                        "vector \(starts.count + 1) (byte \(position))", expected, "\(starts.count) complete ones")
                }
                starts.append(UInt64(record.vector))
                words.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[record.word]))
                words.ends.append(UInt64(words.bytes.count))
                position = record.vector + 4 * header.dimensions
            }
            guard bytes[position...].allSatisfy(WordBytes.isSpace) else {
                throw malformed(
                    "byte \(position)", "the end of the file after \(header.rows) vectors, as the first line says",
                    "more")
            }
        }
        return (starts, words)
    }

    /// Refuses numbers that are not finite.
    private func checkNumbers(_ starts: [UInt64]) throws {
        let fault = RowFault()
        let columns = header.dimensions
        parallelFor(starts.count, threads: availableProcessors, grain: max(16, (1 << 18) / columns)) { range in
            file.withBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                for row in range {
                    let vector = base + Int(starts[row])
                    var largest: UInt32 = 0
                    for column in 0..<columns {
                        let bits = UInt32(
                            littleEndian: vector.loadUnaligned(fromByteOffset: 4 * column, as: UInt32.self))
                        largest = max(largest, bits & 0x7F80_0000)
                    }
                    guard largest == 0x7F80_0000 else { continue }
                    fault.note(row: row) { notFinite(row, starts) }
                    return
                }
            }
        }
        try fault.check()
    }

    private func notFinite(_ row: Int, _ starts: [UInt64]) -> WordEmbeddingError {
        let index = VectorIndex(
            file: file, header: header, firstRecord: firstRecord, duplicates: 0, starts: .memory(starts),
            order: .memory([]), counts: nil, blocks: nil)
        let vector = MappedRows(index).row(row)
        let column = vector.firstIndex { !$0.isFinite } ?? 0
        let word = file.withBytes { WordBytes.excerpt(UnsafeRawBufferPointer(rebasing: $0[index.word(row)])) }
        return malformed(
            "word \(row + 1), column \(column + 1)", "a finite 32-bit number", "\(vector[column]) of the word \(word)")
    }

    private func malformed(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
        .malformed(file: file.path, place: place, expected: expected, found: found)
    }
}
