import CVectorKernels
import LinearAlgebra
import Testing

@testable import WordEmbeddings

/// The cutting of 64 bytes at a time against a walk from byte to byte.
@Suite struct TextSplitTests {
    struct Word: Equatable {
        var range: Range<Int>
        var isOther = false
    }

    struct Cut: Equatable {
        var words: [Word] = []
        var overlong = 0
        var firstNull: Int?
    }

    /// Line feeds are words without bytes.
    private func cutByteByByte(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Cut {
        var cut = Cut()
        var start: Int?
        func end(_ position: Int) {
            if let begin = start {
                if position - begin > Int(TEXT_LONGEST_WORD) {
                    cut.overlong += 1
                } else {
                    cut.words.append(
                        Word(range: begin..<position, isOther: bytes[begin..<position].contains { $0 >= 0x80 }))
                }
            }
            start = nil
        }
        var position = range.lowerBound
        while position < range.upperBound {
            let kind = ByteClass.table[Int(bytes[position])]
            let wide =
                kind == ByteClass.maybeSpace ? lengthOfWideSpace(bytes, at: position, end: range.upperBound) : 0
            if kind == ByteClass.null, cut.firstNull == nil { cut.firstNull = position }
            if kind == ByteClass.space || kind == ByteClass.null || kind == ByteClass.newline || wide > 0 {
                end(position)
                if kind == ByteClass.newline { cut.words.append(Word(range: position..<position)) }
                position += max(1, wide)
            } else {
                if start == nil { start = position }
                position += 1
            }
        }
        end(range.upperBound)
        return cut
    }

    private func cut(
        _ kernels: VectorKernels, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, room: Int
    ) -> Cut {
        var cut = Cut()
        guard let base = bytes.baseAddress else { return cut }
        var text = TextSplit(bytes, range)
        let words = AlignedBuffer<TextWord>(count: room)
        while true {
            let count = kernels.text.split(&text, words.base, room)
            if count == 0 { break }
            for place in 0..<count {
                let word = words.base[place]
                guard let first = word.bytes else { continue }
                cut.words.append(
                    Word(range: first - base..<first - base + Int(word.length), isOther: word.isOther == 1))
            }
        }
        cut.overlong = Int(text.overlong)
        cut.firstNull = text.firstNull.map { $0 - base }
        return cut
    }

    private static let levels = [VectorCPULevelBaseline, VectorCPULevelV3, VectorCPULevelV4].filter {
        vector_kernels_at($0) != nil
    }

    /// Words of all lengths, white spaces of all kinds, whole and broken ones, in any order and over the borders of 64
    /// bytes.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8]) func cutsAsByteByByte(seed: UInt64) throws {
        let parts: [[UInt8]] = [
            [0x20], [0x0A], [0x09], [0x0D, 0x0A], [0x0A, 0x0A], [0xC2, 0xA0], [0xC2, 0x85], [0xC2, 0xA9], [0xC2],
            [0xE2, 0x80, 0x83], [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0x99], [0xE2, 0x80], [0xE2], [0xE2, 0x81, 0x9F],
            [0xE1, 0x9A, 0x80], [0xE1, 0x9A, 0x81], [0xE3, 0x80, 0x80], [0xE3, 0x81, 0x82], [0xC3, 0xA9], [0xFF],
            [0x80], [0x01], [0x1F],
        ]
        var random = Philox(seed: seed)
        var bytes: [UInt8] = []
        let spaces = Int(seed % 4)
        while bytes.count < 20_000 {
            switch Int(random.next32() % 8) {
            case 0...spaces: bytes += parts[Int(random.next32()) % parts.count]
            case 7 where seed > 4 && random.next32() % 64 == 0: bytes.append(0)
            default: bytes += [UInt8](repeating: 0x61, count: 1 + Int(random.next32() % (seed % 2 == 0 ? 9 : 90)))
            }
        }
        try bytes.withUnsafeBufferPointer { bytes in
            for level in Self.levels {
                let kernels = try #require(vector_kernels_at(level)).pointee
                for (start, length) in [(0, bytes.count), (0, 0), (1, 63), (2, 64), (3, 65), (4, 128), (7, 3_001)] {
                    let range = start..<min(bytes.count, start + length)
                    let expected = cutByteByByte(bytes, range)
                    for room in [Int(TEXT_STEP), 100, 1_000] {
                        #expect(cut(kernels, bytes, range, room: room) == expected, "\(range), room \(room)")
                    }
                }
            }
        }
    }

    @Test func leavesOutOverlongWords() throws {
        let limit = Int(TEXT_LONGEST_WORD)
        for length in [limit - 1, limit, limit + 1, limit + 200] {
            let bytes = [0x20] + [UInt8](repeating: 0x62, count: length) + Array(" end".utf8)
            bytes.withUnsafeBufferPointer { bytes in
                let all = cut(kernels, bytes, 0..<bytes.count, room: 256)
                #expect(all == cutByteByByte(bytes, 0..<bytes.count))
                #expect(all.overlong == (length > limit ? 1 : 0))
                let open = cut(kernels, bytes, 0..<length + 1, room: 256)
                #expect(open.words.count + open.overlong == 1)
            }
        }
    }
}
