/// Counts words: numbers them in the order of their first occurrence and counts each.
struct WordCounter {
    private(set) var index = WordIndex()
    private(set) var counts: [Int] = []

    /// Counts occurrences of a word and returns its number.
    @discardableResult
    mutating func add(_ word: UnsafeBufferPointer<UInt8>, occurrences: Int = 1) -> Int {
        let number = index.insert(word, hash: WordIndex.hash(word))
        if number == counts.count {
            counts.append(occurrences)
        } else {
            counts[number] += occurrences
        }
        return number
    }

    /// Counts one more occurrence of each of some words; numbers that no word has are passed over.
    mutating func addOccurrences(of numbers: UnsafeBufferPointer<UInt32>) {
        counts.withUnsafeMutableBufferPointer { counts in
            for number in numbers where Int(number) < counts.count { counts[Int(number)] += 1 }
        }
    }

    /// Adds all counts of another counter. Returns the number here of each word there.
    @discardableResult
    mutating func merge(_ other: WordCounter) -> [UInt32] {
        var numbers: [UInt32] = []
        numbers.reserveCapacity(other.counts.count)
        other.index.bytes.withUnsafeBufferPointer { bytes in
            for (number, count) in other.counts.enumerated() {
                let word = UnsafeBufferPointer(rebasing: bytes[other.index.range(of: number)])
                numbers.append(UInt32(add(word, occurrences: count)))
            }
        }
        return numbers
    }

    /// The words that the rules admit, most frequent first, equal counts by their bytes.
    /// - Returns: the vocabulary and, for each counted word, its number there, or `UInt32.max` for a dropped one.
    func vocabulary(_ rules: VocabularyRules) -> (vocabulary: Vocabulary, numbers: [UInt32]) {
        let kept = index.bytes.withUnsafeBufferPointer { bytes in
            ranked(
                counts.indices.filter {
                    rules.admits(UnsafeBufferPointer(rebasing: bytes[index.range(of: $0)]), count: counts[$0])
                }, limit: rules.limit)
        }
        var numbers = [UInt32](repeating: .max, count: counts.count)
        var sorted = WordIndex(minimumCapacity: kept.count)
        index.bytes.withUnsafeBufferPointer { bytes in
            for (rank, number) in kept.enumerated() {
                let word = UnsafeBufferPointer(rebasing: bytes[index.range(of: number)])
                sorted.append(word, hash: WordIndex.hash(word))
                numbers[number] = UInt32(rank)
            }
        }
        return (Vocabulary(index: sorted, counts: kept.map { counts[$0] }), numbers)
    }

    /// The most frequent words, of equal counts those whose bytes come first.
    func largest(_ limit: Int) -> WordCounter {
        guard counts.count > limit else { return self }
        var kept = WordCounter()
        index.bytes.withUnsafeBufferPointer { bytes in
            for number in ranked(Array(counts.indices), limit: limit) {
                kept.add(UnsafeBufferPointer(rebasing: bytes[index.range(of: number)]), occurrences: counts[number])
            }
        }
        return kept
    }

    private func ranked(_ numbers: [Int], limit: Int?) -> [Int] {
        var numbers = numbers
        index.bytes.withUnsafeBufferPointer { bytes in
            numbers.sort { a, b in
                if counts[a] != counts[b] { return counts[a] > counts[b] }
                return bytes[index.range(of: a)].lexicographicallyPrecedes(bytes[index.range(of: b)])
            }
        }
        if let limit, numbers.count > limit { numbers.removeSubrange(limit...) }
        return numbers
    }
}
