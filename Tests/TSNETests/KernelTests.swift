import CVectorKernels
import Foundation
import LinearAlgebra
import Testing

/// Each level's kernels against plain Swift.
struct TsneKernelTests {
    static let levels = [VectorCPULevelBaseline, VectorCPULevelV3, VectorCPULevelV4]
        .compactMap { vector_kernels_at($0) }.map { $0.pointee }
    static let sizes = [1, 7, 8, 15, 16, 17, 100, 300]

    @Test(arguments: sizes, [(2, 1), (3, 1), (2, 0.5)] as [(Int, Double)])
    func attraction(entries: Int, kind: (dimensions: Int, freedom: Double)) {
        let (dimensions, freedom) = kind
        let stride = dimensions == 2 ? 2 : 4
        var generator = Philox(seed: UInt64(entries))
        var positions = (0..<50 * stride).map { _ in generator.nextUniform() * 6 }
        if dimensions == 3 { for i in 0..<50 { positions[i * 4 + 3] = 0 } }
        let columns = (0..<entries).map { _ in generator.next32() % 50 }
        let values = (0..<entries).map { _ in generator.nextUniform() }
        let starts: [UInt64] = [0, 0, 0, UInt64(entries)]
        var expected = [Double](repeating: 0, count: dimensions)
        var score = 0.0
        for (j, p) in zip(columns, values) {
            let delta = (0..<dimensions).map { Double(positions[2 * stride + $0] - positions[Int(j) * stride + $0]) }
            let square = 1 + delta.reduce(0) { $0 + $1 * $1 } / freedom
            score += freedom * Double(p) * log(square)
            for d in 0..<dimensions { expected[d] += Double(p) * delta[d] / square }
        }
        for kernels in Self.levels {
            var forces = [Float](repeating: 9, count: stride)
            let plain = kernels.tsne_attraction(
                positions, dimensions, Float(freedom), starts, columns, values, 2, 1, &forces, false)
            #expect(plain == 0)
            let found = kernels.tsne_attraction(
                positions, dimensions, Float(freedom), starts, columns, values, 2, 1, &forces, true)
            #expect(abs(found - score) < 1e-5 * (1 + score))
            for d in 0..<dimensions { #expect(abs(Double(forces[d]) - expected[d]) < 1e-5 * Double(entries)) }
            if dimensions == 3 { #expect(forces[3] == 0) }
        }
    }

    @Test(arguments: sizes, [(2, 1), (3, 1), (2, 0.5), (3, 2)] as [(Int, Double)])
    func repulsionOfAllPairs(count: Int, kind: (dimensions: Int, freedom: Double)) {
        let (dimensions, freedom) = kind
        var generator = Philox(seed: UInt64(count))
        let points = (0..<3).map { _ in (0..<count).map { _ in generator.nextUniform() * 6 } }
        let order = (0..<count).map { UInt32(count - 1 - $0) }
        let stride = dimensions == 2 ? 2 : 4
        for kernels in Self.levels {
            var forces = [Float](repeating: 9, count: count * stride)
            var z = 0.0
            for first in Swift.stride(from: 0, to: count, by: 64) {
                points[0].withUnsafeBufferPointer { x in
                    points[1].withUnsafeBufferPointer { y in
                        points[2].withUnsafeBufferPointer { w in
                            order.withUnsafeBufferPointer { order in
                                var tree = TsneTree()
                                tree.points = (x.baseAddress, y.baseAddress, w.baseAddress)
                                tree.order = order.baseAddress
                                tree.count = count
                                tree.dimensions = dimensions
                                tree.freedom = Float(freedom)
                                z += kernels.tsne_repulsion(&tree, first, min(64, count - first), &forces)
                            }
                        }
                    }
                }
            }
            var total = 0.0
            for i in 0..<count {
                var expected = [Double](repeating: 0, count: dimensions)
                for j in 0..<count where j != i {
                    let delta = (0..<dimensions).map { Double(points[$0][i] - points[$0][j]) }
                    let w = 1 / (1 + delta.reduce(0) { $0 + $1 * $1 } / freedom)
                    total += pow(w, freedom)
                    for d in 0..<dimensions { expected[d] += w * pow(w, freedom) * delta[d] }
                }
                for d in 0..<dimensions {
                    #expect(abs(Double(forces[(count - 1 - i) * stride + d]) - expected[d]) < 1e-5 * Double(count))
                }
            }
            #expect(abs(z - total) < 1e-5 * (1 + total))
        }
    }

    @Test(arguments: sizes) func rowAffinities(count: Int) {
        var generator = Philox(seed: UInt64(count))
        let squares = (0..<count).map { _ in 5 + generator.nextUniform() * 100 }
        let perplexity = max(1, Double(count) / 3)
        for kernels in Self.levels {
            var weights = [Float](repeating: 0, count: count)
            let beta = kernels.tsne_row_affinities(squares, count, log(perplexity), &weights)
            let least = squares.min() ?? 0
            let plain = squares.map { exp(-beta * Double($0 - least)) }
            let sum = plain.reduce(0, +)
            for (found, expected) in zip(weights, plain) { #expect(abs(Double(found) - expected / sum) < 1e-5) }
            let entropy = plain.reduce(0) { $1 > 0 ? $0 - $1 / sum * log($1 / sum) : $0 }
            #expect(count == 1 || abs(entropy - log(perplexity)) < 1e-3)
        }
    }

    @Test(arguments: sizes, [false, true]) func step(count: Int, adaGrad: Bool) {
        for dimensions in [2, 3] {
            let stride = dimensions == 2 ? 2 : 4
            var generator = Philox(seed: UInt64(count))
            func numbers() -> [Float] {
                (0..<count * stride).map { dimensions == 3 && $0 % 4 == 3 ? 0 : generator.nextUniform() - 0.5 }
            }
            let attraction = numbers()
            let repulsion = numbers()
            let velocity = numbers()
            let memory = numbers().map { abs($0) }
            var step = TsneStep()
            step.exaggeration = 12
            step.inverseTotal = 0.25
            step.learningRate = 3
            step.momentum = 0.5
            step.minGain = 0.1
            step.maxStepNorm = 5
            step.adaGrad = adaGrad
            var expected = [Double](repeating: 0, count: count * stride)
            for i in 0..<count * stride {
                let gradient = 12 * Double(attraction[i]) - 0.25 * Double(repulsion[i])
                if adaGrad {
                    let sum = Double(memory[i]) + gradient * gradient
                    expected[i] = sum > 0 ? -3 * gradient / sum.squareRoot() : 0
                } else {
                    let same = Double(velocity[i]) * gradient > 0
                    let gain = same ? max(0.1, 0.8 * Double(memory[i])) : Double(memory[i]) + 0.2
                    expected[i] = 0.5 * Double(velocity[i]) - 3 * gain * gradient
                }
            }
            var capped = 0
            for i in 0..<count {
                let norm = expected[i * stride..<i * stride + dimensions].reduce(0) { $0 + $1 * $1 }.squareRoot()
                if norm > 5 {
                    capped += 1
                    for d in 0..<dimensions { expected[i * stride + d] *= 5 / norm }
                }
            }
            #expect(adaGrad || count < 100 || (capped > 0 && capped < count))
            for kernels in Self.levels {
                var found = velocity
                var sums = memory
                kernels.tsne_step(&step, dimensions, count, attraction, repulsion, &found, &sums)
                for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) < 1e-4) }
            }
        }
    }

