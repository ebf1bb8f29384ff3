#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The pairs of words that are joined, each as both words with a blank between them.
struct PhraseTable: Sendable {
    private let pairs: WordIndex

    /// Number of pairs.
    var count: Int { pairs.count }

    /// Chooses the pairs.
    /// - Parameters:
    ///   - counts: the counts of words, and of pairs as two words with a blank between them.
    ///   - words: all words of the text.
    init(_ runs: CountRuns, _ counter: WordCounter, words: Int, configuration: Phrases.Configuration) throws {
        let minimum = configuration.minCount
        var known = WordCounter()
        try runs.forEachCount(counter) { word, count in
            if count >= minimum, !word.contains(0x20) { known.add(word, occurrences: count) }
        }
        var pairs = WordIndex()
        let (total, threshold) = (Double(words), configuration.resolvedThreshold)
        try runs.forEachCount(counter) { pair, count in
            guard count >= minimum, let blank = pair.firstIndex(of: 0x20) else { return }
            let first = known.index.find(UnsafeBufferPointer(rebasing: pair[..<blank]))
            let second = known.index.find(UnsafeBufferPointer(rebasing: pair[(blank + 1)...]))
            guard first >= 0, second >= 0 else { return }
            let score = Self.score(
                Double(count), Double(known.counts[first]), Double(known.counts[second]), total: total, configuration)
            if score > threshold { _ = pairs.insert(pair, hash: WordIndex.hash(pair)) }
        }
        self.pairs = pairs
    }

    /// Whether two words, given with a blank between them, are joined.
    func joins(_ pair: UnsafeBufferPointer<UInt8>) -> Bool {
        pairs.find(pair) >= 0
    }

    /// The score of a pair, by how often it and its words occur.
    static func score(
        _ pair: Double, _ first: Double, _ second: Double, total: Double, _ configuration: Phrases.Configuration
    ) -> Double {
        switch configuration.score {
        case .word2phrase:
            return (pair - Double(configuration.minCount)) / first / second * total
        case .npmi:
            let share = pair / total
            // All of the text is this one pair, over and over.
            guard share < 1 else { return 1 }
            return log(share / (first / total) / (second / total)) / -log(share)
        }
    }
}
