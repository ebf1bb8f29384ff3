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
        let starts = try findRecords()
        try checkNumbers(starts)
        func index(_ order: [UInt32], _ duplicates: Int, _ counts: [Int]?) -> VectorIndex {
            VectorIndex(
                file: file, header: header, firstRecord: firstRecord, duplicates: duplicates, starts: .memory(starts),
                order: .memory(order), counts: counts.map { .memory($0.map { UInt64($0) }) }, isSaved: false)
        }
        let unsorted = index([], 0, nil)
        let order = WordOrder(index: unsorted).sorted()
        return index(order.numbers, order.duplicates, counts(unsorted))
    }

    private func findRecords() throws -> [UInt64] {
        let expected = "\(header.rows) vectors of \(header.dimensions) dimensions, as the first line says"
        var starts: [UInt64] = []
        if VectorBinaryReader.fits(header, size: file.count - firstRecord) { starts.reserveCapacity(header.rows) }
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
                position = record.vector + 4 * header.dimensions
            }
            guard bytes[position...].allSatisfy(WordBytes.isSpace) else {
                throw malformed(
                    "byte \(position)", "the end of the file after \(header.rows) vectors, as the first line says",
                    "more")
            }
        }
        return starts
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
            order: .memory([]), counts: nil, isSaved: false)
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

/// Sorts the words of an index by their bytes.
struct WordOrder {
    let index: VectorIndex

    /// A word's number and its first eight bytes, most significant first, which settle most comparisons.
    private struct Key {
        var prefix: UInt64
        var number: UInt32
    }

    /// The numbers of the words in order, and how many words come again.
    func sorted() -> (numbers: [UInt32], duplicates: Int) {
        index.file.withBytes { bytes in
            // Read only, and only until this call returns.
            nonisolated(unsafe) let bytes = bytes
            let count = index.starts.count
            let threads = availableProcessors
            var runs = parallelMap(count, threads: threads, grain: max(1 << 12, (count + threads - 1) / threads)) {
                $0.map { key($0, bytes) }.sorted { isBefore($0, $1, bytes) }
            }
            while runs.count > 1 {
                let halves = runs
                runs = parallelMap((halves.count + 1) / 2, threads: threads, grain: 1) { pair in
                    let first = 2 * pair.lowerBound
                    return first + 1 == halves.count
                        ? halves[first] : merged(halves[first], halves[first + 1], bytes)
                }
            }
            let keys = runs.first ?? []
            var duplicates = 0
            for place in keys.indices.dropFirst()
            where keys[place].prefix == keys[place - 1].prefix && isEqual(keys[place], keys[place - 1], bytes) {
                duplicates += 1
            }
            return (keys.map(\.number), duplicates)
        }
    }

    private func key(_ number: Int, _ bytes: UnsafeRawBufferPointer) -> Key {
        let word = index.word(number)
        var prefix: UInt64 = 0
        for place in 0..<8 {
            prefix = prefix << 8 | (place < word.count ? UInt64(bytes[word.lowerBound + place]) : 0)
        }
        return Key(prefix: prefix, number: UInt32(number))
    }

    private func isBefore(_ one: Key, _ other: Key, _ bytes: UnsafeRawBufferPointer) -> Bool {
        if one.prefix != other.prefix { return one.prefix < other.prefix }
        let (first, second) = (index.word(Int(one.number)), index.word(Int(other.number)))
        switch WordBytes.compare(bytes[first], bytes[second]) {
        case 0: return one.number < other.number
        case let difference: return difference < 0
        }
    }

    private func isEqual(_ one: Key, _ other: Key, _ bytes: UnsafeRawBufferPointer) -> Bool {
        WordBytes.compare(bytes[index.word(Int(one.number))], bytes[index.word(Int(other.number))]) == 0
    }

    private func merged(_ one: [Key], _ other: [Key], _ bytes: UnsafeRawBufferPointer) -> [Key] {
        var merged: [Key] = []
        merged.reserveCapacity(one.count + other.count)
        var (first, second) = (0, 0)
        while first < one.count, second < other.count {
            if isBefore(other[second], one[first], bytes) {
                merged.append(other[second])
                second += 1
            } else {
                merged.append(one[first])
                first += 1
            }
        }
        merged.append(contentsOf: one[first...])
        merged.append(contentsOf: other[second...])
        return merged
    }
}
