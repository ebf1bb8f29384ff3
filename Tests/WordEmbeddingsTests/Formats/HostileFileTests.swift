import FileAccess
import Foundation
import TestSupport
import Testing
import WordEmbeddings

/// Files that lie, break off or are something else: one clear line each.
struct HostileFileTests {
    let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let place: String
        let found: String
        init(_ name: String, _ bytes: [UInt8], _ place: String, _ found: String) {
            (testDescription, self.bytes, self.place, self.found) = (name, bytes, place, found)
        }
        init(_ name: String, _ text: String, _ place: String, _ found: String) {
            self.init(name, Array(text.utf8), place, found)
        }
    }

    static func binary(_ header: String, _ rows: [(String, [Float])]) -> [UInt8] {
        Array(header.utf8) + rows.flatMap { Array("\($0.0) ".utf8) + bytes(floats: $0.1) }
    }

    static let utf16 = "3 2\na 1 2\n".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }

    static let cases: [Case] = [
        Case("empty", "", "byte 0", "an empty file"),
        Case("white space", " \n\t\r\n ", "byte 0", "only white space"),
        Case("UTF-16", [0xFF, 0xFE] + utf16, "byte 0", "UTF-16"),
        Case("UTF-16, big-endian", [0xFE, 0xFF, 0, 0x33, 0, 0x20], "byte 0", "UTF-16"),
        Case("UTF-16 without mark", utf16, "byte 0", "UTF-16"),
        Case("Word document", [0x50, 0x4B, 3, 4, 20, 0, 6, 0], "byte 0", "zip archive"),
        Case("JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], "byte 0", "JPEG"),
        Case("pickle", [0x80, 4, 0x95, 0, 0], "byte 0", "pickle"),
        Case("NUL bytes", [UInt8](repeating: 0, count: 100), "byte 0", "0x00"),
        Case("random bytes", (0..<999).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 167 &+ 13) }, "byte", "0x"),
        Case("one word", "hello\n", "line 1", "one word"),
        Case("prose", "It was the best of times,\nit was\n", "line 1, word 1, column 1", "\"was\""),
        Case("giant header, text", "1000000000000 300\na 1 2\n", "line 1", "1000000000000 300"),
        Case("giant header within numbers", "4000000000 300\na 1 2\n", "line 2", "a word and 2"),
        Case("header of many rows", "4000000000 2\na 1 2\n", "line 3", "after 1"),
        Case("giant header alone", "1000000000 300\n", "line 2", "after 0"),
        Case("negative rows", "-1 5\na 1 2 3 4 5\n", "line 1", "-1 5"),
        Case("no dimensions", "3 0\na\nb\nc\n", "line 1", "3 0"),
        Case("no rows", "0 5\n", "line 1", "0 5"),
        Case("negative dimensions", "3 -5\na 1\n", "line 1", "3 -5"),
        Case("three numbers", "3 2 9\na 1 2\nb 3 4\nc 5 6\n".replacing("a 1 2", with: "a 1 2 3"), "line 1", "three"),
        Case("overflow", "99999999999999999999 2\na 1 2\n", "line 1", "99999999999999999999"),
        Case("overflow of dimensions", "2 99999999999999999999\na 1 2\n", "line 1", "99999999999999999999"),
        Case("many dimensions", "1 16777217\na 1\n", "line 1", "16777217"),
        Case("missing column", "3 2\na 1 2\nb 3\nc 5 6\n", "line 3", "a word and 1"),
        Case("missing column, long numbers", "2 3\na 1 2 3\nb 3.123456 4.123456\n", "line 3", "a word and 2"),
        Case("extra column", "3 2\na 1 2\nb 3 4 5\nc 5 6\n", "line 3", "a word and 3"),
        Case("missing column, GloVe", "a 1 2\nb 3\n", "line 2", "a word and 1"),
        Case("extra column, GloVe", "a 1 2\nb 3 4 5\n", "line 2", "a word and 3"),
        Case("a word where a number should be", "2 2\na 1 2\nb 3 x4\n", "line 3, word 2, column 2", "\"x4\""),
        Case("hexadecimal", "2 2\na 1 2\nb 0x10 4\n", "line 3, word 2, column 1", "\"0x10\""),
        Case("decimal comma", "2 2\na 1 2\nb 1,5 4\n", "line 3, word 2, column 1", "\"1,5\""),
        Case("NaN", "2 2\na 1 2\nb nan 4\n", "line 3, word 2, column 1", "\"nan\""),
        Case("infinite", "2 2\na 1 -Infinity\nb 3 4\n", "line 2, word 1, column 2", "\"-Infinity\""),
        Case("too large for a float", "2 2\na 1 1e39\nb 3 4\n", "line 2, word 1, column 2", "\"1e39\""),
        Case("fewer rows", "5 2\na 1 2\nb 3 4\n", "line 4", "after 2"),
        Case("more rows", "2 2\na 1 2\nb 3 4\nc 5 6\n", "line 4", "more"),
        Case("empty line", "3 2\na 1 2\n\nb 3 4\nc 5 6\n", "line 3", "an empty line"),
        Case("leading empty line", "\na 1 2\nb 3 4\n", "line 1", "an empty line"),
        Case("empty word", "2 2\na 1 2\n 3 4 5\n", "line 3, word 2 (byte 10)", "a blank"),
        Case("NUL in a word", "2 2\na 1 2\nb\0c 3 4\n", "line 3, word 2 (byte 11)", "a NUL byte"),
        Case(
            "invalid UTF-8 in text", Array("2 2\na 1 2\nb".utf8) + [0xC3, 0x28] + Array(" 3 4\n".utf8),
            "line 3, word 2 (byte 11)", "0xc3"),
        Case(
            "overlong UTF-8 in GloVe", Array("a 1 2\nb".utf8) + [0xC0, 0xAF] + Array(" 3 4\n".utf8),
            "line 2, word 2 (byte 7)", "0xc0"),
        Case(
            "truncated binary", binary("3 2\n", [("a", [1, 2]), ("b", [3, 4])]), "vector 3 (byte 24)", "2 complete"),
        Case(
            "truncated binary in a vector", Array(binary("2 2\n", [("a", [1, 2]), ("b", [3, 4])]).dropLast()),
            "vector 2 (byte 14)", "1 complete"),
        Case("lying binary", binary("1000000000 2\n", [("a", [1, 2])]), "vector 2 (byte 23)", "1 complete"),
        Case("lying dimensions", binary("2 10000000\n", [("a", [1, 2]), ("b", [3, 4])]), "vector 1", "0 complete"),
        Case(
            "more binary rows", binary("1 2\n", [("a", [1, 2]), ("b", [3, 4])]), "byte 14", "more"),
        Case(
            "NaN, binary", binary("2 2\n", [("a", [1, 2]), ("b", [3, .nan])]), "word 2, column 2",
            "nan of the word \"b\""),
        Case(
            "infinite, binary", binary("1 2\n", [("a", [.infinity, 2])]), "word 1, column 1", "inf of the word \"a\""),
        Case("empty word, binary", binary("2 2\n", [("a", [1, 2]), ("", [3, 4])]), "word 2 (byte 14)", "a blank"),
        Case("NUL in a word, binary", binary("1 2\n", [("a\0b", [1, 2])]), "word 1 (byte 5)", "a NUL byte"),
        Case(
            "invalid UTF-8, binary",
            binary("2 2\n", [("a", [1, 2])]) + [0x62, 0xFF, 0x20] + bytes(floats: [1, 2]), "word 2 (byte 15)", "0xff"),
        Case(
            "a word without end, binary",
            binary("2 2\n", [("a", [1, 2])]) + [UInt8](repeating: 0x62, count: 1_100_000), "word 2 (byte 14)",
            "no blank"),
    ]

    @Test("one error, with the place and what was found", arguments: cases)
    func refused(file: Case) throws {
        let path = try files.write("f", file.bytes)
        let error = try #require(throws: WordEmbeddingError.self) { try VectorFile.read(path: path) }
        guard case .malformed(let named, let place, _, let found) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(named == path)
        #expect(place.contains(file.place))
        #expect(found.contains(file.found))
        #expect(!error.description.contains("\n"))
        #expect(error.description.utf8.count < 600)
    }

    @Test("packed, it is refused as well", arguments: cases)
    func refusedPacked(file: Case) throws {
        let path = try files.write("f.gz", Gzip.compress(file.bytes))
        #expect(throws: WordEmbeddingError.self) { try VectorFile.read(path: path) }
    }

    @Test("a header that a packed file cannot keep is refused before anything is read")
    func packedLie() throws {
        let path = try files.write("f", Gzip.compress(Array("1000000000 300\na 1 2\n".utf8)))
        let error = #expect(throws: WordEmbeddingError.self) { try VectorFile.read(path: path) }
        #expect(error?.description.contains("bytes packed") == true)
    }

    @Test("a packed file that breaks off is refused at every length")
    func packedTruncated() throws {
        let packed = Gzip.compress(Array("3 2\na 1 2\nb 3 4\nc 5 6\n".utf8))
        for length in 0..<packed.count {
            let path = try files.write("f", Array(packed[..<length]))
            #expect(throws: (any Error).self) { try VectorFile.read(path: path) }
        }
    }

    @Test("gzip in gzip is refused by name")
    func nested() throws {
        let path = try files.write("f", Gzip.compress(Gzip.compress(Array("1 1\na 1\n".utf8))))
        let error = #expect(throws: WordEmbeddingError.self) { try VectorFile.read(path: path) }
        #expect(error?.description.contains("gzip data inside gzip data") == true)
    }

    @Test("a gzip bomb of one endless line ends early")
    func bomb() throws {
        // 400 MB of one line, in members of 4 MB that are packed once.
        let member = Gzip.compress([UInt8](repeating: 0x61, count: 4 << 20))
        let header = Gzip.compress(Array("2 2\n".utf8))
        let bytes = header + [[UInt8]](repeating: member, count: 100).flatMap { $0 }
        let path = try files.write("f.gz", bytes)
        let before = peakMemory()
        #expect(throws: WordEmbeddingError.self) { try VectorFile.read(path: path) }
        #expect(peakMemory() - before < 200 << 20)
    }

    @Test("directories, pipes and missing files are file errors")
    func noFiles() throws {
        #expect(throws: FileError.self) { try VectorFile.read(path: files.path) }
        #expect(throws: FileError.self) { try VectorFile.read(path: files["missing"]) }
        try #require(mkfifo(files["pipe"], 0o600) == 0)
        #expect(throws: FileError.self) { try VectorFile.read(path: files["pipe"]) }
    }
}
