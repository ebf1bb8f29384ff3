import CVectorKernels
import Testing

@testable import LinearAlgebra

/// One block computed pair by pair in Double: all logits first, then all updates from the old rows.
struct ReferenceBlock {
    var inputs: [[Double]]
    var outputs: [[Double]]
    var loss = 0.0

    init(inputs: [[Float]], outputs: [[Float]]) {
        self.inputs = inputs.map { $0.map(Double.init) }
        self.outputs = outputs.map { $0.map(Double.init) }
    }

    mutating func train(inputRows: [UInt32], outputRows: [UInt32], labels: [Float], rate: Double) {
        let (x, y) = (inputs, outputs)
        for i in inputRows.map(Int.init) {
            for (j, label) in zip(outputRows.map(Int.init), labels.map(Double.init)) {
                let logit = zip(x[i], y[j]).reduce(0) { $0 + $1.0 * $1.1 }
                let sigma = 1 / (1 + exponential(-logit))
                loss += label == 1 ? logOnePlusExp(-logit) : logOnePlusExp(logit)
                let g = rate * (label - sigma)
                for d in x[i].indices {
                    inputs[i][d] += g * y[j][d]
                    outputs[j][d] += g * x[i][d]
                }
            }
        }
    }
}

@Suite struct SkipGramKernelTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var dimensions: Int
        var inputRows: [UInt32]
        var outputRows: [UInt32]
        var scale: Float = 1
        var testDescription: String { "\(dimensions) dimensions, \(inputRows.count) × \(outputRows.count)" }
    }

    static let shapes: [Shape] =
        [1, 7, 8, 15, 16, 17, 100, 300].map {
            Shape(dimensions: $0, inputRows: [3, 1, 4], outputRows: [0, 1, 2, 3, 4, 5])
        } + (1...14).map { Shape(dimensions: 20, inputRows: [5, 0], outputRows: (0..<$0).map { UInt32($0) }) } + [
            Shape(dimensions: 100, inputRows: [7], outputRows: [2]),
            Shape(dimensions: 24, inputRows: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], outputRows: [9, 8, 7, 6, 5, 4]),
            Shape(dimensions: 33, inputRows: (0..<70).map { UInt32($0 % 10) }.sorted(), outputRows: [1]),
            Shape(dimensions: 100, inputRows: [1, 2, 3, 4, 5], outputRows: (0..<15).map { UInt32($0) }, scale: 8),
        ]

    @Test(arguments: levels, shapes) func blockAgreesWithPairByPair(level: VectorCPULevel, shape: Shape) throws {
        // Repeated input rows see the first occurrence's update in the second pass: compare distinct rows here.
        let inputRows = shape.inputRows.count > 10 ? Array(Set(shape.inputRows)).sorted() : shape.inputRows
        let rows = 20
        let stride = (shape.dimensions + 15) / 16 * 16
        let inputs = randomTable(rows: rows, dimensions: shape.dimensions, stride: stride, scale: shape.scale, seed: 11)
        let outputs = randomTable(
            rows: rows, dimensions: shape.dimensions, stride: stride, scale: shape.scale, seed: 12)
        let labels = shape.outputRows.indices.map { Float($0 % 3 == 0 ? 1 : 0) }
        var reference = ReferenceBlock(
            inputs: tableRows(inputs, rows: rows, stride: stride, dimensions: shape.dimensions),
            outputs: tableRows(outputs, rows: rows, stride: stride, dimensions: shape.dimensions))
        reference.train(inputRows: inputRows, outputRows: shape.outputRows, labels: labels, rate: 0.05)
        let loss = try train(level, inputs, outputs, stride, shape.dimensions, inputRows, shape.outputRows, labels)
        #expect(abs(loss - reference.loss) <= 2e-5 * max(1, abs(reference.loss)))
        let tolerance = 2e-5 * Double(max(1, shape.scale))
        for row in 0..<rows {
            for d in 0..<stride {
                let input = d < shape.dimensions ? reference.inputs[row][d] : 0
                let output = d < shape.dimensions ? reference.outputs[row][d] : 0
                #expect(abs(Double(inputs.base[row * stride + d]) - input) <= tolerance)
                #expect(abs(Double(outputs.base[row * stride + d]) - output) <= tolerance)
            }
        }
    }

    /// A negative drawn twice, and a context that stands twice in the window, get both their updates.
    @Test(arguments: levels) func repeatedRowsGetTheSumOfTheirUpdates(level: VectorCPULevel) throws {
        let shape = Shape(dimensions: 40, inputRows: [2, 2], outputRows: [5, 6, 6, 7, 6, 5])
        let stride = 48
        let inputs = randomTable(rows: 20, dimensions: 40, stride: stride, seed: 21)
        let outputs = randomTable(rows: 20, dimensions: 40, stride: stride, seed: 22)
        var reference = ReferenceBlock(
            inputs: tableRows(inputs, rows: 20, stride: stride, dimensions: 40),
            outputs: tableRows(outputs, rows: 20, stride: stride, dimensions: 40))
        let labels: [Float] = [1, 0, 0, 0, 0, 0]
        reference.train(inputRows: shape.inputRows, outputRows: shape.outputRows, labels: labels, rate: 0.05)
        _ = try train(level, inputs, outputs, stride, 40, shape.inputRows, shape.outputRows, labels)
        // The second occurrence of an input row is read after the first was updated: second order in the rate.
        for row in 0..<20 {
            for d in 0..<40 {
                #expect(abs(Double(inputs.base[row * stride + d]) - reference.inputs[row][d]) <= 1e-5)
                #expect(abs(Double(outputs.base[row * stride + d]) - reference.outputs[row][d]) <= 5e-3)
            }
        }
    }

    @Test(arguments: levels) func extremeLogitsGiveFiniteLossesAndGradients(level: VectorCPULevel) throws {
        let inputs = AlignedBuffer<Float>(count: 16)
        let outputs = AlignedBuffer<Float>(count: 32)
        inputs.base[0] = 1000
        outputs.base[0] = -1
        outputs.base[16] = 1
        let loss = try train(level, inputs, outputs, 16, 1, [0], [0, 1], [1, 0])
        #expect(abs(loss - 2000) < 1, "−log σ(−1000) twice")
        #expect(inputs.base[0].isFinite && outputs.base[0] > 40 && outputs.base[16] < -40)
    }

    @Test(arguments: levels) func notANumberIsPassedOn(level: VectorCPULevel) throws {
        let inputs = AlignedBuffer<Float>(count: 16)
        let outputs = AlignedBuffer<Float>(count: 16)
        inputs.base[0] = .nan
        #expect(try train(level, inputs, outputs, 16, 1, [0], [0], [1]).isNaN)
    }

    private func train(
        _ level: VectorCPULevel, _ inputs: AlignedBuffer<Float>, _ outputs: AlignedBuffer<Float>, _ stride: Int,
        _ dimensions: Int, _ inputRows: [UInt32], _ outputRows: [UInt32], _ labels: [Float]
    ) throws -> Double {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let scratch = AlignedBuffer<Float>(count: skipgram_scratch_floats(inputRows.count, outputRows.count, stride))
        return inputRows.withUnsafeBufferPointer { inputRows in
            outputRows.withUnsafeBufferPointer { outputRows in
                labels.withUnsafeBufferPointer { labels in
                    var block = SkipGramBlock(
                        inputs: inputs.base, outputs: outputs.base, stride: stride, dimensions: dimensions,
                        inputRows: inputRows.baseAddress, inputCount: inputRows.count,
                        outputRows: outputRows.baseAddress, outputCount: outputRows.count, labels: labels.baseAddress,
                        learningRate: 0.05, scratch: scratch.base)
                    return kernels.skipgram_block(&block)
                }
            }
        }
    }
}
