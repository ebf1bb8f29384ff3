import FileAccess
import TestSupport
import Testing

struct GzipTests {
    /// Text that packs well, with every byte value.
    static func sample(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 / 1000) }
    }

    static func unpack(_ packed: [UInt8], pieces: Int = .max) throws -> [UInt8] {
        var decoder = GzipDecoder(file: "f")
        var unpacked: [UInt8] = []
        var position = 0
        while position < packed.count {
            let end = position + min(pieces, packed.count - position)
            try Array(packed[position..<end]).withUnsafeBytes {
                try decoder.decode($0) { piece in
                    for index in piece.indices { unpacked.append(piece[index]) }
                }
            }
            position = end
        }
        try decoder.finish()
        return unpacked
    }

    static func readFile(_ packed: [UInt8], step: Int) throws -> [UInt8] {
        let directory = try TestFolder()
        var reader = GzipReader(file: try MappedFile(path: try directory.write("f.gz", packed)))
        var unpacked: [UInt8] = []
        while !reader.isAtEnd { try reader.read(step, into: &unpacked) }
        return unpacked
    }

    @Test(
        "packing and unpacking give the same bytes", arguments: [0, 1, 1000, 262_144, 262_145, 2_000_000], [0, 1, 9])
    func roundTrip(size: Int, level: Int32) throws {
        let bytes = Self.sample(size)
        let packed = Gzip.compress(bytes, level: level)
        #expect(packed.withUnsafeBufferPointer { Gzip.isGzip($0.span) })
        #expect(try Self.unpack(packed) == bytes)
        #expect(try Self.readFile(packed, step: 100_000) == bytes)
    }

    @Test("the same bytes are packed alike, and levels out of range count as the nearest")
    func stable() {
        let bytes = Self.sample(5000)
        #expect(Gzip.compress(bytes) == Gzip.compress(bytes))
        #expect(Gzip.compress(bytes, level: 99) == Gzip.compress(bytes, level: 9))
        #expect(Gzip.compress(bytes, level: -5) == Gzip.compress(bytes, level: 0))
    }

    @Test("several members, zero padding and pieces of any size", arguments: [1, 2, 7, 1000, .max])
    func members(pieces: Int) throws {
        let (one, two) = (Self.sample(3000), Array("two".utf8))
        let packed = Gzip.compress(one) + Gzip.compress([]) + Gzip.compress(two)
        #expect(try Self.unpack(packed, pieces: pieces) == one + two)
        #expect(try Self.unpack(packed + [0, 0, 0], pieces: pieces) == one + two)
        #expect(try Self.readFile(packed + [0], step: pieces == .max ? 1 << 20 : pieces) == one + two)
    }

    // printf 'hello\n' | gzip -n9 | xxd -p
    @Test("what gzip(1) made is unpacked")
    func golden() throws {
        let packed: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 2, 0, 0x20, 0x30, 0x3a, 0x36, 6, 0,
            0, 0,
        ]
        #expect(try Self.unpack(packed) == Array("hello\n".utf8))
    }

    @Test("a stream that breaks off anywhere is an error")
    func truncated() throws {
        let packed = Gzip.compress(Self.sample(300))
        for length in 0..<packed.count {
            #expect(throws: FileError.self) { try Self.unpack(Array(packed[..<length])) }
        }
        #expect(throws: FileError.self) { try Self.readFile(Array(packed.dropLast()), step: 100) }
    }

    @Test("damage is an error that names the file and the place")
    func damaged() throws {
        var packed = Gzip.compress(Self.sample(300_000))
        packed[packed.count - 6] ^= 1
        let error = #expect(throws: FileError.self) { try Self.unpack(packed) }
        #expect(error == .damagedGzip(file: "f", offset: 300_000, reason: "incorrect data check"))
        #expect(throws: FileError.self) { try Self.unpack(Gzip.compress([1]) + [1, 2, 3]) }
        #expect(throws: FileError.self) { try Self.unpack(Gzip.compress([1]) + [0, 0, 3]) }
    }

    @Test("a reader unpacks no more than is asked for")
    func lazy() throws {
        let directory = try TestFolder()
        var packed = Gzip.compress(GzipTests.sample(1_000_000))
        packed[packed.count - 6] ^= 1
        var reader = GzipReader(file: try MappedFile(path: try directory.write("f.gz", packed)))
        var bytes: [UInt8] = []
        try reader.read(1000, into: &bytes)
        #expect(bytes == Array(GzipTests.sample(1000)))
        let isAtEnd = reader.isAtEnd
        #expect(!isAtEnd)
    }
}
