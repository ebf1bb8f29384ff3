/// XXH64 (Collet, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md) with seed 0: a checksum that finds
/// damage at memory speed. It does not keep anyone from forging a file.
package struct XXH64: Sendable {
    private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
        0x27D4_EB2F_1656_67C5
    )

    private var lanes: (UInt64, UInt64, UInt64, UInt64)
    private var rest: [UInt8] = []
    private var length = 0

    /// The checksum of no bytes yet.
    package init() {
        let (first, second, _, _, _) = Self.primes
        lanes = (first &+ second, second, 0, 0 &- first)
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length += bytes.count
        var bytes = bytes[...]
        if !rest.isEmpty {
            let taken = min(32 - rest.count, bytes.count)
            rest.append(contentsOf: bytes.prefix(taken))
            bytes = bytes.dropFirst(taken)
            guard rest.count == 32 else { return }
            let full = rest
            full.withUnsafeBytes { consume($0) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = bytes.count / 32 * 32
        consume(UnsafeRawBufferPointer(rebasing: bytes.prefix(whole)))
        rest.append(contentsOf: bytes.dropFirst(whole))
    }

    /// The checksum of all bytes so far.
    package var value: UInt64 {
        let (first, second, third, fourth, fifth) = Self.primes
        var hash: UInt64
        if length >= 32 {
            hash = rotate(lanes.0, 1) &+ rotate(lanes.1, 7) &+ rotate(lanes.2, 12) &+ rotate(lanes.3, 18)
            for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
                hash = (hash ^ Self.round(0, lane)) &* first &+ fourth
            }
        } else {
            hash = fifth
        }
        hash &+= UInt64(length)
        var position = 0
        while position + 8 <= rest.count {
            hash = rotate(hash ^ Self.round(0, word(position, 8)), 27) &* first &+ fourth
            position += 8
        }
        if position + 4 <= rest.count {
            hash = rotate(hash ^ word(position, 4) &* first, 23) &* second &+ third
            position += 4
        }
        while position < rest.count {
            hash = rotate(hash ^ UInt64(rest[position]) &* fifth, 11) &* first
            position += 1
        }
        hash = (hash ^ hash >> 33) &* second
        hash = (hash ^ hash >> 29) &* third
        return hash ^ hash >> 32
    }

    /// The checksum of some bytes.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = XXH64()
        hash.update(bytes)
        return hash.value
    }

    private mutating func consume(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var (a, b, c, d) = lanes
        for start in stride(from: 0, to: bytes.count, by: 32) {
            a = Self.round(a, UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
            b = Self.round(b, UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)))
            c = Self.round(c, UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start + 16, as: UInt64.self)))
            d = Self.round(d, UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start + 24, as: UInt64.self)))
        }
        lanes = (a, b, c, d)
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        let sum = lane &+ input &* 0xC2B2_AE3D_27D4_EB4F
        return (sum << 31 | sum >> 33) &* 0x9E37_79B1_85EB_CA87
    }

    private func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }

    /// A little-endian number of the rest.
    private func word(_ position: Int, _ size: Int) -> UInt64 {
        rest[position..<position + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
