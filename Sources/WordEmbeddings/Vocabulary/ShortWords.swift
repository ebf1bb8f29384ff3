/// Finds the numbers of words of up to 8 bytes, which are nine tenths of the words of an English text, with one look
/// into memory: the word itself is the key.
///
/// Open addressing with linear probing; the words come in the order of their numbers, so that the frequent ones lie
/// where they are looked for first. Memory: 26 to 51 bytes a short word.
struct ShortWords: Sendable {
    /// Longest word in bytes.
    static let longest = 8

    /// A word's bytes, filled up with zeros, and its number; 0 is no word.
    private struct Slot {
        var key: UInt64
        var number: Int
    }

    private let slots: [Slot]
    private let shift: UInt64
    private let mask: Int
    private let factor: UInt64

    /// The words of `index` that are short enough and hold no NUL.
    init(_ index: WordIndex) {
        let ends = index.ends
        let wanted = ends.indices.count { index.range(of: $0).count <= Self.longest }
        var bits: UInt64 = 4
        while (1 << bits) * 5 < wanted * 8 { bits += 1 }
        var slots = [Slot](repeating: Slot(key: 0, number: -1), count: 1 << bits)
        let mask = slots.count - 1
        // Odd, and another one in each process: no text can be made to collide.
        let factor = UInt64.random(in: .min ... .max) | 1
        index.bytes.withUnsafeBufferPointer { bytes in
            for number in 0..<index.count {
                let word = UnsafeBufferPointer(rebasing: bytes[index.range(of: number)])
                guard let key = Self.key(word) else { continue }
                var position = Int(truncatingIfNeeded: (key &* factor) >> (64 - bits))
                while slots[position].key != 0, slots[position].key != key { position = (position + 1) & mask }
                // Of a word that comes twice the first counts.
                if slots[position].key == 0 { slots[position] = Slot(key: key, number: number) }
            }
        }
        self.slots = slots
        self.mask = mask
        self.factor = factor
        shift = 64 - bits
    }

    /// A short word as a number; `nil` for other words.
    @inline(__always)
    private static func key(_ word: UnsafeBufferPointer<UInt8>) -> UInt64? {
        let count = word.count
        guard count > 0, count <= longest, let base = word.baseAddress else { return nil }
        let raw = UnsafeRawPointer(base)
        let key: UInt64
        if count >= 4 {
            // Two loads that may overlap: where they do they agree.
            let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)))
            key = low | high << UInt64(8 * (count - 4))
        } else {
            // One to three bytes: the first, the middle and the last one are all there are.
            key =
                UInt64(base[0]) | UInt64(base[count / 2]) << UInt64(8 * (count / 2))
                | UInt64(base[count - 1]) << UInt64(8 * (count - 1))
        }
        return key
    }

    /// The number of a word of at most `longest` bytes, or −1. Words of a text hold no NUL.
    @inline(__always)
    func find(_ word: UnsafeBufferPointer<UInt8>) -> Int {
        guard let key = Self.key(word) else { return -1 }
        return slots.withUnsafeBufferPointer { slots in
            var position = Int(truncatingIfNeeded: (key &* factor) >> shift)
            while true {
                let slot = slots[position]
                if slot.key == key { return slot.number }
                if slot.key == 0 { return -1 }
                position = (position + 1) & mask
            }
        }
    }
}
