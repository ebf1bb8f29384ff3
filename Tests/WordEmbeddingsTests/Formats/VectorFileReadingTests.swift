import FileAccess
import LinearAlgebra
import TestSupport
import Testing
import WordEmbeddings

/// What valid files of every format give.
struct VectorFileReadingTests {
    let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    static let rows: [(String, [Float])] = [
        ("the", [0.5, -1.25, 3]), ("猫", [1e-3, 0, -0.0]), ("naïve", [2, 1e30, -7.0625]),
    ]

    // kv = KeyedVectors(3)  # gensim 4.4
    // kv.add_vectors(["the", "猫", "naïve"],
    //     np.array([[0.5, -1.25, 3], [1e-3, 0, -0.0], [2, 1e30, -7.0625]], dtype=np.float32))
    // for w, c in zip(["the", "猫", "naïve"], [30, 20, 5]): kv.set_vecattr(w, "count", c)
    // kv.save_word2vec_format("g.bin", fvocab="g.vocab", binary=True)
    static let binary = bytes(
        hex: "3320330a746865200000003f0000a0bf00004040e78cab206f12833a0000000000000080"
            + "6e61c3af76652000000040caf249710000e2c0")
    // kv.save_word2vec_format("g.txt", binary=False)
    static let text = "3 3\nthe 0.5 -1.25 3.0\n猫 0.001 0.0 -0.0\nnaïve 2.0 1e+30 -7.0625\n"
    // kv.save_word2vec_format("glove.txt", binary=False, write_header=False)
    static let glove = "the 0.5 -1.25 3.0\n猫 0.001 0.0 -0.0\nnaïve 2.0 1e+30 -7.0625\n"

    /// The binary file with a line end after each vector, as word2vec.c has it.
    static var binaryWithLineEnds: [UInt8] {
        Array("3 3\n".utf8) + rows.flatMap { Array("\($0.0) ".utf8) + bytes(floats: $0.1) + [0x0A] }
    }

