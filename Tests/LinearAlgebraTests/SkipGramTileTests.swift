import CVectorKernels
import Testing

@testable import LinearAlgebra

/// One tile computed pair by pair in Double: all logits first, then output row by output row. One that comes twice is
/// read the second time as the first left it; input rows are read as they were before the tile.
private struct ReferenceTile {
    var inputs: [[Double]]
    var outputs: [[Double]]
    var loss = 0.0

    mutating func train(_ tile: TileCase, rate: Double) {
        let (x, y) = (inputs, outputs)
        for (j, output) in tile.outputRows.map(Int.init).enumerated() {
            let current = outputs[output]
            for (i, input) in tile.inputRows.map(Int.init).enumerated() {
                let weight = Double(tile.weights[j * 4 + i])
                let target = Double(tile.targets[j * 4 + i])
                let logit = zip(x[input], y[output]).reduce(0) { $0 + $1.0 * $1.1 }
                loss += weight * logOnePlusExp(logit) - target * logit
                let g = rate * (target - weight / (1 + exponential(-logit)))
                for d in x[input].indices {
                    inputs[input][d] += g * current[d]
                    outputs[output][d] += g * x[input][d]
                }
            }
        }
    }
}

/// The rows of a tile, with a weight and a target for each pair.
struct TileCase: Sendable, CustomTestStringConvertible {
    var dimensions: Int
    var inputRows: [UInt32]
    var outputRows: [UInt32]
    var scale: Float = 1
    var testDescription: String { "\(dimensions) dimensions, \(inputRows.count) × \(outputRows.count), × \(scale)" }

    /// Room for the weights, filled up to whole vectors.
    var room: Int { skipgram_tile_rows(outputRows.count) * 4 }
    /// True pairs, pairs that stand for 1.875 negative ones, and no pairs, in turn.
    var weights: [Float] {
        (0..<room).map { place in
            guard place / 4 < outputRows.count, place % 4 < inputRows.count else { return 0 }
            return [1, 1.875, 0][(place / 4 + place) % 3]
        }
    }
    var targets: [Float] { weights.map { $0 == 1 ? 1 : 0 } }
}

@Suite struct SkipGramTileTests {
    static let cases: [TileCase] =
        [1, 7, 8, 15, 16, 17, 100, 300].map {
            TileCase(dimensions: $0, inputRows: [3, 1, 4, 9], outputRows: (0..<26).map { UInt32($0) })
        } + (1...13).map { TileCase(dimensions: 20, inputRows: [5, 0], outputRows: (0..<$0).map { UInt32($0) }) }
        + (1...4).map { TileCase(dimensions: 33, inputRows: (0..<$0).map { UInt32($0) }, outputRows: [7, 6, 5]) }
        + [TileCase(dimensions: 100, inputRows: [1, 2, 3], outputRows: (0..<15).map { UInt32($0) }, scale: 8)]

    @Test(arguments: levels, cases) func tileAgreesWithPairByPair(level: VectorCPULevel, tile: TileCase) throws {
        try compare(level, tile, tolerance: 2e-5 * Double(tile.scale))
    }

    /// Words that come twice among the inputs, and negatives that are drawn twice or stand around, get all updates.
    @Test(arguments: levels) func repeatedRowsGetTheSumOfTheirUpdates(level: VectorCPULevel) throws {
        try compare(
            level, TileCase(dimensions: 40, inputRows: [2, 7, 2, 2], outputRows: [5, 6, 6, 7, 6, 5]), tolerance: 2e-5)
    }

    @Test(arguments: levels) func extremeLogitsGiveFiniteLossesAndGradients(level: VectorCPULevel) throws {
        let inputs = AlignedBuffer<Float>(count: 16)
        let outputs = AlignedBuffer<Float>(count: 32)
        inputs.base[0] = 1000
        outputs.base[0] = -1
        outputs.base[16] = 1
        let weights: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let targets: [Float] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let loss = try train(level, inputs, outputs, 16, 1, [0], [0, 1], weights, targets)
        #expect(abs(loss - 2000) < 1, "−log σ(−1000) twice")
        #expect(inputs.base[0].isFinite && outputs.base[0] > 40 && outputs.base[16] < -40)
    }

    @Test(arguments: levels) func notANumberIsPassedOn(level: VectorCPULevel) throws {
        let inputs = AlignedBuffer<Float>(count: 16)
        let outputs = AlignedBuffer<Float>(count: 16)
        inputs.base[0] = .nan
        let weights: [Float] = [1] + Array(repeating: 0, count: 15)
        #expect(try train(level, inputs, outputs, 16, 1, [0], [0], weights, weights).isNaN)
    }

    private func compare(_ level: VectorCPULevel, _ tile: TileCase, tolerance: Double) throws {
        let rows = 30
        let stride = (tile.dimensions + 15) / 16 * 16
        let inputs = randomTable(rows: rows, dimensions: tile.dimensions, stride: stride, scale: tile.scale, seed: 11)
        let outputs = randomTable(rows: rows, dimensions: tile.dimensions, stride: stride, scale: tile.scale, seed: 12)
        var reference = ReferenceTile(
            inputs: tableRows(inputs, rows: rows, stride: stride, dimensions: tile.dimensions).map {
                $0.map(Double.init)
            },
            outputs: tableRows(outputs, rows: rows, stride: stride, dimensions: tile.dimensions).map {
                $0.map(Double.init)
            })
        reference.train(tile, rate: 0.05)
        let loss = try train(
            level, inputs, outputs, stride, tile.dimensions, tile.inputRows, tile.outputRows, tile.weights,
            tile.targets)
        #expect(abs(loss - reference.loss) <= 2e-5 * max(1, abs(reference.loss)))
        for row in 0..<rows {
            for d in 0..<stride {
                let input = d < tile.dimensions ? reference.inputs[row][d] : 0
                let output = d < tile.dimensions ? reference.outputs[row][d] : 0
                #expect(abs(Double(inputs.base[row * stride + d]) - input) <= tolerance)
                #expect(abs(Double(outputs.base[row * stride + d]) - output) <= tolerance)
            }
        }
    }

    private func train(
        _ level: VectorCPULevel, _ inputs: AlignedBuffer<Float>, _ outputs: AlignedBuffer<Float>, _ stride: Int,
        _ dimensions: Int, _ inputRows: [UInt32], _ outputRows: [UInt32], _ weights: [Float], _ targets: [Float]
    ) throws -> Double {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let scratch = AlignedBuffer<Float>(count: skipgram_tile_scratch_floats(outputRows.count))
        var tile = SkipGramTile()
        tile.inputs = inputs.base
        tile.outputs = outputs.base
        tile.stride = stride
        tile.dimensions = dimensions
        tile.inputCount = inputRows.count
        tile.outputCount = outputRows.count
        tile.learningRate = 0.05
        tile.withLoss = true
        tile.scratch = scratch.base
        return inputRows.withUnsafeBufferPointer { inputRows in
            outputRows.withUnsafeBufferPointer { outputRows in
                weights.withUnsafeBufferPointer { weights in
                    targets.withUnsafeBufferPointer { targets in
                        tile.inputRows = inputRows.baseAddress
                        tile.outputRows = outputRows.baseAddress
                        tile.weights = weights.baseAddress
                        tile.targets = targets.baseAddress
                        return kernels.skipgram_tile(&tile)
                    }
                }
            }
        }
    }
}
