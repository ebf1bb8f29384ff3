public import LinearAlgebra

/// Word vectors ready for questions: what a trainer makes and what the file formats hold. No question changes them.
public struct WordVectors: Sendable {
    /// The words, with counts when known.
    public let vocabulary: Vocabulary
    /// Where the vectors lie.
    let storage: RowStorage
    private let rowNorms = RowNorms()

    /// The vectors of a lookup table.
    public init(_ table: LookupTable) {
        self.init(vocabulary: table.vocabulary, vectors: table.vectors)
    }

    /// The vectors of the words.
    /// - Precondition: as many rows as words.
    public init(vocabulary: Vocabulary, vectors: Matrix) {
        self.init(vocabulary: vocabulary, storage: .memory(vectors))
    }

    init(vocabulary: Vocabulary, storage: RowStorage) {
        precondition(vocabulary.count == storage.rows, "one vector a word")
        self.vocabulary = vocabulary
        self.storage = storage
    }

    /// The words and their vectors.
    public func lookupTable() -> LookupTable { LookupTable(vocabulary: vocabulary, vectors: vectors) }

    /// One row a word. Of vectors that were opened in a file it is a copy, made at each call.
    public var vectors: Matrix { storage.matrix() }

    /// Number of words.
    public var count: Int { vocabulary.count }

    /// Components of each vector.
    public var dimensions: Int { storage.columns }

    /// A search of the first `limit` words' vectors, whose lengths are computed at the first question.
    func search(limit: Int? = nil) -> CosineSearch {
        CosineSearch(
            rows: storage, inverseNorms: rowNorms.inverses(of: storage), limit: min(max(0, limit ?? count), count),
            threads: availableProcessors)
    }

    /// The vector of a word, or `nil` when it is unknown.
    public subscript(word: String) -> [Float]? {
        vocabulary.number(of: word).map { storage.row($0) }
    }

    /// The same words and vectors, all of them in memory.
    func inMemory() -> WordVectors {
        WordVectors(
            vocabulary: Vocabulary(words: vocabulary.words, counts: vocabulary.counts), storage: .memory(vectors))
    }

    /// The first `count` words, in memory.
    func first(_ count: Int) -> WordVectors {
        let count = min(max(0, count), self.count)
        return WordVectors(
            vocabulary: vocabulary.prefix(count),
            vectors: Matrix(
                rows: count, columns: dimensions, elements: (0..<count).flatMap { storage.row($0) }))
    }

    /// The number of a word.
    /// - Throws: `WordEmbeddingError.unknownWord` with words that are spelt nearly so.
    func number(of word: String) throws -> Int {
        if let number = vocabulary.number(of: word) { return number }
        let suggestions = NearSpellings(of: word).find(in: vocabulary)
        try vocabulary.checkDamage()
        throw WordEmbeddingError.unknownWord(word, suggestions: suggestions)
    }

    /// The direction of a word's vector.
    func direction(of number: Int) -> Direction {
        Direction(storage.row(number))
    }
}