    static let valid: [(name: String, bytes: [UInt8], kind: VectorFile.Kind)] = [
        ("gensim binary", binary, .word2vecBinary),
        ("word2vec.c binary", binaryWithLineEnds, .word2vecBinary),
        ("gensim text", Array(text.utf8), .word2vecText),
        ("no last line end", Array(text.utf8.dropLast()), .word2vecText),
        ("empty lines at the end", Array((text + "\n \n").utf8), .word2vecText),
        ("CR LF", Array(text.utf8).flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }, .word2vecText),
        ("word2vec.c text", Array(text.utf8).flatMap { $0 == 0x0A ? [0x20, 0x0A] : [$0] }, .word2vecText),
        ("tabs", Array(text.utf8).map { $0 == 0x20 ? 0x09 : $0 }, .word2vecText),
        ("byte order mark", [0xEF, 0xBB, 0xBF] + Array(text.utf8), .word2vecText),
        ("GloVe", Array(glove.utf8), .gloveText),
        ("GloVe without last line end", Array(glove.utf8.dropLast()), .gloveText),
    ]

    @Test("every format is recognised by its content, plain and packed", arguments: valid, [false, true])
    func recognised(file: (name: String, bytes: [UInt8], kind: VectorFile.Kind), isPacked: Bool) throws {
        let path = try files.write("no-extension", isPacked ? Gzip.compress(file.bytes) : file.bytes)
        let read = try VectorFile.read(path: path)
        let words = try #require(read.words)
        #expect(read.kind == file.kind)
        #expect(read.isPacked == isPacked)
        #expect(read.totalRows == 3)
        #expect(read.notes.isEmpty)
        #expect(words.vocabulary.words == Self.rows.map(\.0))
        #expect(words.vectors.elements.map(\.bitPattern) == Self.rows.flatMap(\.1).map(\.bitPattern))
        #expect(words.vocabulary.counts == nil)
    }

    @Test("a limit reads the first rows alone", arguments: valid, [1, 2, 3, 100])
    func limited(file: (name: String, bytes: [UInt8], kind: VectorFile.Kind), limit: Int) throws {
        for bytes in [file.bytes, Gzip.compress(file.bytes)] {
            let read = try VectorFile.read(path: try files.write("f", bytes), limit: limit)
            let words = try #require(read.words)
            #expect(words.vocabulary.words == Self.rows.prefix(limit).map(\.0))
            #expect(words.vectors.rows == min(limit, 3))
            #expect(read.totalRows == (file.kind == .gloveText && limit <= 3 ? nil : 3))
        }
    }

    @Test("a limit does not see what is wrong behind it")
    func limitStops() throws {
        let path = try files.write("f", "a 1 2\nb 3 4\nc 5\n")
        #expect(try VectorFile.read(path: path, limit: 2).words?.count == 2)
        #expect(throws: WordEmbeddingError.self) { try VectorFile.read(path: path, limit: 3) }
        let reason = WordEmbeddingError.invalidConfiguration(name: "limit", expected: "1 or more", found: "0")
        #expect(throws: reason) { try VectorFile.read(path: path, limit: 0) }
    }

    @Test("many rows come in order over several windows, plain and packed", arguments: [false, true])
    func large(isPacked: Bool) throws {
        let count = 60_000
        var text = "\(count) 16\n"
        for row in 0..<count {
            text += "w\(row)"
            for column in 0..<16 { text += " \(Float(row) + Float(column) / 16)" }
            text += "\n"
        }
        let bytes = Array(text.utf8)
        #expect(bytes.count > 1 << 23)
        let read = try VectorFile.read(path: try files.write("f", isPacked ? Gzip.compress(bytes, level: 1) : bytes))
        let words = try #require(read.words)
        #expect(words.count == count)
        for row in [0, 1, 29_999, 47_000, count - 1] {
            #expect(words.vocabulary[row] == "w\(row)")
            #expect(Array(words.vectors.row(row)) == (0..<16).map { Float(row) + Float($0) / 16 })
        }
        // The binary of the same: over several windows too.
        try words.write(to: files["g"], format: .binary)
        let binary = isPacked ? Gzip.compress(try files.bytes("g"), level: 1) : try files.bytes("g")
        let again = try #require(try VectorFile.read(path: try files.write("h", binary)).words)
        #expect(again.vectors == words.vectors)
        #expect(again.vocabulary.words == words.vocabulary.words)
    }

    @Test("duplicate words are kept, noted, and the first is found")
    func duplicates() throws {
        let read = try VectorFile.read(path: try files.write("f", "3 1\na 1\nb 2\na 3\n"))
        #expect(read.words?["a"] == [1])
        #expect(read.words?.count == 3)
        #expect(read.notes.count == 1)
    }

    @Test("a long word is read")
    func longWord() throws {
        let word = String(repeating: "長", count: 33_000)
        let made = vectors([(word, [1, 2]), ("b", [3, 4])])
        for format in [VectorFormat.binary, .text, .glove] {
            try made.write(to: files["f"], format: format)
            #expect(try WordVectors.read(path: files["f"]).vocabulary.words == [word, "b"])
        }
    }

    @Test("GloVe words with blanks keep them, and this is noted")
    func blanksInWords() throws {
        let read = try VectorFile.read(path: try files.write("f", "a 1 2\n. . 3 4\nat x@y.z 5 6\n"))
        #expect(read.words?.vocabulary.words == ["a", ". .", "at x@y.z"])
        #expect(read.words?.vectors.elements == [1, 2, 3, 4, 5, 6])
        #expect(read.notes == ["2 words hold blanks"])
    }

    @Test("whole numbers of two columns are GloVe, not a header of three numbers")
    func wholeNumbers() throws {
        let read = try VectorFile.read(path: try files.write("f", "1 2 3\n4 5 6\n"))
        #expect(read.kind == .gloveText)
        #expect(read.words?.vocabulary.words == ["1", "4"])
    }

    @Test("binary whose floats look like text is told apart by its size")
    func textLikeBinary() throws {
        let content = Array("3 1\n".utf8) + Array("ab ABCDcd EFGHef IJKL".utf8)
        let read = try VectorFile.read(path: try files.write("f", content))
        #expect(read.kind == .word2vecBinary)
        #expect(read.words?.vocabulary.words == ["ab", "cd", "ef"])
    }
}
