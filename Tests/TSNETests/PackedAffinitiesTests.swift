import CVectorKernels
import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing

@testable import TSNE

/// Affinities in 4 bytes an entry.
struct PackedAffinitiesTests {
    static let levels = TsneKernelTests.levels

    /// Every point with some others drawn by chance, most of them near in number, and values over six orders of magnitude.
    private func affinities(_ count: Int, k: Int = 6) -> SparseAffinities {
        var generator = Philox(seed: UInt64(count))
        var indices: [UInt32] = []
        var distances: [Float] = []
        for i in 0..<count {
            var chosen: [Int] = []
            while chosen.count < k {
                let step = 1 + Int(generator.next32() % UInt32(chosen.count % 3 == 2 ? count - 1 : 400))
                let other = (i + step) % count
                if !chosen.contains(other) { chosen.append(other) }
            }
            indices += chosen.map { UInt32($0) }
            distances += (0..<k).map { 1 + Float($0) * 3 * generator.nextUniform() }
        }
        let graph = NeighborGraph(count: count, neighborsPerPoint: k, indices: indices, distances: distances)
        return SparseAffinities(graph, perplexity: 2, threads: 2)
    }

    private func shuffled(_ count: Int) -> AlignedBuffer<UInt32> {
        let order = AlignedBuffer<UInt32>(count: count)
        var generator = Philox(seed: 3)
        for i in 0..<count { order.base[i] = UInt32(i) }
        // Not far from where they were: with most entries in the rows' windows.
        for i in 0..<count - 200 {
            let j = i + Int(generator.next32() % 200)
            (order.base[i], order.base[j]) = (order.base[j], order.base[i])
        }
        return order
    }

    private func map(_ count: Int, _ dimensions: Int) -> AlignedBuffer<Float> {
        let stride = dimensions == 2 ? 2 : 4
        let positions = AlignedBuffer<Float>(count: count * stride)
        var generator = Philox(seed: 8)
        for i in 0..<count { for d in 0..<dimensions { positions.base[i * stride + d] = generator.nextUniform() * 9 } }
        return positions
    }

    /// The same forces and score as with all digits, to the rounding of the roots; rows with entries in and outside of
    /// the windows, in one order and then in another.
    @Test(arguments: [700, 66_000, 90_000], [(2, 1), (3, 1), (2, 0.5)] as [(Int, Double)])
    func agreesWithAllDigits(count: Int, kind: (dimensions: Int, freedom: Double)) {
        let (dimensions, freedom) = kind
        let stride = dimensions == 2 ? 2 : 4
        let whole = affinities(count)
        let packed = PackedAffinities(whole, threads: 2)
        let positions = map(count, dimensions)
        packed.arrangeAtFirst()
        for order in [nil, shuffled(count)] {
            if let order { packed.arrange(order) }
            let plain = order.map { whole.renumbered($0, threads: 1) } ?? whole
            let forces = AlignedBuffer<Float>(count: count * stride)
            let expected = AlignedBuffer<Float>(count: count * stride)
            var (score, expectedScore) = (0.0, 0.0)
            for first in Swift.stride(from: 0, to: count, by: 128) {
                let rows = first..<min(first + 128, count)
                score += packed.attraction(
                    positions, dimensions: dimensions, freedom: Float(freedom), rows: rows,
                    forces: forces.base + first * stride, withScore: true)
                expectedScore += kernels.tsne_attraction(
                    positions.base, dimensions, Float(freedom), plain.starts.base, plain.columns.base,
                    plain.values.base, first, rows.count, expected.base + first * stride, true)
                let second = AlignedBuffer<Float>(count: rows.count * stride)
                let none = packed.attraction(
                    positions, dimensions: dimensions, freedom: Float(freedom), rows: rows, forces: second.base,
                    withScore: false)
                #expect(none == 0)
                for i in 0..<second.count {
                    #expect(abs(second.base[i] - forces.base[first * stride + i]) <= 1e-6 / Float(count))
                }
            }
            #expect(abs(score - expectedScore) < 1e-5 * expectedScore)
            var largest: Float = 0
            var difference: Float = 0
            for i in 0..<count * stride {
                largest = max(largest, abs(expected.base[i]))
                difference = max(difference, abs(expected.base[i] - forces.base[i]))
            }
            #expect(difference < 1e-4 * largest)
        }
    }

