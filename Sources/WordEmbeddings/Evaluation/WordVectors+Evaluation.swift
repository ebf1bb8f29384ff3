/// How well similarities of vectors agree with people's judgements.
public struct PairEvaluation: Sendable, Equatable {
    /// Pearson's correlation of the cosines with the judgements, −1…1; NaN when all are equal.
    public let pearson: Double
    /// Spearman's rank correlation, −1…1; NaN when all are equal.
    public let spearman: Double
    /// Pairs that were compared.
    public let pairs: Int
    /// Pairs with a word that is not known.
    public let unknown: Int
}

/// How many analogies the vectors complete.
public struct AnalogyEvaluation: Sendable, Equatable {
    /// The answers of one section.
    public struct Section: Sendable, Equatable {
        /// The heading.
        public let name: String
        /// Right answers.
        public let correct: Int
        /// Questions that were asked.
        public let asked: Int
        /// The share of right answers, 0…1; 0 when none was asked.
        public var accuracy: Double { asked == 0 ? 0 : Double(correct) / Double(asked) }
    }

    /// The sections in the order of the file.
    public let sections: [Section]
    /// Questions with a word that is not known.
    public let unknown: Int
    /// Right answers.
    public var correct: Int { sections.reduce(0) { $0 + $1.correct } }
    /// Questions that were asked.
    public var asked: Int { sections.reduce(0) { $0 + $1.asked } }
    /// The share of right answers, 0…1; 0 when none was asked.
    public var accuracy: Double { asked == 0 ? 0 : Double(correct) / Double(asked) }
}

extension WordVectors {
    /// Compares cosines with people's judgements of similarity, as gensim's `evaluate_word_pairs`.
    ///
    /// - Parameters:
    ///   - pairs: words and judgements.
    ///   - options: which words are known.
    /// - Throws: `WordEmbeddingError.malformed` when fewer than two pairs can be compared.
    public func evaluate(_ pairs: WordPairs, options: EvaluationOptions = EvaluationOptions()) throws -> PairEvaluation
    {
        let words = EvaluationWords(vocabulary, options)
        var (judgements, cosines): ([Double], [Double]) = ([], [])
        var unknown = 0
        for pair in pairs.pairs {
            if let first = words.number(of: pair.first), let second = words.number(of: pair.second) {
                cosines.append(Double(direction(of: first).cosine(direction(of: second))))
            } else {
                unknown += 1
                guard options.countsUnknown else { continue }
                cosines.append(0)
            }
            judgements.append(pair.score)
        }
        try vocabulary.checkDamage()
        guard judgements.count >= 2 else {
            throw WordEmbeddingError.malformed(
                file: pairs.source, place: "the whole file", expected: "two or more pairs of known words",
                found: "\(judgements.count) of \(pairs.pairs.count)")
        }
        return PairEvaluation(
            pearson: Correlation.pearson(judgements, cosines), spearman: Correlation.spearman(judgements, cosines),
            pairs: judgements.count, unknown: unknown)
    }

    /// Asks analogies by 3CosAdd, as gensim's `evaluate_word_analogies`: the answer is the best of the five nearest
    /// words that is none of the three asked with, in any case.
    ///
    /// - Parameters:
    ///   - questions: sections of questions.
    ///   - options: which words are known.
    public func evaluate(
        _ questions: AnalogyQuestions, options: EvaluationOptions = EvaluationOptions()
    ) -> AnalogyEvaluation {
        let words = EvaluationWords(vocabulary, options)
        let search = search(limit: words.limit)
        var unknown = 0
        let sections = questions.sections.map { section in
            var queries: [CosineSearch.Query] = []
            var answers: [Int] = []
            var skipped = 0
            for question in section.questions {
                if let a = words.number(of: question.a), let b = words.number(of: question.b),
                    let c = words.number(of: question.c), let answer = words.number(of: question.answer)
                {
                    queries.append(
                        CosineSearch.Query(direction: sum(positive: [b, c], negative: [a]), excluded: [a, b, c]))
                    answers.append(answer)
                } else {
                    skipped += 1
                }
            }
            var correct = 0
            for (number, nearest) in search.top(queries, count: 5).enumerated() {
                let spellings = nearest.map { words.first(like: $0.number) }
                let predicted = spellings.first { !queries[number].excluded.contains($0) } ?? spellings.last
                if predicted == answers[number] { correct += 1 }
            }
            unknown += skipped
            return AnalogyEvaluation.Section(
                name: section.name, correct: correct, asked: queries.count + (options.countsUnknown ? skipped : 0))
        }
        return AnalogyEvaluation(sections: sections, unknown: unknown)
    }
}
