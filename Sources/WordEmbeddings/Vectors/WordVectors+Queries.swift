public import LinearAlgebra

/// How the words of an analogy are joined.
public enum AnalogyMethod: String, Sendable, CaseIterable {
    /// 3CosAdd (Mikolov, Yih and Zweig 2013): the cosine with the sum of the directions asked for less those asked
    /// against.
    case add
    /// 3CosMul (Levy and Goldberg 2014): the product of the similarities with the words asked for, divided by the
    /// product of those with the words asked against plus 10⁻⁶; a similarity is (1 + cosine) / 2.
    case multiply = "mul"
}

extension WordVectors {
    /// The words whose vectors point most nearly in the direction of a word's vector, the nearest first.
    ///
    /// - Parameters:
    ///   - word: a known word; it is not among the answers.
    ///   - count: how many answers; fewer come when there are no more words.
    /// - Throws: `WordEmbeddingError.unknownWord`.
    public func nearest(to word: String, count: Int) throws -> [ScoredWord] {
        try nearest(toEach: [word], count: count)[0]
    }

    /// The words whose vectors point most nearly in the direction of `vector`, the nearest first.
    ///
    /// - Parameters:
    ///   - vector: `dimensions` numbers, all finite.
    ///   - count: how many answers; fewer come when there are no more words.
    /// - Throws: `WordEmbeddingError.invalidConfiguration` for a vector of another length or with NaN or infinity.
    public func nearest(to vector: [Float], count: Int) throws -> [ScoredWord] {
        try nearest(toEach: Matrix(rows: 1, columns: vector.count, elements: vector), count: count)[0]
    }

    /// As `nearest(to:count:)` for each of some words, by matrix products: many at once take a fraction of the time.
    ///
    /// - Parameters:
    ///   - words: known words; each is left out of its own answers only.
    ///   - count: how many answers for each; fewer come when there are no more words.
    /// - Returns: the answers in the order of `words`, the same as one question for each would give.
    /// - Throws: `WordEmbeddingError.unknownWord`.
    public func nearest(toEach words: [String], count: Int) throws -> [[ScoredWord]] {
        let numbers = try words.map { try number(of: $0) }
        return try answers(
            numbers.map { CosineSearch.Query(direction: direction(of: $0), excluded: [$0]) }, count: count)
    }

    /// As `nearest(to:count:)` for each row of a matrix, by matrix products.
    ///
    /// - Parameters:
    ///   - vectors: rows of `dimensions` numbers, all finite.
    ///   - count: how many answers for each; fewer come when there are no more words.
    /// - Throws: `WordEmbeddingError.invalidConfiguration` for rows of another length or with NaN or infinity.
    public func nearest(toEach vectors: Matrix, count: Int) throws -> [[ScoredWord]] {
        guard vectors.columns == dimensions, vectors.elements.allSatisfy(\.isFinite) else {
            let found = vectors.columns == dimensions ? "some that are not finite" : "\(vectors.columns)"
            throw WordEmbeddingError.invalidConfiguration(
                name: "vector", expected: "\(dimensions) finite numbers", found: found)
        }
        return try answers(
            (0..<vectors.rows).map { CosineSearch.Query(direction: Direction(vectors.row($0))) }, count: count)
    }

    /// The words that are to `positive` what they are not to `negative`: "king" and "woman" without "man" gives
    /// "queen".
    ///
    /// - Parameters:
    ///   - positive: known words, not among the answers.
    ///   - negative: known words, not among the answers.
    ///   - count: how many answers; fewer come when there are no more words.
    ///   - method: how the words are joined. Default: the sum of their directions.
    /// - Throws: `WordEmbeddingError.unknownWord`, and `WordEmbeddingError.invalidConfiguration` when both lists are
    ///   empty.
    public func nearest(
        positive: [String], negative: [String] = [], count: Int, method: AnalogyMethod = .add
    ) throws -> [ScoredWord] {
        guard !positive.isEmpty || !negative.isEmpty else {
            throw WordEmbeddingError.invalidConfiguration(name: "words", expected: "at least one", found: "none")
        }
        let positive = try positive.map { try number(of: $0) }
        let negative = try negative.map { try number(of: $0) }
        switch method {
        case .add:
            let query = CosineSearch.Query(
                direction: sum(positive: positive, negative: negative), excluded: positive + negative)
            return try answers([query], count: count)[0]
        case .multiply:
            return try multiplied(positive: positive, negative: negative, count: count)
        }
    }

    /// The direction of the sum of some words' directions less others'.
    func sum(positive: [Int], negative: [Int]) -> Direction {
        var sum = [Double](repeating: 0, count: dimensions)
        for (place, number) in (positive + negative).enumerated() {
            let sign: Double = place < positive.count ? 1 : -1
            for (column, value) in direction(of: number).components.enumerated() { sum[column] += sign * value }
        }
        return Direction(doubles: sum)
    }

    private func answers(_ queries: [CosineSearch.Query], count: Int) throws -> [[ScoredWord]] {
        let answers = search().top(queries, count: count).map { $0.map { scored($0.number, $0.score) } }
        try vocabulary.checkDamage()
        return answers
    }

    private func scored(_ number: Int, _ score: Float) -> ScoredWord {
        ScoredWord(word: vocabulary[number], number: number, similarity: score)
    }

    private func multiplied(positive: [Int], negative: [Int], count: Int) throws -> [ScoredWord] {
        let search = search()
        var scores = [Float](repeating: 1, count: self.count)
        var divisors = scores
        for (place, number) in (positive + negative).enumerated() {
            for (row, cosine) in search.scores(direction(of: number)).enumerated() {
                if place < positive.count { scores[row] *= (1 + cosine) / 2 } else { divisors[row] *= (1 + cosine) / 2 }
            }
        }
        for row in scores.indices { scores[row] /= divisors[row] + 1e-6 }
        let excluded = Set(positive + negative)
        var top = TopScores(count: min(max(0, count), self.count))
        for (row, score) in scores.enumerated() where !excluded.contains(row) { top.offer(row, score) }
        let answers = top.sorted().map { scored($0.number, $0.score) }
        try vocabulary.checkDamage()
        return answers
    }
}
