public import LinearAlgebra

/// Word vectors ready for questions: what a trainer makes and what the file formats hold.
public struct WordVectors: Sendable {
    private let table: LookupTable
    private let rowNorms = RowNorms()

    /// The vectors of a lookup table.
    public init(_ table: LookupTable) {
        self.table = table
    }

    /// The vectors of the words.
    /// - Precondition: as many rows as words.
    public init(vocabulary: Vocabulary, vectors: Matrix) {
        self.init(LookupTable(vocabulary: vocabulary, vectors: vectors))
    }

    /// The words and their vectors.
    public func lookupTable() -> LookupTable { table }

    /// The words, with counts when known.
    public var vocabulary: Vocabulary { table.vocabulary }

    /// One row a word.
    public var vectors: Matrix { table.vectors }

    /// Number of words.
    public var count: Int { table.vocabulary.count }

    /// Components of each vector.
    public var dimensions: Int { table.vectors.columns }

    /// The lengths of the vectors, computed at the first question.
    var norms: [Float] { rowNorms.norms(of: table.vectors) }

    /// The vector of a word, or `nil` when it is unknown.
    public subscript(word: String) -> [Float]? {
        table.vocabulary.number(of: word).map { Array(table.vectors.row($0)) }
    }
}
