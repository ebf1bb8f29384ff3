import CVectorKernels
import Testing

@testable import WordEmbeddings

@Suite struct NegativeSamplerTests {
    /// The share of each word that the table holds, summed over all its slots, is count^0.75 / Σ count^0.75.
    @Test(arguments: [[1], [5, 5], [1_000_000, 1], [10, 9, 8, 7, 1, 1, 1], Array(1...500)])
    func theTableHoldsTheDistribution(counts: [Int]) {
        let sampler = NegativeSampler(counts: counts)
        var shares = [Double](repeating: 0, count: counts.count)
        for (word, slot) in sampler.slots.enumerated() {
            let own = Double(slot.threshold) / 0x1p32
            shares[word] += own
            shares[Int(slot.alias)] += 1 - own
        }
        let weights = counts.map { Double($0).squareRoot() * Double($0).squareRoot().squareRoot() }
        let total = weights.reduce(0, +)
        for (word, weight) in weights.enumerated() {
            #expect(abs(shares[word] / Double(counts.count) - weight / total) < 1e-8)
        }
    }

    @Test func drawsFollowTheTable() {
        let counts = [1000, 100, 10, 1]
        let sampler = NegativeSampler(counts: counts)
        var random = FastRandom(seed: 5)
        var drawn = [0, 0, 0, 0]
        sampler.slots.withUnsafeBufferPointer { slots in
            for _ in 0..<200_000 { drawn[Int(alias_draw(slots.baseAddress, slots.count, random.next()))] += 1 }
        }
        let weights = counts.map { Double($0).squareRoot() * Double($0).squareRoot().squareRoot() }
        for (count, weight) in zip(drawn, weights) {
            let expected = 200_000 * weight / weights.reduce(0, +)
            #expect(abs(Double(count) - expected) < 6 * expected.squareRoot())
        }
    }

    /// Power 1 draws words as often as they occur, 0 all alike, −1 the rare ones.
    @Test(arguments: zip([1.0, 0.0, -1.0], [0.8, 0.5, 0.2])) func theExponentDecides(exponent: Double, share: Double) {
        let slots = NegativeSampler(counts: [40, 10], exponent: exponent).slots
        var drawn = [0.0, 0.0]
        for (word, slot) in slots.enumerated() {
            let own = Double(slot.threshold) / 0x1p32
            drawn[word] += own / 2
            drawn[Int(slot.alias)] += (1 - own) / 2
        }
        #expect(abs(drawn[0] - share) < 1e-8 && abs(drawn[1] - (1 - share)) < 1e-8)
    }
}
