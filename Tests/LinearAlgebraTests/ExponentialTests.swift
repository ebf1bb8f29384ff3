import CVectorKernels
import Foundation
import Testing

@testable import LinearAlgebra

/// The vectors' e^x against Foundation's, in each level.
@Suite struct ExponentialTests {
    private func exponentials(_ x: [Float], _ level: VectorCPULevel) throws -> [Float] {
        let kernels = try #require(vector_kernels_at(level)).pointee
        var y = [Float](repeating: -1, count: x.count + 3)
        kernels.exponentials(x, &y, x.count)
        #expect(y.suffix(3) == [-1, -1, -1], "nothing behind the end is touched")
        return Array(y[..<x.count])
    }

    /// Over all that sigmoids (−87 to 0), affinities (−87 to 0) and w^α (to 88) ask for: the whole range in steps that
    /// are no multiple of the reduction's, and more closely around 0.
    @Test(arguments: levels) func relativeErrorOverTheRange(level: VectorCPULevel) throws {
        var x = (0...400_000).map { -87 + 175 * Float($0) / 400_000 }
        x += (-50_000...50_000).map { Float($0) * 1.7e-5 }
        var largest = 0.0
        var ulps = 0.0
        for (value, found) in zip(x, try exponentials(x, level)) {
            let exact = exp(Double(value))
            largest = max(largest, abs(Double(found) - exact) / exact)
            ulps = max(ulps, abs(Double(found) - exact) / Double(Float(exact).ulp))
        }
        #expect(largest < 1e-7)
        #expect(ulps < 1.25)
    }

    @Test(arguments: levels) func edges(level: VectorCPULevel) throws {
        let tiny = Float.leastNonzeroMagnitude
        let x: [Float] = [
            0, -0.0, tiny, -tiny, .leastNormalMagnitude, 1e-38, -1e-38, -87, -87.5, -104, -1e30, -.infinity, 88, 89,
            1e30,
            .infinity, .nan, -.nan, .signalingNaN,
        ]
        let found = try exponentials(x, level)
        #expect(found[..<7].allSatisfy { $0 == 1 })
        let least = exp(-87.0)
        // Clamped: a normal number, neither 0 nor a denormal one, which would be slow.
        for value in found[7..<12] {
            #expect(abs(Double(value) - least) < 1e-7 * least)
            #expect(value >= Float.leastNormalMagnitude)
        }
        let most = exp(88.0)
        for value in found[12..<16] { #expect(abs(Double(value) - most) < 1e-7 * most) }
        #expect(found[16...].allSatisfy { $0.isNaN })
    }

    /// A lane's result depends on no other lane, nor on where the vectors begin.
    @Test(arguments: levels, lengths) func anyLength(level: VectorCPULevel, n: Int) throws {
        let x = randomFloats(n + 1, seed: 5).map { 40 * $0 }
        let whole = try exponentials(x, level)
        #expect(try exponentials(Array(x.dropFirst()), level) == Array(whole.dropFirst()))
        #expect(try x.flatMap { try exponentials([$0], level) } == whole)
    }

    /// Greater or equal for a greater number, also where the reduction changes.
    @Test(arguments: levels) func hardlyEverFalls(level: VectorCPULevel) throws {
        let x = (0..<200_000).map { -20 + Float($0) * 2e-4 }
        let y = try exponentials(x, level)
        for (a, b) in zip(y, y.dropFirst()) { #expect(b >= a) }
    }
}
