import CVectorKernels
import Testing

@testable import LinearAlgebra

@Suite struct WindowMeansTests {
    struct Place: Sendable, CustomTestStringConvertible {
        var sentence: Range<Int>
        var position: Int
        var reach: Int
        var dimensions: Int
        var testDescription: String { "word \(position) of \(sentence), reach \(reach), \(dimensions) dimensions" }
    }

    static let places = [
        (0..<30, 0), (0..<30, 2), (0..<30, 13), (0..<30, 27), (0..<30, 28), (4..<9, 4), (4..<9, 8), (7..<9, 7),
    ].flatMap {
        where_ in
        [1, 2, 3, 4, 9].flatMap { reach in
            [5, 16, 100].map { Place(sentence: where_.0, position: where_.1, reach: reach, dimensions: $0) }
        }
    }

    /// The means are those of the words around; what is added to a mean is added to each of its words.
    @Test(arguments: levels, places) func meansGoThereAndBack(level: VectorCPULevel, place: Place) throws {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let stride = (place.dimensions + 15) / 16 * 16
        // 30 words, some of them twice.
        let words = (0..<30).map { UInt32($0 % 23) }
        let values = randomFloats(23 * place.dimensions, seed: 3)
        let table = AlignedBuffer<Float>(count: 23 * stride)
        for row in 0..<23 {
            for d in 0..<place.dimensions { table.base[row * stride + d] = values[row * place.dimensions + d] }
        }
        var expected = (0..<23).map { row in (0..<place.dimensions).map { values[row * place.dimensions + $0] } }
        let count = min(4, place.sentence.upperBound - place.position)
        let rows = AlignedBuffer<UnsafeMutablePointer<Float>?>(count: 2 * place.reach)
        let means = AlignedBuffer<Float>(count: 4 * stride)
        let changes = AlignedBuffer<Float>(count: 4 * stride)
        words.withUnsafeBufferPointer { words in
            var window = WindowMeans(
                inputs: table.base, stride: stride, dimensions: place.dimensions, words: words.baseAddress,
                begin: place.sentence.lowerBound, end: place.sentence.upperBound, position: place.position,
                count: count, reach: place.reach, rows: rows.base, means: means.base, changes: changes.base)
            kernels.window_gather(&window)
            for input in 0..<4 {
                let middle = place.position + input
                let around = place.sentence.filter { input < count && $0 != middle && abs($0 - middle) <= place.reach }
                for d in 0..<place.dimensions {
                    let sum = around.reduce(0) { $0 + values[Int(words[$1]) * place.dimensions + d] }
                    let mean = around.isEmpty ? 0 : sum / Float(around.count)
                    #expect(abs(means.base[input * stride + d] - mean) < 1e-5)
                    let change = Float(input + 1) * 0.25 + Float(d) * 0.01
                    changes.base[input * stride + d] = change
                    for word in around { expected[Int(words[word])][d] += change }
                }
            }
            kernels.window_scatter(&window)
        }
        for row in 0..<23 {
            for d in 0..<stride {
                let value = d < place.dimensions ? expected[row][d] : 0
                #expect(abs(table.base[row * stride + d] - value) < 1e-4)
            }
        }
    }
}
