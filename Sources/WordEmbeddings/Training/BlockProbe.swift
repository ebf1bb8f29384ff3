import CVectorKernels
import LinearAlgebra
import Training

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Takes a bounded sample of what training blocks do to the tables, for the statistics of a report.
///
/// It trains the blocks as they are and only reads besides: the tables become the same with and without it. Unsafe
/// code has its place here: it reads rows of the tables by the block's own numbers. With several threads a row may
/// move between two looks at it (Hogwild), which the sample then shows.
final class BlockProbe {
    /// Most floats in one list of `LayerValues`.
    static let floatLimit = 1 << 17
    /// Most blocks in a sample.
    static let blockLimit = 64
    /// Most rows of a table that are taken of one block.
    static let rowLimit = 32

    private let blocks: Int
    private let rows: Int
    private let interval: Int
    private var seen = 0
    private var taken = 0
    private var input = LayerValues(name: "input")
    private var output = LayerValues(name: "output")
    /// Processor seconds that sampling took.
    private(set) var seconds = 0.0

    /// - Parameters:
    ///   - dimensions: of the rows.
    ///   - largestBlock: most rows of one table in a block.
    ///   - step: blocks over which the sample is spread.
    init(dimensions: Int, largestBlock: Int, step: Int) {
        let wanted = min(max(1, largestBlock), Self.rowLimit)
        blocks = max(1, min(Self.blockLimit, Self.floatLimit / (dimensions * wanted)))
        rows = max(1, min(wanted, Self.floatLimit / (dimensions * blocks)))
        interval = max(1, step / blocks)
    }

    /// What was sampled, the input table first; empty when there was no block.
    var layers: [LayerValues] { taken > 0 ? [input, output] : [] }

    /// Trains a tile; returns its loss.
    func train(_ tile: inout SkipGramTile) -> Double {
        let width = Int(SKIPGRAM_TILE)
        let weights = UnsafeBufferPointer(start: tile.weights, count: tile.outputCount * width)
        let targets = UnsafeBufferPointer(start: tile.targets, count: tile.outputCount * width)
        let inputs = Rows(tile.inputs, tile.inputRows, tile.inputCount, tile.stride, tile.dimensions)
        let pairs = Pairs(
            inputs: inputs,
            outputs: Rows(tile.outputs, tile.outputRows, tile.outputCount, tile.stride, tile.dimensions),
            middle: Array(inputs.numbers)
        ) { input, output in (weights[output * width + input], targets[output * width + input]) }
        return sample(pairs) {
            let loss = kernels.skipgram_tile(&tile)
            // Nobody reads the means after the tile, but their changes are part of the sample.
            guard let changes = tile.changes else { return loss }
            for input in 0..<tile.inputCount {
                let row = Int(tile.inputRows[input]) * tile.stride
                kernels.axpy(1, changes + input * tile.stride, tile.inputs + row, tile.dimensions)
            }
            return loss
        }
    }

    /// Trains a tile of pairs; returns its loss.
    func train(_ tile: inout PairTile) -> Double {
        let own = UnsafeBufferPointer(start: tile.outputRows, count: tile.pairs)
        let weights = UnsafeBufferPointer(start: tile.weights, count: tile.negatives + 1)
        let outputs = Array(own) + Array(UnsafeBufferPointer(start: tile.negativeRows, count: tile.negatives))
        return outputs.withUnsafeBufferPointer { numbers in
            guard let rows = numbers.baseAddress else { return kernels.pair_tile(&tile) }
            let inputs = Rows(tile.inputs, tile.inputRows, tile.pairs, tile.stride, tile.dimensions)
            let pairs = Pairs(
                inputs: inputs, outputs: Rows(tile.outputs, rows, numbers.count, tile.stride, tile.dimensions),
                middle: Array(inputs.numbers)
            ) { input, output in
                if output < own.count { return output == input ? (weights[0], weights[0]) : (0, 0) }
                return numbers[output] == own[input] ? (0, 0) : (weights[1 + output - own.count], 0)
            }
            return sample(pairs) { kernels.pair_tile(&tile) }
        }
    }

