import LinearAlgebra
import Testing

@testable import WordEmbeddings

@Suite struct KnownWordsTests {
    private func find(_ word: String, in words: KnownWords) -> Int? {
        var word = word
        return word.withUTF8 { bytes in words.withTable { $0.find(bytes) } }.map(Int.init)
    }

    /// All words of up to 3 letters of a small alphabet and random ones up to 48 bytes are found under their number;
    /// others are not.
    @Test(arguments: [0, 1, 4, 5, 100, 5_000, 10_000]) func findsWhatTheIndexFinds(count: Int) {
        let letters = ["a", "b", "c", "é", "語"]
        var words = letters + letters.flatMap { one in letters.map { one + $0 } }
        words += letters.flatMap { one in letters.flatMap { two in letters.map { one + two + $0 } } }
        var random = Philox(seed: 3)
        while words.count < 10_000 {
            words.append((0..<1 + random.next32() % 16).map { _ in letters[Int(random.next32() % 5)] }.joined())
        }
        let vocabulary = Vocabulary(words: words.prefix(count))
        let known = KnownWords(vocabulary.index)
        for word in words { #expect(find(word, in: known) == vocabulary.number(of: word), "\(word)") }
        #expect(find("", in: known) == nil)
    }

    /// A NUL separates words: what holds one must not be taken for the word before it, nor hide it.
    @Test func wordsWithNullAreNotFoundInTexts() {
        let known = KnownWords(Vocabulary(words: ["ab\0", "", "ab", "abcdefghi\0", "abcdefghi"]).index)
        #expect(find("ab", in: known) == 2)
        #expect(find("abcdefghi", in: known) == 4)
    }
}
