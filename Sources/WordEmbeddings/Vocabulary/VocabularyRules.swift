/// Which of the counted words make the vocabulary.
struct VocabularyRules: Sendable {
    let minimumCount: Int
    /// The most words, the most frequent ones.
    let limit: Int?
    private let stopWords: WordIndex

    init(_ configuration: Word2Vec.Configuration) {
        minimumCount = configuration.minCount
        limit = configuration.maxVocabulary
        var index = WordIndex()
        for word in configuration.stopWords {
            // As the text is cut, so are the stop words.
            let bytes = Array(word.utf8)
            bytes.withUnsafeBufferPointer { bytes in
                var tokenizer = Tokenizer(
                    bytes: bytes, range: 0..<bytes.count, lowercase: configuration.lowercase,
                    kind: configuration.tokenizer)
                while case .word(let word) = tokenizer.next() {
                    _ = index.insert(word, hash: WordIndex.hash(word))
                }
            }
        }
        stopWords = index
    }

    init(minimumCount: Int, limit: Int? = nil) {
        (self.minimumCount, self.limit, stopWords) = (minimumCount, limit, WordIndex())
    }

    /// Whether a word may be in the vocabulary.
    func admits(_ word: UnsafeBufferPointer<UInt8>, count: Int) -> Bool {
        count >= minimumCount && (stopWords.count == 0 || stopWords.find(word) < 0)
    }
}
