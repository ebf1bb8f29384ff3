import FileAccess
import Foundation
import TestSupport
import Testing
import WordEmbeddings

/// The files that lie beside vectors: counts and labels.
struct CompanionFileTests {
    let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    @Test(
        "the companion has the same name with another extension",
        arguments: [
            ("vectors.bin", "vectors.vocab"), ("vectors.txt.gz", "vectors.vocab"), ("vectors", "vectors.vocab"),
            ("/a.b/vectors", "/a.b/vectors.vocab"), ("a/v.1.bin", "a/v.1.vocab"), (".bin", ".bin.vocab"),
            ("v.vocab", "v.vocab.vocab"), ("a/.gz", "a/.gz.vocab"),
        ])
    func name(path: String, companion: String) {
        #expect(VocabularyFile.companion(of: path) == companion)
    }

    @Test("words and counts come back, and are what gensim writes as fvocab")
    func roundTrip() throws {
        let made = Vocabulary(words: ["the", "猫", "naïve"], counts: [30, 20, 5])
        try VocabularyFile.write(made, to: files["g.vocab"])
        // The file g.vocab of the command above `VectorFileReadingTests.binary`.
        #expect(try files.bytes("g.vocab") == bytes(hex: "7468652033300ae78cab2032300a6e61c3af766520350a"))
        let read = try VocabularyFile.read(path: files["g.vocab"])
        #expect(read.words == made.words)
        #expect(read.counts == made.counts)
    }

    @Test("counts are attached when the companion fits")
    func attached() throws {
        try files.write("v.vocab", "the 30\n猫 20\nnaïve 5\n")
        let path = try files.write("v.bin", VectorFileReadingTests.binary)
        let read = try VectorFile.read(path: path)
        #expect(read.words?.vocabulary.counts == [30, 20, 5])
        #expect(read.notes.isEmpty)
        let part = try VectorFile.read(path: path, limit: 2)
        #expect(part.words?.vocabulary.counts == [30, 20])
        #expect(part.notes.isEmpty)
    }

    @Test(
        "a companion that does not fit is a note with the line",
        arguments: [
            ("the 30\n犬 20\nnaïve 5\n", "line 2"), ("the 30\n猫 20\n", "fewer words"),
            ("the 30\n猫 20\nnaïve 5\nmore 1\n", "more words"), ("the 30\n猫\nnaïve 5\n", "line 2"),
            ("the x\n", "line 1"), ("the -3\n", "line 1"), ("the 99999999999999999999\n", "line 1"),
            ("", "empty file"), ("the 3\0\n", "line 1"), ("the 30\n\n猫 20\n", "line 2"),
        ])
    func mismatch(text: String, note: String) throws {
        try files.write("v.vocab", text)
        let read = try VectorFile.read(path: try files.write("v.bin", VectorFileReadingTests.binary))
        #expect(read.words?.count == 3)
        #expect(read.words?.vocabulary.counts == nil)
        #expect(read.notes.count == 1)
        #expect(read.notes.first?.contains(note) == true)
        #expect(read.notes.first?.contains("\n") == false)
    }

    @Test("a pipe in the companion's place is a note")
    func pipe() throws {
        try #require(mkfifo(files["v.vocab"], 0o600) == 0)
        let read = try VectorFile.read(path: try files.write("v.bin", VectorFileReadingTests.binary))
        #expect(read.notes.count == 1)
    }

    @Test(
        "labels are lines",
        arguments: [
            ("a\nb c\n猫\n", ["a", "b c", "猫"]), ("a\r\nb\r\n\r\n", ["a", "b", ""]), ("a\n\nc", ["a", "", "c"]),
            ("\u{FEFF}a\nb\nc\n\n\n", ["a", "b", "c"]), ("1\n\"x,y\"\n=1+1\n", ["1", "\"x,y\"", "=1+1"]),
        ])
    func labels(text: String, expected: [String]) throws {
        #expect(try LabelFile.read(path: try files.write("l", text), count: 3) == expected)
        let packed = try files.write("l.gz", Gzip.compress(Array(text.utf8)))
        #expect(try LabelFile.read(path: packed, count: 3) == expected)
    }

    @Test("labels are whole numbers of one dimension", arguments: ["|u1", "<i8", ">i4"])
    func numberLabels(type: String) throws {
        let path = try files.write("l.npy", npy("'\(type)'", "(3,)", NumpyTests.data(type, [5, 0, 9])))
        #expect(try LabelFile.read(path: path, count: 3) == ["5", "0", "9"])
        #expect(throws: WordEmbeddingError.self) { try LabelFile.read(path: path, count: 4) }
    }

    @Test("many labels come in order, plain and packed")
    func manyLabels() throws {
        let expected = (0..<50_000).map { "label \($0)" }
        let text = Array(expected.joined(separator: "\n").utf8)
        #expect(try LabelFile.read(path: try files.write("l", text), count: 50_000) == expected)
        #expect(try LabelFile.read(path: try files.write("g", Gzip.compress(text)), count: 50_000) == expected)
    }

    @Test(
        "labels that do not fit are refused",
        arguments: [
            (Array("a\nb\n".utf8), "found 2"), (Array("a\nb\nc\nd\n".utf8), "line 4"), ([], "empty file"),
            (Array("a\n".utf8) + [0xFF, 0x0A], "line 2"), ([0xFF, 0xFE, 0x61, 0], "UTF-16"),
            (Array("a\nb\0\nc\n".utf8), "line 2"), (npy("'<f4'", "(3,)", bytes(floats: [1, 2, 3])), "floats"),
            (npy("'|u1'", "(3, 1)", [1, 2, 3]), "(3, 1)"), (npy("'|u1'", "(3,)", [1, 2]), "2 bytes"),
        ])
    func badLabels(content: [UInt8], found: String) throws {
        let path = try files.write("l", content)
        let error = #expect(throws: WordEmbeddingError.self) { try LabelFile.read(path: path, count: 3) }
        #expect(error?.description.contains(found) == true)
    }
}