    /// One row of each length, near and far, in each level, against plain Swift.
    @Test(arguments: [0, 1, 15, 16, 17, 40], [0, 1, 17]) func eachLevel(near: Int, far: Int) {
        let points = 70_000
        let row = 69_000
        let window = tsne_window(row, points)
        #expect(window == points - Int(TSNE_WINDOW))
        #expect(tsne_window(100, points) == 0 && tsne_window(33_000, points) == 33_000 - Int(TSNE_WINDOW) / 2)
        let positions = map(points, 2)
        var generator = Philox(seed: 1)
        let offsets = (0..<near + 16).map { _ in UInt16(truncatingIfNeeded: generator.next32()) }
        let roots = (0..<near + 16).map { _ in UInt16(truncatingIfNeeded: generator.next32()) }
        let columns = (0..<far).map { _ in generator.next32() % UInt32(window) }
        let values = (0..<far).map { _ in generator.nextUniform() * 1e9 }
        let unit: Float = 1e-6
        let p = roots.prefix(near).map { pow2(Double($0)) } + values.map(Double.init)
        let others = offsets.prefix(near).map { window + Int($0) } + columns.map(Int.init)
        var expected = SIMD2<Double>()
        var score = 0.0
        for (weight, other) in zip(p, others) {
            let delta = SIMD2(
                Double(positions.base[2 * row] - positions.base[2 * other]),
                Double(positions.base[2 * row + 1] - positions.base[2 * other + 1]))
            let square = 1 + delta.x * delta.x + delta.y * delta.y
            expected += pow2(Double(unit)) * weight / square * delta
            score += pow2(Double(unit)) * weight * log(square)
        }
        let starts = [UInt64](repeating: 0, count: points)
        var counts = [UInt32](repeating: 0, count: points)
        counts[row] = UInt32(near)
        let farStarts: [UInt64] = [0, UInt64(far)]
        for kernels in Self.levels {
            var rows = TsnePackedRows()
            var forces: [Float] = [9, 9]
            var found = 0.0
            starts.withUnsafeBufferPointer { starts in
                counts.withUnsafeBufferPointer { counts in
                    offsets.withUnsafeBufferPointer { offsets in
                        roots.withUnsafeBufferPointer { roots in
                            farStarts.withUnsafeBufferPointer { farStarts in
                                columns.withUnsafeBufferPointer { columns in
                                    values.withUnsafeBufferPointer { values in
                                        rows.first = row
                                        rows.count = 1
                                        rows.points = points
                                        rows.starts = starts.baseAddress
                                        rows.nearCounts = counts.baseAddress
                                        rows.offsets = offsets.baseAddress
                                        rows.roots = roots.baseAddress
                                        rows.unit = unit
                                        rows.farStarts = farStarts.baseAddress
                                        rows.farColumns = columns.baseAddress
                                        rows.farValues = values.baseAddress
                                        found = kernels.tsne_packed_attraction(
                                            positions.base, 2, 1, &rows, &forces, true)
                                    }
                                }
                            }
                        }
                    }
                }
            }
            #expect(abs(found - score) <= 1e-5 * (1e-9 + score))
            #expect(abs(Double(forces[0]) - expected.x) <= 1e-5 * (1e-9 + score))
            #expect(abs(Double(forces[1]) - expected.y) <= 1e-5 * (1e-9 + score))
        }
    }

    private func pow2(_ x: Double) -> Double { x * x }

    /// A descent on a large map uses them, to the same bytes at any number of threads, and its gradient is that of all
    /// digits.
    @Test func largeMapsAreThePackedOnes() {
        let count = PackedAffinities.leastPoints + 100
        let p = affinities(count)
        var layout = uniformMap(count, dimensions: 2, width: 60)
        for d in 0..<2 { layout[0, d] = 0 }
        let options = StepOptions(exaggeration: 1, learningRate: 100, momentum: 0.5, minGain: 0.01, adaGrad: false)
        let maps = [1, 3].map { threads in
            let descent = Descent(p, layout: layout, method: .auto, theta: 0.5, adaGrad: false, threads: threads)
            descent.renumber()
            for _ in 0..<3 { _ = descent.step(options, withDivergence: true) }
            return descent.coordinates
        }
        #expect(maps[0] == maps[1])
        let tree = Descent(p, layout: layout, method: .barnesHut, theta: 0.2, adaGrad: false, threads: 2)
        tree.renumber()
        let exact = Descent(p, layout: layout, method: .exact, theta: 0.2, adaGrad: false, threads: 2)
        let (a, b) = (tree.gradient(exaggeration: 12), exact.gradient(exaggeration: 12))
        #expect(relativeDifference(a.gradient, b.gradient) < 2e-3)
        #expect(abs(a.divergence - b.divergence) < 1e-3 * b.divergence)
    }
}
