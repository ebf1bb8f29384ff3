import CVectorKernels
import LinearAlgebra

/// Negatives of the tiles of a task: words in stock, of which each tile takes some and replaces a few by words drawn
/// afresh. Rows are used more than once while they are in the cache next to the core.
///
/// Unsafe code has its place here: numbers are written to the memory of the task, whose places are counted by
/// `negatives`.
struct NegativeStock {
    private let sampler: BlockSampler
    private let negatives: Int
    private let words: AlignedBuffer<UInt32>
    /// Random numbers from which the next tile draws words.
    private let bits: AlignedBuffer<UInt64>
    private var next = 0
    private var random: FastRandom

    /// - Parameters:
    ///   - negatives: of a tile.
    ///   - seed: starts the sequence that words are drawn by.
    init(_ sampler: BlockSampler, negatives: Int, seed: UInt64) {
        self.sampler = sampler
        self.negatives = negatives
        random = FastRandom(seed: seed)
        var size = 64
        while size < 8 * negatives { size *= 2 }
        words = AlignedBuffer(count: size)
        bits = AlignedBuffer(count: Self.fresh(negatives: negatives))
        for place in 0..<size { words.base[place] = word(random.next()) }
        for index in 0..<bits.count { bits.base[index] = random.next() }
    }

    /// Words that a tile replaces: 3 of 5.
    static func fresh(negatives: Int) -> Int { (3 * negatives + 4) / 5 }

    /// Writes the negatives of a tile, and the words that have come into the stock.
    /// - Parameters:
    ///   - rows: room for `negatives` numbers.
    ///   - fresh: room for `fresh(negatives:)` numbers.
    mutating func draw(_ rows: UnsafeMutablePointer<UInt32>, fresh: UnsafeMutablePointer<UInt32>) {
        let mask = words.count - 1
        sampler.slots.withUnsafeBufferPointer { slots in
            for index in 0..<bits.count {
                let word = sampler.rows[Int(NegativeSampler.draw(slots, bits: bits.base[index]))]
                fresh[index] = word
                words.base[next] = word
                next = (next + 1) & mask
                // The table is large: its slots for the next tile are asked for now.
                bits.base[index] = random.next()
                alias_prefetch(slots.baseAddress, slots.count, bits.base[index])
            }
        }
        // Places at equal distances around the stock: an odd distance meets each once.
        let start = random.next()
        var place = Int(start & 0xFFFF_FFFF)
        let distance = Int(start >> 32) | 1
        for index in 0..<negatives {
            rows[index] = words.base[place & mask]
            place += distance
        }
    }

    private func word(_ bits: UInt64) -> UInt32 {
        sampler.rows[Int(sampler.slots.withUnsafeBufferPointer { NegativeSampler.draw($0, bits: bits) })]
    }
}
