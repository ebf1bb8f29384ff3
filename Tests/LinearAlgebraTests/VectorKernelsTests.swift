import CVectorKernels
import Testing

@testable import LinearAlgebra

/// Every level that this machine has.
let levels: [VectorCPULevel] = [VectorCPULevelBaseline, VectorCPULevelV3, VectorCPULevelV4]
    .filter { vector_kernels_at($0) != nil }

let lengths = [0, 1, 7, 8, 15, 16, 17, 100, 300]

func randomFloats(_ count: Int, seed: UInt64) -> [Float] {
    var random = Philox(seed: seed)
    return (0..<count).map { _ in random.nextUniform() * 2 - 1 }
}

@Suite struct VectorKernelsTests {
    @Test(arguments: levels, lengths) func dotAgreesWithPlainSwift(level: VectorCPULevel, n: Int) throws {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let a = randomFloats(n, seed: 1)
        let b = randomFloats(n, seed: 2)
        let expected = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(Double(kernels.dot(a, b, n)) - expected) <= 1e-6 * Double(max(1, n)))
    }

    @Test(arguments: levels, lengths + [33, 47, 50]) func dotRowsAgreesWithDot(level: VectorCPULevel, n: Int) throws {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let query = randomFloats(n, seed: 2)
        for rows in [0, 1, 3, 4, 9] {
            // Rows at odd places, the last one at the end of the memory.
            var bytes: [UInt8] = []
            var starts: [UInt64] = []
            var expected: [Double] = []
            for row in 0..<rows {
                bytes += [UInt8](repeating: 0xFF, count: row % 3 + 1)
                starts.append(UInt64(bytes.count))
                let values = randomFloats(n, seed: UInt64(10 + row))
                values.withUnsafeBytes { bytes += $0 }
                expected.append(zip(values, query).reduce(0) { $0 + Double($1.0) * Double($1.1) })
            }
            var products = [Float](repeating: 0, count: rows)
            bytes.withUnsafeBytes { kernels.dot_rows($0.baseAddress, starts, 0, rows, query, n, &products) }
            for row in 0..<rows { #expect(abs(Double(products[row]) - expected[row]) <= 1e-6 * Double(max(1, n))) }
            let dense = randomFloats(rows * n, seed: 3)
            kernels.dot_rows(dense, nil, 4 * n, rows, query, n, &products)
            for row in 0..<rows {
                let single = kernels.dot(Array(dense[row * n..<(row + 1) * n]), query, n)
                #expect(abs(products[row] - single) <= 1e-6 * Float(max(1, n)))
            }
        }
    }

    @Test(arguments: levels, lengths) func squaredDistanceAgreesWithPlainSwift(level: VectorCPULevel, n: Int) throws {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let a = randomFloats(n, seed: 3)
        let b = randomFloats(n, seed: 4)
        let expected = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
        #expect(abs(Double(kernels.squared_distance(a, b, n)) - expected) <= 1e-6 * Double(max(1, n)))
    }

    @Test(arguments: levels, lengths) func axpyAgreesWithPlainSwift(level: VectorCPULevel, n: Int) throws {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let x = randomFloats(n, seed: 5)
        let before = randomFloats(n + 3, seed: 6)
        var y = before
        kernels.axpy(0.75, x, &y, n)
        for i in 0..<n { #expect(abs(y[i] - (before[i] + 0.75 * x[i])) <= 1e-6) }
        #expect(Array(y[n...]) == Array(before[n...]), "nothing beyond n is touched")
    }

    @Test(arguments: levels, lengths) func selectBelowAgreesWithPlainSwift(level: VectorCPULevel, n: Int) throws {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let values = randomFloats(n, seed: 7)
        let offsets = randomFloats(n, seed: 8)
        for limit: Float in [-3, -0.5, 0, 0.5, 3] {
            var found = [UInt32](repeating: .max, count: n)
            let count = kernels.select_below(values, offsets, -2, limit, n, &found)
            let expected = (0..<n).filter { offsets[$0] - 2 * values[$0] < limit }.map { UInt32($0) }
            #expect(Array(found[..<count]) == expected)
        }
    }

    @Test func selectBelowLeavesOutNaN() throws {
        for level in levels {
            let kernels = try #require(vector_kernels_at(level)).pointee
            let values = [Float](repeating: .nan, count: 33)
            var found = [UInt32](repeating: 0, count: 33)
            #expect(kernels.select_below(values, values, 1, .infinity, 33, &found) == 0)
        }
    }

    @Test func theChosenLevelIsOneTheMachineHas() {
        #expect(levels.contains(kernels.level))
    }
}
