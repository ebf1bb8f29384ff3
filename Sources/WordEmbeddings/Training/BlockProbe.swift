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

    /// Trains a block; returns its loss.
    func train(_ block: inout SkipGramBlock, centre: UInt32) -> Double {
        let isSampled = taken < blocks && seen % interval == 0 && block.inputCount > 0 && block.outputCount > 0
        seen += 1
        guard isSampled else { return kernels.skipgram_block(&block) }
        taken += 1
        var start = threadProcessorSeconds()
        let inputRows = Rows(block.inputs, block.inputRows, block.inputCount, block)
        let outputRows = Rows(block.outputs, block.outputRows, block.outputCount, block)
        let labels = UnsafeBufferPointer(start: block.labels, count: block.outputCount)
        let inputs = inputRows.chosen(rows)
        let outputs = outputRows.chosen(rows)
        let inputStart = input.parameters.count
        let outputStart = output.parameters.count
        for row in inputs {
            inputRows.append(row, to: &input.parameters)
            Self.appendInputGradient(row, inputRows, outputRows, labels, to: &input.gradients)
            for other in outputs {
                output.activations.append(
                    kernels.dot(inputRows.row(row), outputRows.row(other), inputRows.dimensions))
            }
        }
        for row in outputs {
            outputRows.append(row, to: &output.parameters)
            Self.appendOutputGradient(row, inputRows, outputRows, labels, to: &output.gradients)
        }
        inputRows.append(centre, to: &input.activations)
        seconds += threadProcessorSeconds() - start

        let loss = kernels.skipgram_block(&block)

        start = threadProcessorSeconds()
        inputRows.appendChanges(inputs, since: input.parameters[inputStart...], to: &input.updates)
        outputRows.appendChanges(outputs, since: output.parameters[outputStart...], to: &output.updates)
        seconds += threadProcessorSeconds() - start
        return loss
    }

    /// The gradient of the block's loss with respect to an input row: Σ (σ(x·y) − label)·y over the output rows, once
    /// for each place that the row has among the inputs.
    private static func appendInputGradient(
        _ row: UInt32, _ inputs: Rows, _ outputs: Rows, _ labels: UnsafeBufferPointer<Float>,
        to gradients: inout [Float]
    ) {
        let times = Float(inputs.numbers.count { $0 == row })
        inputs.appendSum(to: &gradients) { add in
            for (index, other) in outputs.numbers.enumerated() {
                let logit = kernels.dot(inputs.row(row), outputs.row(other), inputs.dimensions)
                add(times * (sigmoid(logit) - labels[index]), outputs.row(other))
            }
        }
    }

    /// The same with respect to an output row: Σ (σ(x·y) − label)·x over the input rows.
    private static func appendOutputGradient(
        _ row: UInt32, _ inputs: Rows, _ outputs: Rows, _ labels: UnsafeBufferPointer<Float>,
        to gradients: inout [Float]
    ) {
        let places = outputs.numbers.indices.filter { outputs.numbers[$0] == row }
        inputs.appendSum(to: &gradients) { add in
            for other in inputs.numbers {
                let probability = sigmoid(kernels.dot(inputs.row(other), outputs.row(row), inputs.dimensions))
                add(places.reduce(0) { $0 + (probability - labels[$1]) }, inputs.row(other))
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
            _ table: UnsafeMutablePointer<Float>, _ numbers: UnsafePointer<UInt32>, _ count: Int,
            _ block: SkipGramBlock
        ) {
            self.table = UnsafePointer(table)
            self.numbers = UnsafeBufferPointer(start: numbers, count: count)
            stride = block.stride
            dimensions = block.dimensions
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
