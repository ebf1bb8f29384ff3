import Foundation
import Testing

@testable import LinearAlgebra

@Suite struct PhiloxTests {
    /// The known answers of Salmon et al.'s distribution for philox4x32 with 10 rounds.
    @Test func blocksAgreeWithThePublishedAnswers() {
        let zero = Philox.block(counter: (0, 0, 0, 0), key: (0, 0))
        #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        let ones = Philox.block(counter: (.max, .max, .max, .max), key: (.max, .max))
        #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        let pi = Philox.block(
            counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
        #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func aPositionGivesTheSameNumbersAsReadingUpToIt() {
        var whole = Philox(seed: 42, stream: 7)
        for _ in 0..<20 { _ = whole.next32() }
        var part = Philox(seed: 42, stream: 7, position: 5)
        for _ in 0..<9 { #expect(whole.next32() == part.next32()) }
    }

    @Test func uniformNumbersFillTheirRange() {
        var random = Philox(seed: 3)
        let numbers = (0..<10_000).map { _ in random.nextUniform() }
        #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.01)
    }

    /// Moments, the shares of a normal distribution within 1 and 2, and no correlation of the two numbers of a pair.
    @Test func normalNumbersAreNormal() {
        var random = Philox(seed: 4)
        let numbers = random.normals(100_001).map(Double.init)
        let count = Double(numbers.count)
        #expect(numbers.count == 100_001)
        func mean(_ power: Int) -> Double { numbers.reduce(0) { $0 + pow($1, Double(power)) } / count }
        #expect(abs(mean(1)) < 0.01)
        #expect(abs(mean(2) - 1) < 0.02)
        #expect(abs(mean(3)) < 0.04)
        #expect(abs(mean(4) - 3) < 0.12)
        #expect(abs(Double(numbers.count { abs($0) < 1 }) / count - 0.6827) < 0.005)
        #expect(abs(Double(numbers.count { abs($0) < 2 }) / count - 0.9545) < 0.003)
        let pairs = stride(from: 0, to: numbers.count - 1, by: 2).map { numbers[$0] * numbers[$0 + 1] }
        #expect(abs(pairs.reduce(0, +) / Double(pairs.count)) < 0.02)
    }

    @Test func normalNumbersAreASequence() {
        var whole = Philox(seed: 5)
        var parts = Philox(seed: 5)
        #expect(whole.normals(6) == parts.normals(2) + parts.normals(4))
        #expect(whole.normals(0).isEmpty)
    }
}
