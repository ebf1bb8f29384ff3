import FileAccess
import LinearAlgebra
import Testing
import WordEmbeddings

/// Seeded damage to valid files of every format: reading gives an error or vectors, and takes little memory.
struct FuzzTests {
    static let seeds: [[UInt8]] = [
        VectorFileReadingTests.binary, VectorFileReadingTests.binaryWithLineEnds,
        Array(VectorFileReadingTests.text.utf8), Array(VectorFileReadingTests.glove.utf8), NumpyTests.golden,
        NumpyTests.goldenFortran, npy("'|u1'", "(4, 5)", version: 2, Array(0..<20)),
    ]

    /// Pieces that readers look for.
    static let pieces: [[UInt8]] =
        [
            "\n", " ", "\0", "-1", "999999999999", "9", "nan", "1e99", "(", ")", ",", "True", "L", "'>f8'", "{",
            "\u{FEFF}",
        ].map { Array($0.utf8) } + [
            [0xFF], [0x93], [0x1F, 0x8B, 8], [0, 0, 0x80, 0x7F], [UInt8](repeating: 0x20, count: 70),
        ]

    static func damage(_ bytes: [UInt8], _ random: inout Philox) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.next32() % 3 where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...8, using: &random))
            switch random.next32() % 6 {
            case 0: bytes[place] ^= 1 << UInt8(random.next32() % 8)
            case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next32())
            case 2: bytes.removeSubrange(place...)
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
            default: bytes.replaceSubrange(place..<end, with: pieces[Int(random.next32()) % pieces.count])
            }
        }
        return bytes
    }

    @Test("damaged files", arguments: seeds.indices)
    func damaged(seed: Int) throws {
        let files = try TestFiles()
        var random = Philox(seed: 7, stream: UInt64(seed))
        let before = peakMemory()
        var read = 0
        var refused = 0
        for round in 0..<600 {
            var bytes = Self.damage(Self.seeds[seed], &random)
            if round % 3 == 1 { bytes = Gzip.compress(bytes, level: 1) }
            if round % 3 == 2 { bytes = Self.damage(Gzip.compress(bytes, level: 1), &random) }
            let path = try files.write(bytes, "f")
            do {
                let file = try VectorFile.read(path: path, limit: round % 5 == 0 ? 2 : nil)
                read += 1
                let elements = file.words?.vectors.elements ?? file.matrix?.elements ?? []
                if elements.isEmpty || !elements.allSatisfy(\.isFinite) { Issue.record("\(bytes)") }
            } catch let error as WordEmbeddingError {
                refused += 1
                if error.description.contains("\n") { Issue.record("\(error)") }
            } catch is FileError {
                refused += 1
            }
            _ = try? LabelFile.read(path: path, count: 3)
            _ = try? VocabularyFile.read(path: path)
        }
        #expect(read > 0)
        #expect(refused > 0)
        #expect(peakMemory() - before < 256 << 20)
    }
}
