/// How vectors are evaluated. The defaults are gensim's.
public struct EvaluationOptions: Sendable, Equatable {
    /// Only the first that many words are known, and looked among for answers. Default 300,000.
    public var vocabularyLimit = 300_000
    /// Upper and lower case are the same; of words that differ in nothing else the first counts. Default: `false`, so
    /// that "Athens" finds "athens".
    public var isCaseSensitive = false
    /// Questions with unknown words are wrong, pairs with unknown words have the similarity 0; else they are left out.
    /// Default: `false`.
    public var countsUnknown = false

    /// The defaults.
    public init() {}
}

/// The words that an evaluation knows, under the spelling that it compares.
struct EvaluationWords {
    private let index: WordIndex
    private let numbers: [Int]
    private let isCaseSensitive: Bool
    private let words: [String]
    /// Words that are known, from the first on.
    let limit: Int

    init(_ vocabulary: Vocabulary, _ options: EvaluationOptions) {
        isCaseSensitive = options.isCaseSensitive
        limit = min(max(0, options.vocabularyLimit), vocabulary.count)
        var index = WordIndex(minimumCapacity: limit)
        var numbers: [Int] = []
        var words: [String] = []
        for number in 0..<limit {
            var word = Self.folded(vocabulary[number], isCaseSensitive)
            words.append(word)
            let place = word.withUTF8 { index.insert($0, hash: WordIndex.hash($0)) }
            if place == numbers.count { numbers.append(number) }
        }
        (self.index, self.numbers, self.words) = (index, numbers, words)
    }

    /// The number of a word in the vocabulary, or `nil`.
    func number(of word: String) -> Int? {
        var word = Self.folded(word, isCaseSensitive)
        let found = word.withUTF8 { index.find($0) }
        return found >= 0 ? numbers[found] : nil
    }

    /// The number of the first word of the same spelling as word `number`.
    func first(like number: Int) -> Int {
        var word = words[number]
        return numbers[word.withUTF8 { index.find($0) }]
    }

    private static func folded(_ word: String, _ isCaseSensitive: Bool) -> String {
        isCaseSensitive ? word : word.uppercased()
    }
}