    private func sample(_ pairs: Pairs, _ train: () -> Double) -> Double {
        let isSampled =
            taken < blocks && seen % interval == 0 && !pairs.inputs.numbers.isEmpty && !pairs.outputs.numbers.isEmpty
        seen += 1
        guard isSampled else { return train() }
        taken += 1
        var start = threadProcessorSeconds()
        let inputs = pairs.inputs.chosen(rows)
        let outputs = pairs.outputs.chosen(rows)
        let inputStart = input.parameters.count
        let outputStart = output.parameters.count
        for row in inputs {
            pairs.inputs.append(row, to: &input.parameters)
            pairs.appendInputGradient(row, to: &input.gradients)
            for other in outputs {
                output.activations.append(
                    kernels.dot(pairs.inputs.row(row), pairs.outputs.row(other), pairs.inputs.dimensions))
            }
        }
        for row in outputs {
            pairs.outputs.append(row, to: &output.parameters)
            pairs.appendOutputGradient(row, to: &output.gradients)
        }
        for row in pairs.middle { pairs.inputs.append(row, to: &input.activations) }
        seconds += threadProcessorSeconds() - start

        let loss = train()

        start = threadProcessorSeconds()
        pairs.inputs.appendChanges(inputs, since: input.parameters[inputStart...], to: &input.updates)
        pairs.outputs.appendChanges(outputs, since: output.parameters[outputStart...], to: &output.updates)
        seconds += threadProcessorSeconds() - start
        return loss
    }

    /// The rows that are trained against each other.
    private struct Pairs {
        let inputs: Rows
        let outputs: Rows
        /// Input rows of the words in the middle of the windows.
        let middle: [UInt32]
        /// Weight and target of an input and an output, by their places in the lists of rows: the loss is
        /// weight·log(1 + e^z) − target·z.
        let share: (Int, Int) -> (weight: Float, target: Float)

        /// The derivative of the pair's loss by its logit.
        private func slope(_ input: Int, _ output: Int) -> Float {
            let (weight, target) = share(input, output)
            guard weight != 0 || target != 0 else { return 0 }
            let logit = kernels.dot(
                inputs.row(inputs.numbers[input]), outputs.row(outputs.numbers[output]), inputs.dimensions)
            return weight * sigmoid(logit) - target
        }

        /// The gradient of the loss with respect to an input row, over all the places that it has among the inputs.
        func appendInputGradient(_ row: UInt32, to gradients: inout [Float]) {
            inputs.appendSum(to: &gradients) { add in
                for input in inputs.numbers.indices where inputs.numbers[input] == row {
                    for (output, other) in outputs.numbers.enumerated() {
                        add(slope(input, output), outputs.row(other))
                    }
                }
            }
        }

        /// The same with respect to an output row.
        func appendOutputGradient(_ row: UInt32, to gradients: inout [Float]) {
            outputs.appendSum(to: &gradients) { add in
                for output in outputs.numbers.indices where outputs.numbers[output] == row {
                    for (input, other) in inputs.numbers.enumerated() {
                        add(slope(input, output), inputs.row(other))
                    }
                }
            }
        }
    }

    private static func sigmoid(_ x: Float) -> Float {
        1 / (1 + exp(-x))
    }

    /// The rows of one table that a block trains.
    private struct Rows {
        let table: UnsafePointer<Float>
        let numbers: UnsafeBufferPointer<UInt32>
        let stride: Int
        let dimensions: Int

        init(
            _ table: UnsafeMutablePointer<Float>, _ numbers: UnsafePointer<UInt32>, _ count: Int, _ stride: Int,
            _ dimensions: Int
        ) {
            self.table = UnsafePointer(table)
            self.numbers = UnsafeBufferPointer(start: numbers, count: count)
            self.stride = stride
            self.dimensions = dimensions
        }

        func row(_ number: UInt32) -> UnsafePointer<Float> { table + Int(number) * stride }

        /// Up to `limit` different rows, spread over the block, the first one included.
        func chosen(_ limit: Int) -> [UInt32] {
            var known: Set<UInt32> = []
            let different = numbers.filter { known.insert($0).inserted }
            guard different.count > limit else { return different }
            return (0..<limit).map { different[$0 * different.count / limit] }
        }

        func append(_ number: UInt32, to values: inout [Float]) {
            values.append(contentsOf: UnsafeBufferPointer(start: row(number), count: dimensions))
        }

        /// Appends what `rows` are now less what they were.
        func appendChanges(_ rows: [UInt32], since before: ArraySlice<Float>, to values: inout [Float]) {
            var index = before.startIndex
            for number in rows {
                let now = row(number)
                for column in 0..<dimensions {
                    values.append(now[column] - before[index])
                    index += 1
                }
            }
        }

        /// Appends one row, to which `body` adds multiples of rows.
        func appendSum(to values: inout [Float], _ body: ((Float, UnsafePointer<Float>) -> Void) -> Void) {
            let start = values.count
            values.append(contentsOf: repeatElement(0, count: dimensions))
            values.withUnsafeMutableBufferPointer { all in
                guard let base = all.baseAddress else { return }
                body { factor, row in kernels.axpy(factor, row, base + start, dimensions) }
            }
        }
    }
}
