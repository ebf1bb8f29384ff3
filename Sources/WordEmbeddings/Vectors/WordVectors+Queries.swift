import CVectorKernels
import LinearAlgebra

extension WordVectors {
    /// The words whose vectors point most nearly in the direction of a word's vector, the nearest first.
    ///
    /// - Parameters:
    ///   - word: a known word; it is not among the answers.
    ///   - count: how many answers; fewer come when there are no more words.
    /// - Throws: `WordEmbeddingError.unknownWord`.
    public func nearest(to word: String, count: Int) throws -> [ScoredWord] {
        let number = try self.number(of: word)
        return nearest(to: direction(of: number), count: count, except: [number])
    }

    /// The words whose vectors point most nearly in the direction of `vector`, the nearest first.
    ///
    /// - Parameters:
    ///   - vector: `dimensions` numbers, all finite.
    ///   - count: how many answers; fewer come when there are no more words.
    /// - Throws: `WordEmbeddingError.invalidConfiguration` for a vector of another length or with NaN or infinity.
    public func nearest(to vector: [Float], count: Int) throws -> [ScoredWord] {
        guard vector.count == dimensions, vector.allSatisfy(\.isFinite) else {
            let found = vector.count == dimensions ? "some that are not finite" : "\(vector.count)"
            throw WordEmbeddingError.invalidConfiguration(
                name: "vector", expected: "\(dimensions) finite numbers", found: found)
        }
        return nearest(to: Direction(vector), count: count, except: [])
    }

    /// The words nearest to the sum of the directions of `positive` less those of `negative` (3CosAdd, Mikolov, Yih
    /// and Zweig 2013): "king" and "woman" without "man" gives "queen".
    ///
    /// - Parameters:
    ///   - positive: known words, not among the answers.
    ///   - negative: known words, not among the answers.
    ///   - count: how many answers; fewer come when there are no more words.
    /// - Throws: `WordEmbeddingError.unknownWord`, and `WordEmbeddingError.invalidConfiguration` when both lists are
    ///   empty.
    public func nearest(positive: [String], negative: [String] = [], count: Int) throws -> [ScoredWord] {
        guard !positive.isEmpty || !negative.isEmpty else {
            throw WordEmbeddingError.invalidConfiguration(name: "words", expected: "at least one", found: "none")
        }
        let numbers = try (positive + negative).map { try number(of: $0) }
        var sum = [Double](repeating: 0, count: dimensions)
        for (place, number) in numbers.enumerated() {
            let sign: Double = place < positive.count ? 1 : -1
            for (column, value) in direction(of: number).components.enumerated() { sum[column] += sign * value }
        }
        return nearest(to: Direction(doubles: sum), count: count, except: Set(numbers))
    }

    /// The cosine of the angle between the vectors of two words, −1…1; 0 when one of them is zero.
    /// - Throws: `WordEmbeddingError.unknownWord`.
    public func similarity(_ one: String, _ other: String) throws -> Float {
        let (one, other) = (try number(of: one), try number(of: other))
        return direction(of: one).cosine(direction(of: other))
    }

    private func number(of word: String) throws -> Int {
        guard let number = vocabulary.number(of: word) else { throw WordEmbeddingError.unknownWord(word) }
        return number
    }

    private func direction(of number: Int) -> Direction {
        Direction(vectors.row(number))
    }

    private func nearest(to direction: Direction, count: Int, except: Set<Int>) -> [ScoredWord] {
        var top = TopScores(count: min(max(0, count), self.count))
        for (number, score) in similarities(to: direction).enumerated() where !except.contains(number) {
            top.offer(number, score)
        }
        return top.sorted().map {
            ScoredWord(word: vocabulary[$0.number], number: $0.number, similarity: min(max(-1, $0.score), 1))
        }
    }

    /// The cosines of all words with a direction.
    private func similarities(to direction: Direction) -> [Float] {
        let columns = dimensions
        let query = direction.components.map { Float($0) }
        let (elements, norms) = (vectors.elements, norms)
        var scores = [Float](repeating: 0, count: count)
        scores.parallelUpdate(width: 1, threads: availableProcessors, grain: 2048) { range, scores in
            for row in range {
                let vector = elements[row * columns..<(row + 1) * columns]
                let norm = norms[row]
                if norm > 0 {
                    let dot = vector.withUnsafeBufferPointer { vector in
                        query.withUnsafeBufferPointer { query in
                            guard let one = vector.baseAddress, let other = query.baseAddress else { return Float(0) }
                            return kernels.dot(one, other, columns)
                        }
                    }
                    scores[row - range.lowerBound] = dot / norm
                } else if norm.isNaN {
                    scores[row - range.lowerBound] = Direction(vector).cosine(direction)
                }
            }
        }
        return scores
    }
}
