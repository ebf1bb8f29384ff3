import CVectorKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Draws words from the unigram distribution to a power, in constant time: the alias method (Walker 1977, in the form
/// of Vose 1991).
struct NegativeSampler: Sendable {
    /// One slot a word: below `threshold` the word itself, above it `alias`.
    typealias Slot = AliasSlot

    let slots: [Slot]

    /// - Parameters:
    ///   - counts: occurrences of each word.
    ///   - exponent: power of the counts; 0.75 in Mikolov et al. 2013.
    init(counts: [Int], exponent: Double = 0.75) {
        self.init(weights: Self.weights(counts: counts, exponent: exponent))
    }

    /// What each word is drawn in proportion to: its occurrences to a power.
    static func weights(counts: [Int], exponent: Double) -> [Double] {
        counts.map { pow(Double($0), exponent) }
    }

    /// - Parameter weights: what each word is drawn in proportion to.
    init(weights: [Double]) {
        var weights = weights
        let mean = weights.reduce(0, +) / Double(max(1, weights.count))
        for index in weights.indices { weights[index] /= mean }
        var slots = (0..<UInt32(weights.count)).map { Slot(threshold: .max, alias: $0) }
        var small = weights.indices.filter { weights[$0] < 1 }
        var large = weights.indices.filter { weights[$0] >= 1 }
        while let low = small.popLast(), let high = large.last {
            slots[low] = Slot(threshold: UInt32(min(weights[low] * 0x1p32, 0x1p32 - 1)), alias: UInt32(high))
            weights[high] -= 1 - weights[low]
            if weights[high] < 1 {
                large.removeLast()
                small.append(high)
            }
        }
        self.slots = slots
    }

    /// The word that 64 random bits choose.
    @inline(__always)
    static func draw(_ slots: UnsafeBufferPointer<Slot>, bits: UInt64) -> UInt32 {
        alias_draw(slots.baseAddress, slots.count, bits)
    }
}
