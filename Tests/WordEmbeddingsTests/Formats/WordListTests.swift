import TestSupport
import Testing
import WordEmbeddings

struct WordListTests {
    @Test("a vocabulary to train with")
    func counted() throws {
        let files = try TestFolder()
        let words = try VocabularyFile.readCounted(path: files.write("v", "b 7\na 9\r\nc 1\n"))
        #expect(words.words == ["b", "a", "c"] && words.counts == [7, 9, 1])
    }

    @Test(
        "hostile vocabularies are refused with the line",
        arguments: [
            ("a 1\nb 2\na 3\n", "line 3: expected a new word"), ("a 1\nb 0\n", "line 2"), ("a 1\nb -2\n", "line 2"),
            ("a 1\nb\n", "line 2"), ("a 1\n\nb 2\n", "line 2"), ("a 1\nb 99999999999999999999\n", "line 2"),
            ("a 1\nb 999999999999999999\n", "line 2"), ("a 1\nb x\n", "line 2"), ("a 1\n", "two words or more"),
            (" 5\na 1\n", "line 1"), ("a 1\nb 1\nb 1\n", "line 3"),
        ])
    func hostile(text: String, message: String) throws {
        let files = try TestFolder()
        let path = try files.write("v", text)
        let error = #expect(throws: WordEmbeddingError.self) { try VocabularyFile.readCounted(path: path) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("bytes that are no UTF-8 are refused with the line")
    func bytes() throws {
        let files = try TestFolder()
        let path = try files.write("v", Array("a 1\nb".utf8) + [0xFF] + Array(" 2\n".utf8))
        let error = #expect(throws: WordEmbeddingError.self) { try VocabularyFile.readCounted(path: path) }
        #expect(error?.description.contains("line 2") == true)
        let list = try files.write("l", Array("a b\nc\n\n".utf8) + [0x64, 0xC3, 0x20])
        let other = #expect(throws: WordEmbeddingError.self) { try WordList.read(path: list) }
        #expect(other?.description.contains("line 4") == true)
    }

    @Test("lists of words")
    func list() throws {
        let files = try TestFolder()
        #expect(
            try WordList.read(path: files.write("l", "\u{FEFF}the a\n\n of\u{3000}an\r\n")) == ["the", "a", "of", "an"])
        #expect(throws: WordEmbeddingError.self) { try WordList.read(path: files.write("l", [0xFF, 0xFE, 0x61, 0])) }
    }
}
