import FileAccess
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import WordEmbeddings

struct VectorIndexTests {
    let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    /// Words of all kinds, some of them several times, and vectors; binary with or without line ends.
    static func binary(rows: Int, columns: Int, seed: UInt64, lineEnds: Bool) -> [UInt8] {
        var random = Philox(seed: seed)
        var bytes = Array("\(rows) \(columns)\n".utf8)
        for row in 0..<rows {
            let word = row % 7 == 3 ? "again" : VectorWritingTests.randomWord(&random)
            bytes += Array(word.utf8) + [0x20]
            bytes += WordEmbeddingsTests.bytes(floats: (0..<columns).map { _ in random.nextUniform() - 0.5 })
            if lineEnds { bytes.append(0x0A) }
        }
        return bytes
    }

    @Test(
        "an opened file answers as one that was read, with a saved index and without", arguments: [1, 2, 50, 3000],
        [false, true])
    func same(rows: Int, lineEnds: Bool) throws {
        let path = try files.write("v.bin", Self.binary(rows: rows, columns: 9, seed: 3, lineEnds: lineEnds))
        let read = try WordVectors.read(path: path)
        for isSaved in [false, true] {
            let file = try VectorFile.open(path: path)
            #expect(file.hasUnsavedIndex == !isSaved)
            #expect(file.notes == (try VectorFile.read(path: path).notes))
            let opened = try #require(file.words)
            guard case .mapped = opened.storage else {
                Issue.record("the vectors were read")
                return
            }
            #expect(opened.vocabulary.words == read.vocabulary.words)
            #expect(opened.vectors == read.vectors)
            for word in read.vocabulary.words {
                #expect(opened.vocabulary.number(of: word) == read.vocabulary.number(of: word))
                #expect(opened[word] == read[word])
            }
            for word in ["", "unheard", "agai", "again\0", "\u{10FFFF}"] {
                #expect(opened.vocabulary.number(of: word) == read.vocabulary.number(of: word))
            }
            let words = Array(read.vocabulary.words.prefix(20))
            #expect(try opened.nearest(toEach: words, count: 5) == read.nearest(toEach: words, count: 5))
            #expect(try opened.nearest(to: words[0], count: 5) == read.nearest(to: words[0], count: 5))
            #expect(opened.normalized().vectors == read.normalized().vectors)
            #expect(try file.saveIndex() == path + ".index")
        }
        #expect(try files.files == ["v.bin", "v.bin.index"])
        let first = try files.bytes("v.bin.index")
        try VectorFile.open(path: path).saveIndex()
        #expect(try files.bytes("v.bin.index") == first)
    }

    @Test("the index keeps the counts")
    func counts() throws {
        let made = vectors([("b", [1]), ("a", [2]), ("c", [3])], counts: [9, 5, 0])
        _ = try made.writeWithVocabulary(to: files["v.bin"], format: .binary)
        let file = try VectorFile.open(path: files["v.bin"])
        #expect(file.words?.vocabulary.counts == [9, 5, 0])
        try file.saveIndex()
        try FileManager.default.removeItem(atPath: files["v.vocab"])
        #expect(try VectorFile.open(path: files["v.bin"]).words?.vocabulary.counts == [9, 5, 0])
    }

    @Test("an index of other vectors is passed over with a note")
    func stale() throws {
        let path = try files.write("v.bin", Self.binary(rows: 40, columns: 4, seed: 1, lineEnds: false))
        try VectorFile.open(path: path).saveIndex()
        try files.write("v.bin", Self.binary(rows: 40, columns: 4, seed: 2, lineEnds: false))
        let file = try VectorFile.open(path: path)
        #expect(file.hasUnsavedIndex && file.notes.contains { $0.contains("v.bin.index") })
        #expect(file.words?.vocabulary.words == (try WordVectors.read(path: path).vocabulary.words))
    }

