import LinearAlgebra

/// Words and vectors as a reader finds them, row after row.
struct VectorRows {
    /// Components of each vector.
    let dimensions: Int
    private(set) var index = WordIndex()
    private(set) var elements: [Float] = []
    /// Words that were there before.
    private(set) var duplicates = 0

    init(dimensions: Int) {
        self.dimensions = dimensions
    }

    /// Words so far.
    var count: Int { index.count }

    /// Makes room for that many rows, unless this is out of proportion to the file that promises them.
    mutating func reserve(rows: Int, storedSize: Int) {
        let (size, overflow) = rows.multipliedReportingOverflow(by: dimensions * 4)
        let credit = max(1 << 24, storedSize.multipliedReportingOverflow(by: 4).partialValue)
        if !overflow, size <= credit { elements.reserveCapacity(rows * dimensions) }
    }

    mutating func append(word: UnsafeRawBufferPointer) {
        let word = word.bindMemory(to: UInt8.self)
        let hash = WordIndex.hash(word)
        if index.find(word, hash: hash) >= 0 { duplicates += 1 }
        index.append(word, hash: hash)
    }

    mutating func append(vectors: [Float]) {
        elements.append(contentsOf: vectors)
    }

    /// The table, with counts when they are known.
    consuming func vectors(counts: [Int]?) -> WordVectors {
        let rows = index.count
        return WordVectors(
            vocabulary: Vocabulary(index: index, counts: counts),
            vectors: Matrix(rows: rows, columns: dimensions, elements: elements))
    }
}
