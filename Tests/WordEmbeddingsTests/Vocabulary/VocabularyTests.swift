import Testing

@testable import WordEmbeddings

@Suite struct VocabularyTests {
    @Test func wordsKeepTheirNumbers() {
        let words = (0..<5_000).map { "word\($0 &* 7919)" } + ["", "é", "e\u{301}", "漢字"]
        let vocabulary = Vocabulary(words: words)
        #expect(vocabulary.count == words.count)
        for (number, word) in words.enumerated() where number % 97 == 0 || number >= 5_000 {
            #expect(vocabulary.number(of: word) == number)
            #expect(Array(vocabulary[number].utf8) == Array(word.utf8))
        }
        #expect(vocabulary.number(of: "nowhere") == nil)
    }

    @Test func composedAndDecomposedFormsAreDifferentWords() {
        let vocabulary = Vocabulary(words: ["é", "e\u{301}"])
        #expect(vocabulary.number(of: "é") == 0 && vocabulary.number(of: "e\u{301}") == 1)
    }

    /// A file of one word 400,000 times must not take quadratic time: it would not end here.
    @Test func repeatedWordsAreCheap() {
        let vocabulary = Vocabulary(words: repeatElement("a", count: 400_000))
        #expect(vocabulary.count == 400_000 && vocabulary.number(of: "a") == 0)
    }

    @Test func theFirstOfTwoEqualWordsIsFound() {
        let vocabulary = Vocabulary(words: ["a", "b", "a"], counts: [3, 2, 1])
        #expect(vocabulary.count == 3 && vocabulary.number(of: "a") == 0)
        #expect(vocabulary.prefix(2).words == ["a", "b"] && vocabulary.prefix(2).counts == [3, 2])
    }
}
