import CVectorKernels
import LinearAlgebra

/// Finds the numbers of a vocabulary's words, many at a time: `CVectorKernels.WordTable` with the memory that it is of.
///
/// Memory: 20 to 40 bytes a word. The words come in the order of their numbers, so that the frequent ones lie where they
/// are looked for first.
///
/// Unsafe code has its place here: the slots are written in `init` alone, and the words' own bytes are lent for as long
/// as a table is in use.
struct KnownWords: Sendable {
    private let slots: AlignedBuffer<WordSlot>
    private let bits: UInt32
    // Other ones in each process: no text can be made to collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private let seed = UInt64.random(in: .min ... .max)
    private let index: WordIndex

    /// The words of `index`. Of one that comes twice the first counts; those that hold a NUL are in no text.
    init(_ index: WordIndex) {
        self.index = index
        var bits: UInt32 = 4
        while (1 << bits) * 4 < index.count * 5 { bits += 1 }
        self.bits = bits
        slots = AlignedBuffer(count: 1 << bits)
        for place in 0..<slots.count { slots.base[place].number = .max }
        withTable { table in
            var table = table
            index.forEachWord { number, word in
                if !word.isEmpty && !word.contains(0) { _ = kernels.text.add(&table, UInt32(number), word.count) }
            }
        }
    }

    /// Gives the table, which is valid meanwhile.
    func withTable<Result>(_ body: (WordTable) -> Result) -> Result {
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

extension WordTable {
    /// The number of a word, or `nil`.
    func find(_ word: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard let base = word.baseAddress, !word.isEmpty else { return nil }
        var (table, number) = (self, UInt32.max)
        var wanted = TextWord(bytes: base, length: UInt32(word.count), isOther: 0)
        kernels.text.find(&table, &wanted, 1, base + word.count, &number)
        return number == .max ? nil : number
    }
}
