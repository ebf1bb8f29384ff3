/// Counts words in bounded memory and chooses the vocabulary of them.
struct VocabularyBuilder: Sendable {
    /// What is counted: all words, or only those that are known.
    let source: VocabularySource
    private let rules: VocabularyRules
    private let maxMemory: Int?
    private let threads: Int
    private let runs = CountRuns()

    /// - Throws: `WordEmbeddingError.malformed` when a fixed vocabulary has no counts.
    init(_ configuration: Word2Vec.Configuration, source: VocabularySource) throws {
        switch source {
        case .text: self.source = source
        case .fixed(let words):
            guard words.counts?.allSatisfy({ $0 > 0 }) == true else {
                throw WordEmbeddingError.invalidConfiguration(
                    name: "vocabulary", expected: "words with counts of 1 or more", found: "some without")
            }
            self.source = .fixed(words.inMemory())
        case .extending(let words): self.source = .extending(words.inMemory())
        }
        if let known = source.known { try known.checkDamage() }
        rules = VocabularyRules(configuration)
        maxMemory = configuration.maxMemory
        threads = configuration.resolvedThreads
    }

    /// Whether counts may not take all memory.
    var isBounded: Bool { maxMemory != nil }

    /// Whether occurrences of that word are counted.
    @inline(__always)
    func counts(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard case .fixed(let words) = source else { return true }
        return words.index.find(word) >= 0
    }

    /// Moves the counts of one thread's counter to a file when they take more than their share of the memory: sorting
    /// takes as much again, and arrays grow by doubling.
    /// - Parameter memory: bytes that the counter takes with what belongs to it.
    func relieve(_ counter: inout WordCounter, memory: Int? = nil) {
        if let maxMemory { runs.relieve(&counter, memory: maxMemory / 4 / threads, taken: memory) }
    }

    /// What became of the counts.
    struct Result {
        let vocabulary: Vocabulary
        /// For each word of the counter its number in the vocabulary, or `UInt32.max`.
        let numbers: [UInt32]
        /// Different words that were counted.
        let distinctWords: Int
        /// Counted occurrences of the vocabulary's words.
        let occurrences: Int
    }

    /// The vocabulary of what was counted.
    /// - Parameter counter: the counts that are not in the file.
    /// - Throws: `WordEmbeddingError.tooLarge` when it does not fit into the memory that was allowed, `FileError`.
    func build(_ counter: WordCounter) throws -> Result {
        guard !runs.isEmpty || source.known != nil else {
            let (vocabulary, numbers) = counter.vocabulary(rules)
            return Result(
                vocabulary: vocabulary, numbers: numbers, distinctWords: counter.counts.count,
                occurrences: (vocabulary.counts ?? []).reduce(0, +))
        }
        if !runs.isEmpty { runs.add(counter) }
        let vocabulary: Vocabulary
        var distinctWords = 0
        switch source {
        case .fixed(let words):
            vocabulary = chosen(of: words)
            distinctWords = words.count
        case .text:
            vocabulary = try newWords(counter, earlier: nil, distinctWords: &distinctWords)
        case .extending(let earlier):
            vocabulary = try newWords(counter, earlier: earlier, distinctWords: &distinctWords)
        }
        var occurrences = 0
        try runs.forEachCount(counter) { word, count in
            if vocabulary.index.find(word) >= 0 { occurrences += count }
        }
        let numbers =
            runs.isEmpty
            ? counter.index.mapWords { word -> UInt32 in
                let number = vocabulary.index.find(word)
                return number < 0 ? .max : UInt32(number)
            } : []
        return Result(
            vocabulary: vocabulary, numbers: numbers, distinctWords: distinctWords, occurrences: occurrences)
    }

    /// The words of the text that the rules admit, and all earlier ones with both counts.
    private func newWords(
        _ counter: WordCounter, earlier: Vocabulary?, distinctWords: inout Int
    ) throws -> Vocabulary {
        var kept = WordCounter()
        var ofEarlier = earlier.map { words in words.counts ?? [Int](repeating: 0, count: words.count) } ?? []
        let room = rules.limit.map { max(0, $0 - ofEarlier.count) }
        var distinct = 0
        try runs.forEachCount(counter) { word, count in
            distinct += 1
            if let earlier, case let number = earlier.index.find(word), number >= 0 {
                ofEarlier[number] += count
                return
            }
            guard rules.admits(word, count: count) else { return }
            kept.add(word, occurrences: count)
            if let room, kept.counts.count > 2 * room + 1 << 16 { kept = kept.largest(room) }
            if let maxMemory, kept.memory > maxMemory {
                throw WordEmbeddingError.tooLarge(
                    what: "the vocabulary",
                    limit:
                        "it takes more than the \(maxMemory >> 20) MiB of the memory limit; raise the minimum count, "
                        + "lower the largest vocabulary, or raise the limit")
            }
        }
        distinctWords = distinct
        if let room { kept = kept.largest(room) }
        if let earlier {
            earlier.index.forEachWord { number, word in kept.add(word, occurrences: max(1, ofEarlier[number])) }
        }
        return kept.vocabulary(VocabularyRules(minimumCount: 1)).vocabulary
    }

    /// The given words that the rules admit, the most frequent first, equal counts as they stand.
    private func chosen(of words: Vocabulary) -> Vocabulary {
        let counts = words.counts ?? []
        var order: [Int] = []
        words.index.forEachWord { number, word in
            if rules.admits(word, count: counts[number]) { order.append(number) }
        }
        order.sort { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
        if let limit = rules.limit, order.count > limit { order.removeSubrange(limit...) }
        return Vocabulary(words: order.lazy.map { words[$0] }, counts: order.map { counts[$0] })
    }
}
