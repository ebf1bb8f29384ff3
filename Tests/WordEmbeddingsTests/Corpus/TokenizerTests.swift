import LinearAlgebra
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

    /// Expectations after UAX #29; `import regex; [w for w in regex.split(r"(?w)\\b", text) if any(c.isalnum() for c in w)]`
    /// gives the same where no Han or kana run is involved.
    @Test(arguments: [
        ("Don't panic, said the U.S. envoy.", ["Don't", "panic", "said", "the", "U.S", "envoy"]),
        ("It cost 3,000.50 (not 3.) -- or 1,2", ["It", "cost", "3,000.50", "not", "3", "or", "1,2"]),
        ("snake_case _x_ __ a-b e=mc2", ["snake_case", "_x_", "a", "b", "e", "mc2"]),
        ("l\u{2019}\u{E9}t\u{E9} cafe\u{301}s na\u{EF}ve", ["l\u{2019}\u{E9}t\u{E9}", "cafe\u{301}s", "na\u{EF}ve"]),
        ("\u{201C}quoted\u{201D} \u{2018}x\u{2019} \u{AB}y\u{BB}", ["quoted", "x", "y"]),
        ("\u{1F600}ok\u{1F600} \u{2026} \u{20AC}5", ["ok", "5"]),
        (
            "\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43C}\u{438}\u{440}!",
            ["\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442}", "\u{43C}\u{438}\u{440}"]
        ),
        ("\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}", ["\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}"]),
        // Runs of Han and kana stay whole; punctuation and Latin letters end them.
        (
            "\u{6771}\u{4EAC}\u{3001}\u{30BF}\u{30EF}\u{30FC}\u{3002}ABC\u{793E}",
            ["\u{6771}\u{4EAC}", "\u{30BF}\u{30EF}\u{30FC}", "ABC", "\u{793E}"]
        ),
        ("\u{301}x \u{301}", ["x"]), ("'a' a'' 'tis", ["a", "a", "tis"]), ("a\u{200B}b", ["a", "b"]),
        ("...", []), ("", []),
    ])
    func unicodeWords(text: String, expected: [String]) {
        var words: [String] = []
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            var tokenizer = Tokenizer(bytes: bytes, range: 0..<bytes.count, lowercase: false, kind: .unicode)
            while case .word(let word) = tokenizer.next() { words.append(String(decoding: word, as: UTF8.self)) }
        }
        #expect(words.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, "\(words)")
    }

    /// Cutting what was cut changes nothing, whatever the text; no word has white space or is empty; lines stay.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func unicodeWordsOfAnyText(seed: UInt64) {
        var random = Philox(seed: seed)
        let alphabet: [[UInt8]] =
            [
                "a", "B", "'", ".", ",", "_", "1", " ", "\n", "\u{301}", "\u{E9}", "\u{3042}", "\u{3001}", "\u{2019}",
                "\u{1F600}", "-",
            ]
            .map { Array($0.utf8) } + [[0xFF], [0xE3, 0x81]]
        let bytes = (0..<60).flatMap { _ in alphabet[Int(random.next32()) % alphabet.count] }
        func cut(_ bytes: [UInt8]) -> [[[UInt8]]] {
            bytes.withUnsafeBufferPointer { bytes in
                var tokenizer = Tokenizer(bytes: bytes, range: 0..<bytes.count, lowercase: true, kind: .unicode)
                var lines: [[[UInt8]]] = [[]]
                while true {
                    switch tokenizer.next() {
                    case .word(let word): lines[lines.count - 1].append(Array(word))
                    case .endOfLine: lines.append([])
                    case .endOfText: return lines
                    }
                }
            }
        }
        let lines = cut(bytes)
        let again = lines.map { Array($0.joined(separator: [0x20])) }.joined(separator: [0x0A])
        #expect(cut(Array(again)) == lines)
        #expect(lines.count == bytes.count { $0 == 0x0A } + 1)
        for word in lines.joined() {
            let text = String(decoding: word, as: UTF8.self)
            #expect(!word.isEmpty && isValidUTF8(word) && !text.unicodeScalars.contains { $0.properties.isWhitespace })
            #expect(text.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil })
        }
    }
}

private func isValidUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { WordBytes.areUTF8($0) }
}
