import CVectorKernels
import LinearAlgebra

/// The slots of a `CVectorKernels.WordTable` over the words of a `WordIndex`, which may grow: numbers of many words at a
/// time.
///
/// Memory: 20 to 40 bytes a word. The words come in the order of their numbers, so that the frequent ones lie where they
/// are looked for first.
///
/// Unsafe code has its place here: a table is of the index's own bytes, which are lent for as long as it is in use. The
/// slots change in `learn` alone, which an owner calls while nobody looks words up, so `@unchecked Sendable` is sound.
final class WordLookup: @unchecked Sendable {
    private var slots = AlignedBuffer<WordSlot>(count: 0)
    private var bits: UInt32 = 0
    /// How many words of the index can be found.
    private(set) var known = 0
    // Other ones in each process: no text can be made to collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private let seed = UInt64.random(in: .min ... .max)

    /// No words yet.
    /// - Parameter room: words that there is room for from the beginning.
    init(room: Int) { clear(bits: Self.bits(for: room)) }

    /// Bytes of memory that it takes.
    var memory: Int { MemoryLayout<WordSlot>.stride * slots.count }

    /// Adds the words of `index` from `known` on; of one that comes twice the first counts, and those that hold a NUL are
    /// in no text.
    func learn(_ index: WordIndex) {
        let wanted = Self.bits(for: index.count)
        if wanted > bits { clear(bits: wanted + 1) }
        withTable(of: index) { table in
            var table = table
            for number in known..<index.count {
                let word = index.range(of: number)
                if !word.isEmpty && !index.bytes[word].contains(0) {
                    _ = kernels.text.add(&table, UInt32(number), word.count)
                }
            }
        }
        known = index.count
    }

    /// Forgets all words.
    func clear(room: Int) { clear(bits: Self.bits(for: room)) }

    private func clear(bits: UInt32) {
        self.bits = bits
        slots = AlignedBuffer(count: 1 << bits)
        for place in 0..<slots.count { slots.base[place].number = WORD_NONE }
        known = 0
    }

    /// Four fifths of the slots are in use at most.
    private static func bits(for words: Int) -> UInt32 {
        var bits: UInt32 = 4
        while (1 << bits) * 4 < words * 5 { bits += 1 }
        return bits
    }

    /// Gives the table, which is valid meanwhile.
    /// - Parameter index: the one whose words were learnt.
    func withTable<Result>(of index: WordIndex, _ body: (WordTable) -> Result) -> Result {
        index.bytes.withUnsafeBufferPointer { bytes in
            index.ends.withUnsafeBufferPointer { ends in
                ends.withMemoryRebound(to: Int64.self) { ends in
                    body(
                        WordTable(
                            slots: slots.base, bits: bits, factor: factor, seed: seed, bytes: bytes.baseAddress,
                            ends: ends.baseAddress))
                }
            }
        }
    }
}
