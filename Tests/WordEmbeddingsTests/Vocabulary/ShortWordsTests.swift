import LinearAlgebra
import Testing

@testable import WordEmbeddings

@Suite struct ShortWordsTests {
    private func find(_ word: String, in table: ShortWords) -> Int {
        var word = word
        return word.withUTF8 { table.find($0) }
    }

    /// All words of up to 3 letters of a small alphabet and random ones up to 12 bytes: short ones are found under
    /// their number, others are not.
    @Test(arguments: [0, 1, 4, 5, 100, 5_000]) func findsWhatTheIndexFinds(count: Int) {
        let letters = ["a", "b", "c", "é", "語"]
        var words = letters + letters.flatMap { one in letters.map { one + $0 } }
        words += letters.flatMap { one in letters.flatMap { two in letters.map { one + two + $0 } } }
        var random = Philox(seed: 3)
        while words.count < 10_000 {
            words.append((0..<1 + random.next32() % 7).map { _ in letters[Int(random.next32() % 5)] }.joined())
        }
        let vocabulary = Vocabulary(words: words.prefix(count))
        let table = ShortWords(vocabulary.index)
        for word in words {
            let expected = word.utf8.count <= ShortWords.longest ? vocabulary.number(of: word) ?? -1 : -1
            #expect(find(word, in: table) == expected, "\(word)")
        }
        #expect(find("", in: table) == -1)
    }
}
