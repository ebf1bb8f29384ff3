public import LinearAlgebra

/// The words and their vectors: row i of `vectors` belongs to word i of `vocabulary`.
public struct LookupTable: Sendable {
    /// The words, with counts when known.
    public let vocabulary: Vocabulary
    /// One row a word.
    public let vectors: Matrix

    /// - Precondition: as many rows as words.
    public init(vocabulary: Vocabulary, vectors: Matrix) {
        precondition(vocabulary.count == vectors.rows, "one vector a word")
        self.vocabulary = vocabulary
        self.vectors = vectors
    }

    /// The first `count` words, which are the most frequent of a trained table.
    public func prefix(_ count: Int) -> LookupTable {
        LookupTable(vocabulary: vocabulary.prefix(count), vectors: vectors.prefix(rows: count))
    }
}
