import LinearAlgebra

/// Sorts words by their bytes.
struct WordOrder: Sendable {
    let count: Int
    /// Where a word lies.
    let range: @Sendable (Int) -> Range<Int>

    /// A word's number and its first eight bytes, most significant first, which settle most comparisons.
    private struct Key {
        var prefix: UInt64
        var number: UInt32
    }

    /// The numbers of the words in order, equal ones by number, and how many words come again.
    func sorted(_ bytes: UnsafeRawBufferPointer) -> (numbers: [UInt32], duplicates: Int) {
        // Read only, and only until this call returns.
        nonisolated(unsafe) let bytes = bytes
        let threads = availableProcessors
        var runs = parallelMap(count, threads: threads, grain: max(1 << 12, (count + threads - 1) / threads)) {
            $0.map { key($0, bytes) }.sorted { isBefore($0, $1, bytes) }
        }
        while runs.count > 1 {
            let halves = runs
            runs = parallelMap((halves.count + 1) / 2, threads: threads, grain: 1) { pair in
                let first = 2 * pair.lowerBound
                return first + 1 == halves.count ? halves[first] : merged(halves[first], halves[first + 1], bytes)
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

    private func key(_ number: Int, _ bytes: UnsafeRawBufferPointer) -> Key {
        let word = range(number)
        var prefix: UInt64 = 0
        for place in 0..<8 {
            prefix = prefix << 8 | (place < word.count ? UInt64(bytes[word.lowerBound + place]) : 0)
        }
        return Key(prefix: prefix, number: UInt32(number))
    }

    private func isBefore(_ one: Key, _ other: Key, _ bytes: UnsafeRawBufferPointer) -> Bool {
        if one.prefix != other.prefix { return one.prefix < other.prefix }
        let (first, second) = (range(Int(one.number)), range(Int(other.number)))
        switch WordBytes.compare(bytes[first], bytes[second]) {
        case 0: return one.number < other.number
        case let difference: return difference < 0
        }
    }

    private func isEqual(_ one: Key, _ other: Key, _ bytes: UnsafeRawBufferPointer) -> Bool {
        WordBytes.compare(bytes[range(Int(one.number))], bytes[range(Int(other.number))]) == 0
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
