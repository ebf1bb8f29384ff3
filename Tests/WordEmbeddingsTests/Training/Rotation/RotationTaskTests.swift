import CVectorKernels
import LinearAlgebra
import Testing

@testable import WordEmbeddings

/// The kernels that this machine has, by level.
let kernelLevels: [CPULevel: VectorKernels] = {
    let levels: [(CPULevel, VectorCPULevel)] = [
        (.baseline, VectorCPULevelBaseline), (.v3, VectorCPULevelV3), (.v4, VectorCPULevelV4),
    ]
    return Dictionary(
        uniqueKeysWithValues: levels.compactMap { level, number in
            vector_kernels_at(number).map { (level, $0.pointee) }
        })
}()

@Suite struct RotationTaskTests {
    private static let dimensions = 20
    private static let stride = 32
    private static let rows = 50

    private func table(seed: UInt64) -> [Float] {
        var random = Philox(seed: seed)
        return (0..<Self.rows * Self.stride).map {
            $0 % Self.stride < Self.dimensions ? random.nextUniform() - 0.5 : 0
        }
    }

    private func task(level: CPULevel, seed: UInt64 = 5, weight: Float = 0.75) throws -> RotationTask {
        // Negatives come from the rows 30, 32, …, 48, the first ones more often.
        let rows = (0..<10).map { UInt32(30 + 2 * $0) }
        let slots = NegativeSampler(weights: (1...10).map { 1 / Double($0) }).slots
        var task = RotationTask(
            dimensions: Self.dimensions, stride: Self.stride, negatives: 3, learningRate: 0.02,
            sampler: BlockSampler(rows: rows, slots: slots, weight: weight), seed: seed)
        task.kernels = try #require(kernelLevels[level])
        return task
    }

    private var pairs: [(input: UInt32, output: UInt32)] {
        (0..<21).map { (UInt32($0 * 7 % 50), UInt32($0 * 11 % 50)) }
    }

    /// Plain gradient descent in Double, one tile after the other, each from the rows that it found.
    private func reference(
        _ task: RotationTask, _ inputs: [Float], _ outputs: [Float]
    ) -> (inputs: [Double], outputs: [Double], loss: Double) {
        var (x, y, loss) = (inputs.map(Double.init), outputs.map(Double.init), 0.0)
        var stock = NegativeStock(task.sampler, negatives: task.negatives, seed: task.seed)
        let fresh = AlignedBuffer<UInt32>(count: NegativeStock.fresh(negatives: task.negatives))
        let drawn = AlignedBuffer<UInt32>(count: task.negatives)
        let rate = Double(task.learningRate)
        for first in Swift.stride(from: 0, to: pairs.count, by: RotationTask.tilePairs) {
            stock.draw(drawn.base, fresh: fresh.base)
            let negatives = (0..<task.negatives).map { drawn.base[$0] }
            let hasLoss = first / RotationTask.tilePairs % RotationTask.lossInterval == 0
            let (oldX, oldY) = (x, y)
            for pair in pairs[first..<min(pairs.count, first + RotationTask.tilePairs)] {
                let terms =
                    [(pair.output, 1.0, 1.0)]
                    + negatives.filter { $0 != pair.output }.map { ($0, 0.0, Double(task.sampler.weight)) }
                for (row, label, weight) in terms {
                    let (i, j) = (Int(pair.input) * Self.stride, Int(row) * Self.stride)
                    let logit = (0..<Self.dimensions).reduce(0) { $0 + oldX[i + $1] * oldY[j + $1] }
                    let sigma = 1 / (1 + exponential(-logit))
                    if hasLoss { loss -= weight * logarithm(label == 1 ? sigma : 1 - sigma) }
                    for d in 0..<Self.dimensions {
                        x[i + d] += rate * weight * (label - sigma) * oldY[j + d]
                        y[j + d] += rate * weight * (label - sigma) * oldX[i + d]
                    }
                }
            }
        }
        return (x, y, loss)
    }

    @Test(arguments: Array(kernelLevels.keys)) func agreesWithPlainGradientDescent(level: CPULevel) throws {
        let task = try task(level: level)
        var (inputs, outputs) = (table(seed: 1), table(seed: 2))
        let expected = reference(task, inputs, outputs)
        let before = (inputs, outputs)
        let tally = task.train(inputBlock: &inputs, outputBlock: &outputs, pairs: pairs)
        #expect(tally.pairs == RotationTask.tilePairs, "21 pairs are three tiles, the loss is of the first one")
        #expect(abs(tally.loss - expected.loss) < 1e-4 * expected.loss)
        // Rows that come twice in a tile are read again after they moved: second order in the rate.
        for index in inputs.indices {
            #expect(abs(Double(inputs[index]) - expected.inputs[index]) < 5e-4)
            #expect(abs(Double(outputs[index]) - expected.outputs[index]) < 5e-4)
        }
        #expect(inputs != before.0 && outputs != before.1)
    }

    @Test(arguments: Array(kernelLevels.keys)) func theSameBlocksGiveTheSameBytes(level: CPULevel) throws {
        func train(seed: UInt64) throws -> ([Float], [Float], RotationTally) {
            var (inputs, outputs) = (table(seed: 1), table(seed: 2))
            let task = try task(level: level, seed: seed)
            let tally = task.train(inputBlock: &inputs, outputBlock: &outputs, pairs: pairs)
            return (inputs, outputs, tally)
        }
        let (one, again, other) = (try train(seed: 5), try train(seed: 5), try train(seed: 6))
        #expect(one.0 == again.0 && one.1 == again.1 && one.2 == again.2)
        #expect(one.0 != other.0 && one.1 != other.1)
    }

    @Test func theStockIsDrawnAsTheSamplerWants() throws {
        let sampler = try task(level: .baseline).sampler
        for negatives in [1, 5, 20] {
            var stock = NegativeStock(sampler, negatives: negatives, seed: 3)
            let fresh = AlignedBuffer<UInt32>(count: NegativeStock.fresh(negatives: negatives))
            let drawn = AlignedBuffer<UInt32>(count: negatives)
            var counts: [UInt32: Int] = [:]
            let tiles = 100_000
            for _ in 0..<tiles {
                stock.draw(drawn.base, fresh: fresh.base)
                for index in 0..<negatives { counts[drawn.base[index], default: 0] += 1 }
            }
            let all = (1...10).reduce(0) { $0 + 1 / Double($1) }
            for (place, row) in sampler.rows.enumerated() {
                let share = Double(counts[row] ?? 0) / Double(tiles * negatives)
                #expect(abs(share - 1 / Double(place + 1) / all) < 0.01)
            }
            #expect(counts.count == sampler.rows.count)
        }
    }

    @Test func onlyTheRowsOfPairsAndNegativesMove() throws {
        let task = try task(level: .baseline)
        var (inputs, outputs) = (table(seed: 1), table(seed: 2))
        let before = (inputs, outputs)
        _ = task.train(inputBlock: &inputs, outputBlock: &outputs, pairs: [(3, 4), (3, 6)])
        let allowed = Set([4, 6] + task.sampler.rows.map(Int.init))
        for row in 0..<Self.rows {
            let range = row * Self.stride..<(row + 1) * Self.stride
            #expect(row == 3 || inputs[range] == before.0[range])
            #expect(allowed.contains(row) || outputs[range] == before.1[range])
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

private func exponential(_ x: Double) -> Double { exp(x) }
private func logarithm(_ x: Double) -> Double { log(x) }
