import Testing

@testable import WordEmbeddings

/// The words of a text, one list a line.
func tokenize(_ text: [UInt8], lowercase: Bool = false) -> (lines: [[String]], invalid: Int, null: Int?) {
    text.withUnsafeBufferPointer { bytes in
        var tokenizer = Tokenizer(bytes: bytes, range: startOfText(bytes)..<bytes.count, lowercase: lowercase)
        var lines: [[String]] = [[]]
        while true {
            switch tokenizer.next() {
            case .word(let word): lines[lines.count - 1].append(String(decoding: word, as: UTF8.self))
            case .endOfLine: lines.append([])
            case .endOfText: return (lines, tokenizer.invalidSequences, tokenizer.firstNull)
            }
        }
    }
}

func tokenize(_ text: String, lowercase: Bool = false) -> [[String]] {
    tokenize(Array(text.utf8), lowercase: lowercase).lines
}

@Suite struct TokenizerTests {
    /// Every scalar with the property White_Space separates words; no other does.
    @Test func unicodeWhiteSpaceSeparatesWords() {
        for value in UInt32(1)...0x3100 {
            guard let scalar = Unicode.Scalar(value), scalar != "\n" else { continue }
            let lines = tokenize("a\(scalar)b")
            let expected = scalar.properties.isWhitespace ? [["a", "b"]] : [["a\(scalar)b"]]
            #expect(lines.map { $0.map { Array($0.utf8) } } == expected.map { $0.map { Array($0.utf8) } })
        }
    }

    @Test func linesAreSentences() {
        #expect(tokenize("a b\r\n\n c\n") == [["a", "b"], [], ["c"], []])
        #expect(tokenize("") == [[]])
        #expect(tokenize(" \t\u{3000} ") == [[]])
        #expect(tokenize("一つ\u{3000}二つ") == [["一つ", "二つ"]])
    }

    @Test func aByteOrderMarkIsNoWord() {
        #expect(tokenize("\u{FEFF}word") == [["word"]])
    }

    /// The replacement is that of the Unicode Standard (maximal subparts), as Python and Swift do it.
    @Test(arguments: [
        [0x61, 0xFF, 0x62], [0xC3], [0xE3, 0x81], [0xE3, 0x81, 0x20, 0x61], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
        [0xC0, 0x80], [0xF0, 0x9F, 0x98, 0x80], [0xE2, 0x80, 0x61], [0xC2, 0x61],
    ]) func invalidUTF8BecomesReplacementCharacters(bytes: [UInt8]) {
        let (lines, invalid, _) = tokenize(bytes)
        let repaired = String(decoding: bytes, as: UTF8.self)
        #expect(lines == [repaired.split(separator: " ").map(String.init)])
        let original = repaired.unicodeScalars.filter { $0 == "\u{FFFD}" }.count
        #expect(invalid == original)
    }

    @Test func lowerCaseFollowsUnicode() {
        let text = "Straße ΣΊΣΥΦΟΣ İstanbul ÀÉÎ ДЖ Ａ Ⅷ 漢字 NASA"
        #expect(tokenize(text, lowercase: true) == [text.split(separator: " ").map { $0.lowercased() }])
        #expect(tokenize(text, lowercase: false) == [text.split(separator: " ").map(String.init)])
    }

    @Test func nullBytesAreNoticedWithTheirPlace() {
        #expect(tokenize(Array("ab\0cd".utf8)).null == 2)
        #expect(tokenize(Array("abcd".utf8)).null == nil)
    }

    /// However the text is cut, the words stay the same.
    @Test(arguments: [1, 2, 3, 5, 8, 13, 64, 1000]) func chunksCutBetweenWords(size: Int) {
        let text = Array("one two\u{3000}three\u{2003}four\nfive  six\n\nseveneightnine ten\u{85}eleven 漢字 二\n".utf8)
        let whole = tokenize(text).lines.flatMap { $0 }
        let parts = text.withUnsafeBufferPointer { bytes in
            textChunks(bytes, size: size).flatMap { range in tokenize(Array(bytes[range])).lines.flatMap { $0 } }
        }
        #expect(parts == whole)
    }

    @Test func chunksCoverTheText() {
        let text = [UInt8](repeating: 0x61, count: 10_000)
        text.withUnsafeBufferPointer { bytes in
            #expect(textChunks(bytes, size: 100) == [0..<10_000], "one long word is never cut")
        }
        let words = Array(String(repeating: "ab ", count: 10_000).utf8)
        words.withUnsafeBufferPointer { bytes in
            let chunks = textChunks(bytes, size: 100)
            #expect(chunks.count > 100, "one long line is cut between words")
            #expect(chunks.first?.lowerBound == 0 && chunks.last?.upperBound == words.count)
            #expect(zip(chunks, chunks.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        }
    }
}
