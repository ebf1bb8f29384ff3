import LinearAlgebra

extension WordVectors {
    /// The cosine of the angle between the vectors of two words, −1…1; 0 when one of them is zero.
    /// - Throws: `WordEmbeddingError.unknownWord`.
    public func similarity(_ one: String, _ other: String) throws -> Float {
        let (one, other) = (try number(of: one), try number(of: other))
        let cosine = direction(of: one).cosine(direction(of: other))
        try vocabulary.checkDamage()
        return cosine
    }

    /// The weighted mean of some words' vectors: their sum divided by the sum of the weights' absolute values.
    ///
    /// - Parameters:
    ///   - words: one or more known words.
    ///   - weights: a finite number for each word, not all 0; `nil` (the default) counts all alike.
    ///   - unitLength: give each vector the length 1 first, so that long ones count no more. Default: `true`.
    /// - Throws: `WordEmbeddingError.unknownWord`, and `WordEmbeddingError.invalidConfiguration` for wrong lists.
    public func mean(of words: [String], weights: [Double]? = nil, unitLength: Bool = true) throws -> [Float] {
        guard !words.isEmpty else {
            throw WordEmbeddingError.invalidConfiguration(name: "words", expected: "at least one", found: "none")
        }
        let weights = weights ?? words.map { _ in 1 }
        let total = weights.reduce(0) { $0 + abs($1) }
        guard weights.count == words.count, total.isFinite, total > 0 else {
            throw WordEmbeddingError.invalidConfiguration(
                name: "weights", expected: "a finite number for each word, not all 0", found: "\(weights)")
        }
        var sum = [Double](repeating: 0, count: dimensions)
        for (word, weight) in zip(words, weights) {
            let row = storage.row(try number(of: word))
            let vector = unitLength ? Direction(row).components : row.map { Double($0) }
            for (column, value) in vector.enumerated() { sum[column] += weight * value }
        }
        try vocabulary.checkDamage()
        return sum.map { Float($0 / total) }
    }

    /// The word that fits the others least: whose direction is farthest from the mean of all their directions. Of
    /// several the first.
    ///
    /// - Parameter words: three or more known words.
    /// - Throws: `WordEmbeddingError.unknownWord`, and `WordEmbeddingError.invalidConfiguration` for fewer words.
    public func doesntMatch(_ words: [String]) throws -> String {
        guard words.count >= 3 else {
            throw WordEmbeddingError.invalidConfiguration(
                name: "words", expected: "three or more", found: "\(words.count)")
        }
        let directions = try words.map { direction(of: try number(of: $0)) }
        let mean = sum(positive: try words.map { try number(of: $0) }, negative: [])
        let fits = directions.map { $0.cosine(mean) }
        try vocabulary.checkDamage()
        return words[fits.indices.reduce(0) { fits[$1] < fits[$0] ? $1 : $0 }]
    }

    /// The place of `other` among the words nearest to `word`: 1 for the nearest one. Words of the same similarity
    /// share a place.
    /// - Throws: `WordEmbeddingError.unknownWord`.
    public func rank(of other: String, from word: String) throws -> Int {
        let (number, other) = (try number(of: word), try self.number(of: other))
        let query = CosineSearch.Query(direction: direction(of: number), excluded: [number])
        let row = storage.row(other)
        let similarity = row.withUnsafeBufferPointer { row in row.baseAddress.map { query.direction.cosine(to: $0) } }
        let place = search().countAbove(similarity ?? 0, query) + 1
        try vocabulary.checkDamage()
        return place
    }

    /// The vectors of some words, in their order, with their counts.
    /// - Throws: `WordEmbeddingError.unknownWord`.
    public func subTable(of words: [String]) throws -> WordVectors {
        let numbers = try words.map { try number(of: $0) }
        let counts = vocabulary.counts.map { counts in numbers.map { counts[$0] } }
        let matrix = Matrix(rows: numbers.count, columns: dimensions, elements: numbers.flatMap { storage.row($0) })
        try vocabulary.checkDamage()
        return WordVectors(vocabulary: Vocabulary(words: words, counts: counts), vectors: matrix)
    }

    /// A copy whose vectors have the length 1; zero vectors stay zero.
    public func normalized() -> WordVectors {
        let columns = dimensions
        var matrix = vectors
        guard columns > 0 else { return self }
        matrix.elements.parallelUpdate(width: columns, threads: availableProcessors, grain: 256) { range, elements in
            for row in 0..<range.count {
                var square = 0.0
                for place in row * columns..<(row + 1) * columns {
                    square += Double(elements[place]) * Double(elements[place])
                }
                guard square > 0 else { continue }
                let norm = square.squareRoot()
                for place in row * columns..<(row + 1) * columns {
                    elements[place] = Float(Double(elements[place]) / norm)
                }
            }
        }
        return WordVectors(vocabulary: vocabulary, vectors: matrix)
    }
}