    /// The new positions, their sums and bounds; without a velocity those of the positions.
    @Test(arguments: sizes, [2, 3]) func move(count: Int, dimensions: Int) {
        let stride = dimensions == 2 ? 2 : 4
        var generator = Philox(seed: UInt64(count))
        func numbers() -> [Float] {
            (0..<count * stride).map { $0 % stride < dimensions ? generator.nextUniform() - 0.5 : 0 }
        }
        let positions = numbers()
        let velocity = numbers()
        let shift: [Float] = [0.25, -2, 1, 9]
        for kernels in Self.levels {
            var found = [Float](repeating: 7, count: count * stride + 1)
            let moved = kernels.tsne_move(positions, velocity, shift, dimensions, count, &found)
            let still = kernels.tsne_move(positions, nil, nil, dimensions, count, nil)
            #expect(found.last == 7, "nothing behind the end is touched")
            for (values, extent) in [(Array(found.dropLast()), moved), (positions, still)] {
                let (sums, lows, highs) = (
                    [extent.sum.0, extent.sum.1, extent.sum.2, extent.sum.3],
                    [extent.low.0, extent.low.1, extent.low.2, extent.low.3],
                    [extent.high.0, extent.high.1, extent.high.2, extent.high.3]
                )
                for d in 0..<4 {
                    let own = Swift.stride(from: d, to: count * stride, by: stride).map { values[$0] }
                    let there = d < dimensions
                    #expect(abs(sums[d] - (there ? own.reduce(0, +) : 0)) <= 1e-5 * Float(count))
                    #expect(lows[d] == (there ? own.min() : 0))
                    #expect(highs[d] == (there ? own.max() : 0))
                }
            }
            for i in 0..<count * stride {
                let d = i % stride
                let expected = d < dimensions ? positions[i] - shift[d] + velocity[i] : 0
                #expect(abs(found[i] - expected) <= 1e-6)
            }
        }
    }

    /// A sum with what is not a number is none.
    @Test func moveTellsNaN() {
        for kernels in Self.levels {
            var positions = [Float](repeating: 1, count: 200)
            for value in [Float.nan, .infinity] {
                positions[77] = value
                let extent = kernels.tsne_move(positions, nil, nil, 2, 100, nil)
                #expect(!extent.sum.1.isFinite && extent.sum.0 == 100)
            }
        }
    }
}
