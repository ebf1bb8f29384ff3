import Foundation
import LinearAlgebra
import TestSupport
import Testing
import WordEmbeddings

struct VectorWritingTests {
    let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    @Test("binary and text are what gensim writes")
    func golden() throws {
        let made = vectors(VectorFileReadingTests.rows)
        try made.write(to: files["f.bin"], format: .binary)
        try made.write(to: files["f.txt"], format: .text)
        #expect(try files.bytes("f.bin") == VectorFileReadingTests.binary)
        #expect(try files.bytes("f.txt") == Array(VectorFileReadingTests.text.utf8))
        #expect(try files.files == ["f.bin", "f.txt"])
    }

    /// Letters that words are made of: every length of UTF-8, marks, joiners, signs, what looks like numbers.
    static let letters = Array(
        "abcxyzAZ019.,-+eE_#\"'<>&=\\/%äßñ\u{301}\u{308}日本語猫ー가각\u{1F600}👩🚀\u{200D}\u{FE0F}\u{E000}\u{10FFFF}اردו\u{202E}\u{FEFF}\u{1}\u{7F}\u{96}"
            .unicodeScalars)

    static func randomWord(_ random: inout Philox) -> String {
        var word = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            word.append(letters[Int.random(in: 0..<letters.count, using: &random)])
        }
        return String(word)
    }

    static func randomFloat(_ random: inout Philox) -> Float {
        switch random.next32() % 8 {
        case 0: return [0, -0.0, 1, -1][Int(random.next32() % 4)]
        case 1:
            return [.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude][Int(random.next32() % 3)]
        case 2: return Float(bitPattern: random.next32() & 0x007F_FFFF)
        case 3: return random.nextUniform()
        default:
            let value = Float(bitPattern: random.next32())
            return value.isFinite ? value : 0.1
        }
    }

    @Test("random words and numbers come back bit by bit", arguments: 0..<60 as Range<UInt64>, VectorFormat.allCases)
    func roundTrip(seed: UInt64, format: VectorFormat) throws {
        var random = Philox(seed: seed)
        let columns = [1, 2, 3, 7, 100][Int(seed % 5)]
        let rows = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            (Self.randomWord(&random), (0..<columns).map { _ in Self.randomFloat(&random) })
        }
        let made = vectors(rows, counts: rows.map { _ in Int(random.next32()) })
        let packed = seed % 3 == 0 && format != .model
        do {
            _ = try made.writeWithVocabulary(to: files["f"], format: format, packed: packed)
        } catch let error as WordEmbeddingError {
            // Without a header the first word can look like another kind of file.
            #expect((format == .glove || format == .numpy) && error.description.contains("word 1"))
            #expect(try files.files.isEmpty)
            return
        }
        let read = try WordVectors.read(path: files["f"])
        #expect(read.vocabulary.words == rows.map(\.0))
        #expect(read.vocabulary.counts == made.vocabulary.counts)
        #expect(read.vectors.elements.map(\.bitPattern) == rows.flatMap(\.1).map(\.bitPattern))
        _ = try read.writeWithVocabulary(to: files["g"], format: format, packed: packed)
        #expect(try files.bytes("f") == files.bytes("g"))
        #expect(try files.bytes("f").starts(with: [0x1F, 0x8B]) == packed)
        // Opened rather than read, it is the same.
        let opened = try #require(try VectorFile.open(path: files["f"]).words)
        #expect(opened.vectors.elements.map(\.bitPattern) == read.vectors.elements.map(\.bitPattern))
        #expect(opened.vocabulary.words == read.vocabulary.words)
        #expect(opened.vocabulary.counts == read.vocabulary.counts)
    }

    @Test("thousands of rows come back in order", arguments: VectorFormat.allCases, [false, true])
    func many(format: VectorFormat, packed: Bool) throws {
        guard format != .model || !packed else {
            #expect(throws: WordEmbeddingError.self) {
                try vectors([("a", [1])]).write(to: files["f"], format: format, packed: packed)
            }
            return
        }
        let made = vectors((0..<10_000).map { ("w\($0)", [Float($0), 1 / Float($0 + 1), -0.25]) })
        _ = try made.writeWithVocabulary(to: files["f"], format: format, packed: packed)
        let read = try WordVectors.read(path: files["f"])
        #expect(read.vectors == made.vectors)
        #expect(read.vocabulary.words == made.vocabulary.words)
    }

    @Test(
        "a first line that would be taken for something else is refused in a file without header",
        arguments: [
            "\u{FEFF}a", "%PDF", "GIF89a", "\u{1}\u{2}\u{3}", "BZh",
        ])
    func firstWord(word: String) throws {
        let made = vectors([(word, [1, 2]), ("b", [3, 4])])
        let error = #expect(throws: WordEmbeddingError.self) {
            try made.write(to: files["f"], format: .glove)
        }
        #expect(error?.description.contains("word 1") == true)
        try made.write(to: files["f"], format: .text)
        #expect(try WordVectors.read(path: files["f"]).vocabulary[0] == word)
    }

    /// From `numpy.save("f.npy", numpy.array([[1, -2], [0.5, 3], [4, 5]], numpy.float32))`, NumPy 2.4.
    @Test("an .npy is what NumPy writes")
    func numpyBytes() throws {
        try vectors([("a", [1, -2]), ("b", [0.5, 3]), ("c", [4, 5])]).write(to: files["f.npy"], format: .numpy)
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"
        let expected =
            [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
            + [UInt8](repeating: 0x20, count: 117 - header.utf8.count) + [0x0A]
            + bytes(floats: [1, -2, 0.5, 3, 4, 5])
        #expect(try files.bytes("f.npy") == expected)
    }

    @Test(
        "words that the formats cannot hold are refused, and an old file stays",
        arguments: ["a b", "a\tb", "a\n", "\r", "a\u{A0}b", "\u{3000}", "\u{2028}", "\u{85}", "", "a\0"],
        VectorFormat.allCases.filter { $0 != .model })
    func badWords(word: String, format: VectorFormat) throws {
        let path = try files.write("f", "old")
        let error = #expect(throws: WordEmbeddingError.self) {
            try vectors([("good", [1]), (word, [2])]).write(to: path, format: format)
        }
        #expect(error?.description.contains("word 2") == true)
        #expect(throws: WordEmbeddingError.self) {
            try VocabularyFile.write(Vocabulary(words: ["good", word]), to: path)
        }
        #expect(try files.bytes("f") == Array("old".utf8))
        #expect(try files.files == ["f"])
    }

    @Test("numbers that are not finite are refused by word and column", arguments: [Float.nan, .infinity, -.infinity])
    func badNumbers(number: Float) throws {
        let error = #expect(throws: WordEmbeddingError.self) {
            try vectors([("a", [1, 2]), ("b", [3, number])]).write(to: files["f"], format: .binary)
        }
        #expect(error?.description.contains("word 2, column 2") == true)
        #expect(try files.files.isEmpty)
    }

    @Test("nothing at all is refused")
    func empty() throws {
        #expect(throws: WordEmbeddingError.self) { try vectors([]).write(to: files["f"], format: .text) }
        #expect(try files.files.isEmpty)
    }
}