    @Test("an index older than its vectors is passed over with a note")
    func older() throws {
        let path = try files.write("v.bin", Self.binary(rows: 40, columns: 4, seed: 1, lineEnds: false))
        try VectorFile.open(path: path).saveIndex()
        let later = Date(timeIntervalSinceNow: 100)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: path)
        let file = try VectorFile.open(path: path)
        #expect(file.hasUnsavedIndex && file.notes.contains { $0.contains("an index written after") })
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: path + ".index")
        #expect(try !VectorFile.open(path: path).hasUnsavedIndex)
    }

    @Test("the words of a .npy are asked where they lie")
    func numpy() throws {
        let made = vectors([("b", [1, 0.5]), ("a", [2, -1]), ("c", [3, 0])], counts: [9, 5, 0])
        _ = try made.writeWithVocabulary(to: files["v.npy"], format: .numpy)
        let opened = try #require(try VectorFile.open(path: files["v.npy"]).words)
        guard case .mapped = opened.storage else {
            Issue.record("the vectors were read")
            return
        }
        #expect(opened.vectors == made.vectors && opened.vocabulary.counts == [9, 5, 0])
        #expect(try opened.nearest(to: "a", count: 2) == made.nearest(to: "a", count: 2))
    }

    @Test("a damaged index is refused or passed over, wherever the damage is")
    func damaged() throws {
        let path = try files.write("v.bin", Self.binary(rows: 30, columns: 4, seed: 1, lineEnds: true))
        try VectorFile.open(path: path).saveIndex()
        let whole = try files.bytes("v.bin.index")
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x11
            try files.write("v.bin.index", bytes)
            let checked = try VectorFile.open(path: path, isIndexChecked: true)
            #expect(checked.hasUnsavedIndex && checked.words?.count == 30, "byte \(place)")
            let file = try VectorFile.open(path: path)
            // The header and its one checksum are looked at in any case.
            #expect(file.hasUnsavedIndex == (place < 72), "byte \(place)")
            guard place >= 72 else { continue }
            let words = try #require(file.words)
            let error = #expect(throws: WordEmbeddingError.self) { try words.nearest(to: [1, 2, 3, 4], count: 3) }
            #expect(error?.description.contains("v.bin.index: byte 72") == true)
            #expect(throws: WordEmbeddingError.self) { try file.saveIndex() }
            #expect(throws: WordEmbeddingError.self) { try words.write(to: files["other"], format: .binary) }
            #expect(throws: WordEmbeddingError.self) { try words.similarity("again", "again") }
        }
        #expect(try files.files.contains("other") == false)
        for length in [0, 1, 63, 64, whole.count - 1] {
            try files.write("v.bin.index", Array(whole[..<length]))
            #expect(try VectorFile.open(path: path).hasUnsavedIndex)
        }
    }

    @Test("what does not need the damaged part is answered")
    func partlyDamaged() throws {
        let rows = 20_000
        var bytes = Array("\(rows) 1\n".utf8)
        for row in 0..<rows { bytes += Array("w\(100_000 + row) ".utf8) + [0, 0, 0x80, 0x3F] }
        let path = try files.write("v.bin", bytes)
        try VectorFile.open(path: path).saveIndex()
        var index = try files.bytes("v.bin.index")
        // The order of the last words.
        index[index.count - 1] ^= 1
        try files.write("v.bin.index", index)
        let words = try #require(try VectorFile.open(path: path).words)
        #expect(words.vocabulary[19_999] == "w119999" && words.vocabulary.number(of: "w100005") == 5)
        #expect(try words.nearest(to: "w100005", count: 2).map(\.number) == [0, 1])
        #expect(words.vocabulary.number(of: "w119999") == nil)
        #expect(throws: WordEmbeddingError.self) { try words.vocabulary.checkDamage() }
        #expect(throws: WordEmbeddingError.self) { try words.nearest(to: "w100005", count: 2) }
        try VectorFile.open(path: path, isIndexChecked: true).saveIndex()
        #expect(try VectorFile.open(path: path).words?.nearest(to: "w119999", count: 1).map(\.number) == [0])
    }

    @Test("an order of words that are alike for long", arguments: [0, 7, 8, 9, 16, 40])
    func order(common: Int) {
        var random = Philox(seed: 9)
        let start = String(repeating: "s", count: common)
        let tails = ["", "\0", "\0\0", "a", "a\0", "b", "\u{7F}", "\u{80}", "sssssssss", "ssssssssa"]
        let words = (0..<40_000).map { number in
            number % 3 == 0
                ? start + tails[Int(random.next32()) % tails.count]
                : start + "\(random.next32() % 30_000)abcdefgh\(number % 7)"
        }
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for word in words {
            bytes += word.utf8
            ends.append(bytes.count)
        }
        let order = bytes.withUnsafeBytes { bytes in
            WordOrder(count: words.count) { [ends] in ($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0] }.sorted(bytes)
        }
        let expected = words.indices.sorted { one, other in
            let (first, second) = (Array(words[one].utf8), Array(words[other].utf8))
            return first == second ? one < other : first.lexicographicallyPrecedes(second)
        }
        #expect(order.numbers.map { Int($0) } == expected)
        #expect(order.duplicates == words.count - Set(words.map { Array($0.utf8) }).count)
    }

    /// The bytes of an index with the checksums that belong to them.
    static func resealed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let (header, block) = (64, 1 << 15)
        // Each block has a checksum of 8 bytes before all blocks.
        let blocks = max(0, bytes.count - header + block + 7) / (block + 8)
        let content = header + 8 * blocks
        guard content <= bytes.count else { return bytes }
        func seal(_ place: Int, _ sealed: some Sequence<UInt8>) {
            let checksum = Array(sealed).withUnsafeBytes { XXH64.hash($0) }
            withUnsafeBytes(of: checksum.littleEndian) { bytes.replaceSubrange(place..<place + 8, with: $0) }
        }
        for number in 0..<blocks {
            let start = content + number * block
            seal(header + 8 * number, bytes[start..<min(bytes.count, start + block)])
        }
        seal(56, bytes[..<56] + bytes[header..<content])
        return bytes
    }

    @Test("an index that was forged with its checksums leads nowhere", arguments: 0..<200 as Range<UInt64>)
    func forged(seed: UInt64) throws {
        var random = Philox(seed: seed)
        let path = try files.write("v.bin", Self.binary(rows: 30, columns: 4, seed: 1, lineEnds: seed % 2 == 0))
        try VectorFile.open(path: path).saveIndex()
        var bytes = try files.bytes("v.bin.index")
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            bytes[Int.random(in: 72..<bytes.count, using: &random)] = UInt8(truncatingIfNeeded: random.next32())
        }
        try files.write("v.bin.index", Self.resealed(bytes))
        let opened = try #require(try VectorFile.open(path: path).words)
        do {
            for number in 0..<30 { _ = opened.vocabulary.number(of: opened.vocabulary[number]) }
            #expect(opened.vectors.rows == 30)
            #expect(try opened.nearest(to: [1, 2, 3, 4], count: 30).count == 30)
        } catch let error as WordEmbeddingError {
            #expect(error.description.contains("v.bin.index: "))
        }
    }

    @Test("hostile files are refused as when they are read", arguments: HostileFileTests.cases)
    func hostile(file: HostileFileTests.Case) throws {
        let path = try files.write("f", file.bytes)
        let read = #expect(throws: WordEmbeddingError.self) { try VectorFile.read(path: path) }
        let opened = #expect(throws: WordEmbeddingError.self) { try VectorFile.open(path: path) }
        #expect(opened == read)
    }

    @Test("text, packed files and matrices are read")
    func others() throws {
        let rows: [(String, [Float])] = [("a", [1, 2]), ("b", [3, 4])]
        for (name, format, packed) in [("t", .text, false), ("g", .glove, false), ("p", .binary, true)]
            as [(String, VectorFormat, Bool)]
        {
            try vectors(rows).write(to: files[name], format: format, packed: packed)
            let file = try VectorFile.open(path: files[name])
            #expect(!file.hasUnsavedIndex)
            #expect(try file.saveIndex() == nil)
            #expect(file.words?.vocabulary.words == ["a", "b"])
        }
    }
}
