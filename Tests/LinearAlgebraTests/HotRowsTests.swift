import CVectorKernels
import Testing

@testable import LinearAlgebra

@Suite struct HotRowsTests {
    private static let floats = 48

    /// Rows of three kinds, by what was added to the same beginning.
    private struct Merged {
        var shared: [Double]
        var own: [Double]
        var base: [Double]
    }

    private let start = (0..<HotRowsTests.floats).map { Float($0 % 7) - 3 }

    private func merge(_ level: VectorCPULevel, mine: [Float], theirs: [Float]) throws -> Merged {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let buffers = [theirs, mine, [Float](repeating: 0, count: Self.floats)].map { change in
            // The second of two rows is looked at.
            let buffer = AlignedBuffer<Float>(count: 2 * Self.floats)
            for (index, value) in change.enumerated() { buffer.base[Self.floats + index] = start[index] + value }
            return buffer
        }
        kernels.hot_merge(buffers[0].base, buffers[1].base, buffers[2].base, 2, Self.floats)
        let rows = buffers.map { buffer in
            (0..<Self.floats).map { Double(buffer.base[Self.floats + $0]) - Double(start[$0]) }
        }
        return Merged(shared: rows[0], own: rows[1], base: rows[2])
    }

    private func unit(_ index: Int, _ value: Float) -> [Float] {
        (0..<Self.floats).map { $0 == index ? value : 0 }
    }

    private func isNear(_ one: [Double], _ other: [Float]) -> Bool {
        zip(one, other).allSatisfy { abs($0 - Double($1)) < 1e-5 }
    }

    /// Changes in different directions add up; what both have in common counts once, the larger of the two.
    @Test(arguments: levels) func commonChangesCountOnce(level: VectorCPULevel) throws {
        let none = [Float](repeating: 0, count: Self.floats)
        let cases: [(mine: [Float], theirs: [Float], both: [Float])] = [
            (none, none, none),
            (unit(3, 2), none, unit(3, 2)),
            (none, unit(3, 2), unit(3, 2)),
            (unit(3, 2), unit(17, -4), zip(unit(3, 2), unit(17, -4)).map { $0 + $1 }),
            (unit(3, 2), unit(3, 2), unit(3, 2)),
            (unit(3, 2), unit(3, 0.5), unit(3, 2)),
            (unit(3, 0.5), unit(3, 2), unit(3, 2)),
            // Against each other: the sum.
            (unit(3, 2), unit(3, -0.5), unit(3, 1.5)),
            (
                unit(47, 1), zip(unit(47, 1), unit(0, 3)).map { $0 + $1 },
                (0..<48).map { $0 == 0 ? 2.7 : $0 == 47 ? 1.9 : 0 }
            ),
        ]
        for (mine, theirs, both) in cases {
            let merged = try merge(level, mine: mine, theirs: theirs)
            #expect(isNear(merged.shared, both), "\(merged.shared)")
            #expect(merged.own == merged.shared)
            #expect(merged.base == merged.shared)
        }
    }

    @Test(arguments: levels) func loadingCopies(level: VectorCPULevel) throws {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let buffers = (0..<3).map { _ in AlignedBuffer<Float>(count: 2 * Self.floats) }
        for index in 0..<2 * Self.floats { buffers[0].base[index] = Float(index) }
        kernels.hot_load(buffers[0].base, buffers[1].base, buffers[2].base, 2, Self.floats)
        for buffer in buffers { #expect((0..<2 * Self.floats).allSatisfy { buffer.base[$0] == Float($0) }) }
    }
}
