import CVectorKernels
import Testing

@testable import LinearAlgebra

@Suite struct PairTileKernelTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var dimensions: Int
        var inputRows: [UInt32]
        var outputRows: [UInt32]
        var negatives: [UInt32]
        var weight: Float = 1
        var rate = 0.05
        var tolerance = 2e-5
        var testDescription: String {
            "\(dimensions) dimensions, \(inputRows.count) pairs, negatives \(negatives)"
        }
    }

    private static let rows = 40

    static let shapes: [Shape] =
        [1, 7, 8, 15, 16, 17, 100, 300].map {
            Shape(dimensions: $0, inputRows: [3, 1, 4], outputRows: [0, 1, 2], negatives: [5, 6, 7, 8, 9])
        }
        + (0...14).map {
            Shape(
                dimensions: 20, inputRows: [5, 0], outputRows: [30, 31], negatives: (0..<$0).map { UInt32($0) },
                weight: 0.5)
        }
        + (1...9).map {
            Shape(
                dimensions: 33, inputRows: (0..<$0).map { UInt32($0) }, outputRows: (10..<10 + $0).map { UInt32($0) },
                negatives: [1, 2, 3, 4, 5])
        } + [
            Shape(
                dimensions: 100, inputRows: (0..<32).map { UInt32($0) }, outputRows: (0..<32).map { UInt32($0) },
                negatives: [32, 33, 34, 35, 36, 37, 38]),
            // A negative that is the row of a pair: it counts for the other pairs alone. Rows that come twice are read
            // again after they moved: second order in the rate.
            Shape(
                dimensions: 24, inputRows: [1, 2, 3], outputRows: [4, 5, 6], negatives: [5, 9], rate: 5e-3,
                tolerance: 1e-4),
            Shape(
                dimensions: 24, inputRows: [1, 1, 3], outputRows: [4, 4, 6], negatives: [7, 7], rate: 5e-3,
                tolerance: 1e-4),
        ]

    @Test(arguments: levels, shapes) func tileAgreesWithPairByPair(level: VectorCPULevel, shape: Shape) throws {
        let stride = (shape.dimensions + 15) / 16 * 16
        let inputs = randomTable(rows: Self.rows, dimensions: shape.dimensions, stride: stride, seed: 31)
        let outputs = randomTable(rows: Self.rows, dimensions: shape.dimensions, stride: stride, seed: 32)
        var reference = ReferenceBlock(
            inputs: tableRows(inputs, rows: Self.rows, stride: stride, dimensions: shape.dimensions),
            outputs: tableRows(outputs, rows: Self.rows, stride: stride, dimensions: shape.dimensions))
        var expectedLoss = 0.0
        let before = reference
        for (input, output) in zip(shape.inputRows, shape.outputRows) {
            let terms =
                [(output, Float(1), 1.0)]
                + shape.negatives.filter { $0 != output }.map { ($0, 0, Double(shape.weight)) }
            for (row, label, weight) in terms {
                // Each term from the rows as they were before the tile.
                var one = before
                one.loss = 0
                one.train(inputRows: [input], outputRows: [row], labels: [label], rate: shape.rate * weight)
                expectedLoss += weight * one.loss
                for d in 0..<shape.dimensions {
                    reference.inputs[Int(input)][d] += one.inputs[Int(input)][d] - before.inputs[Int(input)][d]
                    reference.outputs[Int(row)][d] += one.outputs[Int(row)][d] - before.outputs[Int(row)][d]
                }
            }
        }
        let loss = try train(level, inputs, outputs, stride, shape)
        #expect(abs(loss - expectedLoss) <= 2e-5 * max(1, abs(expectedLoss)))
        for row in 0..<Self.rows {
            for d in 0..<stride {
                let input = d < shape.dimensions ? reference.inputs[row][d] : 0
                let output = d < shape.dimensions ? reference.outputs[row][d] : 0
                #expect(abs(Double(inputs.base[row * stride + d]) - input) <= shape.tolerance)
                #expect(abs(Double(outputs.base[row * stride + d]) - output) <= shape.tolerance)
            }
        }
    }

    @Test(arguments: levels) func extremeLogitsAreFiniteAndNotANumberIsPassedOn(level: VectorCPULevel) throws {
        let shape = Shape(dimensions: 1, inputRows: [0], outputRows: [0], negatives: [1])
        let inputs = AlignedBuffer<Float>(count: 16 * Self.rows)
        let outputs = AlignedBuffer<Float>(count: 16 * Self.rows)
        inputs.base[0] = 1000
        outputs.base[0] = -1
        outputs.base[16] = 1
        #expect(abs(try train(level, inputs, outputs, 16, shape) - 2000) < 1, "−log σ(−1000) twice")
        #expect(inputs.base[0].isFinite && outputs.base[0] > 40 && outputs.base[16] < -40)
        inputs.base[0] = .nan
        #expect(try train(level, inputs, outputs, 16, shape).isNaN)
    }

    private func train(
        _ level: VectorCPULevel, _ inputs: AlignedBuffer<Float>, _ outputs: AlignedBuffer<Float>, _ stride: Int,
        _ shape: Shape
    ) throws -> Double {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let count = shape.negatives.count
        let scratch = AlignedBuffer<Float>(count: pair_scratch_floats(shape.inputRows.count, count, stride))
        // What scratch memory holds must not matter.
        for index in 0..<scratch.count { scratch.base[index] = .nan }
        let weights = AlignedBuffer<Float>(count: pair_weights(count))
        weights.base[0] = 1
        for index in 0..<count { weights.base[1 + index] = shape.weight }
        return shape.inputRows.withUnsafeBufferPointer { inputRows in
            shape.outputRows.withUnsafeBufferPointer { outputRows in
                shape.negatives.withUnsafeBufferPointer { negatives in
                    var tile = PairTile(
                        inputs: inputs.base, outputs: outputs.base, stride: stride, dimensions: shape.dimensions,
                        inputRows: inputRows.baseAddress, outputRows: outputRows.baseAddress, pairs: inputRows.count,
                        negativeRows: negatives.baseAddress, negatives: count, weights: weights.base,
                        learningRate: Float(shape.rate), withLoss: true, coming: nil, comingCount: 0,
                        scratch: scratch.base)
                    return kernels.pair_tile(&tile)
                }
            }
        }
    }
}
