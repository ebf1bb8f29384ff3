import CVectorKernels
import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The two tables that skip-gram trains: one row a word as context (input), one row a word or inner node as what is
/// predicted (output).
///
/// Rows begin at multiples of 64 bytes and are padded with zeros. All threads read and write them without locks
/// (Hogwild): a lost update costs a little accuracy of one step, and every float is valid at any time.
struct ModelTables: Sendable {
    let dimensions: Int
    /// Floats from one row to the next, a multiple of 16.
    let stride: Int
    let inputs: AlignedBuffer<Float>
    let outputs: AlignedBuffer<Float>
    let inputRows: Int
    /// The vectors that training began with.
    private let start: TableStart?

    /// Input rows are drawn uniformly from (−0.5, 0.5) / dimensions, output rows are 0, as in word2vec; `start` may have
    /// others.
    /// - Parameter copies: rows behind each table for the threads' copies of hot rows.
    /// - Throws: `WordEmbeddingError.tooLarge` when the tables exceed this machine's memory.
    init(
        inputRows: Int, outputRows: Int, dimensions: Int, seed: UInt64, threads: Int, start: TableStart? = nil,
        copies: (inputs: Int, outputs: Int) = (0, 0)
    ) throws {
        let stride = (dimensions + 15) / 16 * 16
        let (bytes, overflow) = ((inputRows + outputRows + copies.inputs + copies.outputs) * 4)
            .multipliedReportingOverflow(by: stride)
        let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        guard !overflow, bytes < memory else {
            throw WordEmbeddingError.tooLarge(
                what: "a model of \(inputRows) words × \(dimensions) dimensions",
                limit: "its tables take \(bytes >> 20) MiB, this machine has \(memory >> 20) MiB of memory")
        }
        returnFreedMemory()
        self.dimensions = dimensions
        self.stride = stride
        self.inputRows = inputRows
        self.start = start
        let inputs = AlignedBuffer<Float>(count: (inputRows + copies.inputs) * stride)
        self.inputs = inputs
        outputs = AlignedBuffer(count: (outputRows + copies.outputs) * stride)
        let scale = 1 / Float(dimensions)
        parallelFor(inputRows, threads: threads, grain: 256) { rows in
            inputs.withMutableSpan(rows.lowerBound * stride..<rows.upperBound * stride) { values in
                for row in rows {
                    var random = Philox(seed: seed, stream: UInt64(row))
                    let start = (row - rows.lowerBound) * stride
                    for column in 0..<dimensions {
                        values[start + column] = (random.nextUniform() - 0.5) * scale
                    }
                }
            }
        }
        start?.fill(self)
    }

    /// Puts vectors that must not move back, before words are trained.
    @inline(__always)
    func restoreLocked(_ words: UnsafeBufferPointer<UInt32>) {
        if let start, start.locks { start.restore(words, self) }
    }

    /// The rows without their padding; the tables may not be used afterwards.
    /// - Parameter outputRows: rows of the output table that are given too; `nil` gives none.
    func matrices(outputRows: Int?) -> (inputs: Matrix, outputs: Matrix?) {
        if let start, start.locks { start.restoreAll(self) }
        guard let outputRows else {
            outputs.discard()
            return (matrix(inputs, rows: inputRows, discarding: true), nil)
        }
        return (
            matrix(inputs, rows: inputRows, discarding: true), matrix(outputs, rows: outputRows, discarding: true)
        )
    }

    /// The first input rows without their padding.
    func firstInputs(_ rows: Int) -> Matrix { matrix(inputs, rows: rows, discarding: false) }

    /// The product of an input row and an output row.
    func logit(_ input: UInt32, _ output: UInt32) -> Double {
        Double(kernels.dot(inputs.base + Int(input) * stride, outputs.base + Int(output) * stride, dimensions))
    }

    /// The mean of some input rows.
    func meanInput(_ words: some Collection<UInt32>) -> [Float] {
        var mean = [Float](repeating: 0, count: dimensions)
        for word in words { kernels.axpy(1 / Float(words.count), inputs.base + Int(word) * stride, &mean, dimensions) }
        return mean
    }

    /// The product of a vector and an output row.
    func logit(_ vector: [Float], _ output: UInt32) -> Double {
        precondition(vector.count == dimensions, "a vector of another size")
        return Double(kernels.dot(vector, outputs.base + Int(output) * stride, dimensions))
    }

    /// Copies rows.
    /// - Parameter discarding: gives the memory of those that are copied back to the system, so that there is never a
    ///   third table in memory; the table may not be used afterwards.
    private func matrix(_ table: AlignedBuffer<Float>, rows: Int, discarding: Bool) -> Matrix {
        var elements = [Float]()
        elements.reserveCapacity(rows * dimensions)
        let step = max(1, (4 << 20) / stride)
        for first in Swift.stride(from: 0, to: rows, by: step) {
            let end = min(rows, first + step)
            for row in first..<end {
                elements.append(contentsOf: UnsafeBufferPointer(start: table.base + row * stride, count: dimensions))
            }
            if discarding { table.discard(first * stride..<end * stride) }
        }
        return Matrix(rows: rows, columns: dimensions, elements: elements)
    }

    /// The product of two input rows.
    func inputProduct(_ one: Int, _ other: Int) -> Float {
        kernels.dot(inputs.base + one * stride, inputs.base + other * stride, dimensions)
    }

    /// The values of some rows, spread evenly over a table: of all when they have at most `limit` values, else of as
    /// many as that allows, but one.
    /// - Parameter rows: rows of the table.
    func spreadRows(of table: AlignedBuffer<Float>, rows: Int, limit: Int) -> [Float] {
        let taken = min(rows, max(1, limit / dimensions))
        var values: [Float] = []
        values.reserveCapacity(taken * dimensions)
        for index in 0..<taken {
            let row = table.base + index * rows / taken * stride
            values.append(contentsOf: UnsafeBufferPointer(start: row, count: dimensions))
        }
        return values
    }
}
