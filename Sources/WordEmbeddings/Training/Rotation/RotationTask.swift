import CVectorKernels
import LinearAlgebra

/// What one task of block rotation did.
struct RotationTally: Sendable, Equatable {
    /// Sum of the loss over `pairs`.
    var loss = 0.0
    /// Pairs of a context and a centre word that `loss` is of.
    var pairs = 0

    mutating func add(_ other: RotationTally) {
        loss += other.loss
        pairs += other.pairs
    }
}

/// Draws output rows of one block.
struct BlockSampler: Sendable {
    /// The block's rows.
    let rows: [UInt32]
    /// One slot for each of `rows`.
    let slots: [NegativeSampler.Slot]
    /// How much a negative of this block counts: the block's share of the sampling distribution divided by the share
    /// of the pairs that it has, so that all blocks together are drawn as the distribution wants.
    let weight: Float
}

/// One task of block rotation: trains the pairs between a block of input rows and a block of output rows.
///
/// A pure function: blocks in, blocks out. The result depends on the values here, the pairs and the rows alone, so a
/// task gives the same bytes on any thread, in any process and at any repetition on the same CPU level.
struct RotationTask: Sendable {
    /// Pairs that share negatives.
    static let tilePairs = 8
    /// The loss is taken of one tile in so many, the first one included.
    static let lossInterval = 4

    /// Floats in use in a row, and floats from one row to the next (a multiple of 16, zeros at the end).
    let dimensions: Int
    let stride: Int
    /// Negatives of each pair.
    let negatives: Int
    let learningRate: Float
    let sampler: BlockSampler
    /// Starts the sequence that negatives are drawn by.
    let seed: UInt64
    /// The kernels of the CPU level in force.
    var kernels = LinearAlgebra.kernels

    /// Pairs of rows, in the order in which they are trained.
    struct Pairs {
        let inputs: UnsafeBufferPointer<UInt32>
        let outputs: UnsafeBufferPointer<UInt32>
    }

    /// Trains blocks that lie in arrays of `stride` floats a row.
    func train(
        inputBlock: inout [Float], outputBlock: inout [Float], pairs: [(input: UInt32, output: UInt32)]
    ) -> RotationTally {
        precondition(pairs.allSatisfy { (Int($0.input) + 1) * stride <= inputBlock.count }, "an input row outside")
        precondition(pairs.allSatisfy { (Int($0.output) + 1) * stride <= outputBlock.count }, "an output row outside")
        precondition(sampler.rows.allSatisfy { (Int($0) + 1) * stride <= outputBlock.count }, "a negative outside")
        let (inputs, outputs) = (pairs.map(\.input), pairs.map(\.output))
        return inputBlock.withUnsafeMutableBufferPointer { inputTable in
            outputBlock.withUnsafeMutableBufferPointer { outputTable in
                inputs.withUnsafeBufferPointer { inputs in
                    outputs.withUnsafeBufferPointer { outputs in
                        guard let inputBase = inputTable.baseAddress, let outputBase = outputTable.baseAddress else {
                            return RotationTally()
                        }
                        return train(inputBase, outputBase, [Pairs(inputs: inputs, outputs: outputs)])
                    }
                }
            }
        }
    }

    /// Trains rows where they lie. Unsafe code has its place here: it works on the tables by address. Row numbers come
    /// from the vocabulary, whose size the tables have, and no other task has rows of these blocks meanwhile.
    /// - Parameter probe: takes a sample of the tiles; the rows become the same with and without it.
    func train(
        _ inputs: UnsafeMutablePointer<Float>, _ outputs: UnsafeMutablePointer<Float>, _ lists: [Pairs],
        probe: BlockProbe? = nil
    ) -> RotationTally {
        var tally = RotationTally()
        var stock = NegativeStock(sampler, negatives: negatives, seed: seed)
        let weights = AlignedBuffer<Float>(count: pair_weights(negatives))
        weights.base[0] = 1
        for column in 0..<negatives { weights.base[1 + column] = sampler.weight }
        let scratch = AlignedBuffer<Float>(count: pair_scratch_floats(Self.tilePairs, negatives, stride))
        // Two tiles of negatives: those of the tile in work and those of the next one, whose rows are being fetched.
        let drawn = AlignedBuffer<UInt32>(count: 2 * negatives)
        let fresh = AlignedBuffer<UInt32>(count: NegativeStock.fresh(negatives: negatives))
        let coming = AlignedBuffer<UnsafePointer<Float>?>(count: fresh.count + 2 * Self.tilePairs)
        // Draws the negatives of a tile; gives how many rows are to be fetched for it.
        func prepare(_ stock: inout NegativeStock, _ list: Pairs, _ first: Int, _ turn: Int) -> Int {
            guard first < list.inputs.count else { return 0 }
            stock.draw(drawn.base + turn * negatives, fresh: fresh.base)
            for index in 0..<fresh.count {
                coming.base[index] = UnsafePointer(outputs + Int(fresh.base[index]) * stride)
            }
            var count = fresh.count
            for pair in first..<min(first + Self.tilePairs, list.inputs.count) {
                coming.base[count] = UnsafePointer(inputs + Int(list.inputs[pair]) * stride)
                coming.base[count + 1] = UnsafePointer(outputs + Int(list.outputs[pair]) * stride)
                count += 2
            }
            return count
        }
        var tile = PairTile(
            inputs: inputs, outputs: outputs, stride: stride, dimensions: dimensions, inputRows: nil,
            outputRows: nil, pairs: 0, negativeRows: nil, negatives: negatives, weights: weights.base,
            learningRate: learningRate, withLoss: false, coming: coming.base, comingCount: 0, scratch: scratch.base)
        var tiles = 0
        for list in lists {
            guard let inputRows = list.inputs.baseAddress, let outputRows = list.outputs.baseAddress else { continue }
            let count = list.inputs.count
            _ = prepare(&stock, list, 0, tiles % 2)
            for first in Swift.stride(from: 0, to: count, by: Self.tilePairs) {
                tile.withLoss = tiles % Self.lossInterval == 0
                tile.comingCount = prepare(&stock, list, first + Self.tilePairs, (tiles + 1) % 2)
                tile.inputRows = inputRows + first
                tile.outputRows = outputRows + first
                tile.pairs = min(Self.tilePairs, count - first)
                tile.negativeRows = UnsafePointer(drawn.base + tiles % 2 * negatives)
                tally.loss += probe?.train(&tile) ?? kernels.pair_tile(&tile)
                if tile.withLoss { tally.pairs += tile.pairs }
                tiles += 1
            }
        }
        return tally
    }
}
