internal import CVectorKernels
internal import LinearAlgebra

/// What an exact neighbour search will cost.
public struct SearchEstimate: Sendable {
    /// Seconds, from the measured speed of this machine's matrix products; right to about a factor of 2.
    public let seconds: Double
    /// Bytes of memory beside the data.
    public let bytes: Int
}

extension ExactNeighbors {
    /// Estimates the search of all rows' neighbours, from a matrix product timed for some 20 ms.
    /// - Parameters:
    ///   - points: number of rows.
    ///   - dimensions: number of columns.
    ///   - k: neighbours wanted; 90 for perplexity 30.
    public func estimate(points: Int, dimensions: Int, k: Int = 90) -> SearchEstimate {
        let points = max(0, points)
        let width = max(1, min(dimensions, 4096))
        let rows = 128
        let columns = 1024
        var generator = Philox(seed: 1)
        let a = (0..<rows * width).map { _ in generator.nextUniform() }
        let b = (0..<columns * width).map { _ in generator.nextUniform() }
        let c = AlignedBuffer<Float>(count: rows * columns)
        let found = AlignedBuffer<UInt32>(count: columns)
        let zeros = [Float](repeating: 0, count: columns)
        let clock = ContinuousClock()
        var runs = 0
        var elapsed = Duration.zero
        let start = clock.now
        repeat {
            BLAS.multiplyTransposed(a, rows: rows, b, rows: columns, columns: width, into: c.base, stride: columns)
            for row in 0..<rows {
                _ = kernels.select_below(c.base + row * columns, zeros, 1, -1, columns, found.base)
            }
            runs += 1
            elapsed = clock.now - start
        } while runs < 3 || elapsed < .milliseconds(20)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        let pairs = Double(points) * Double(points)
        let perPair = seconds / Double(runs * rows * columns) * (Double(dimensions) / Double(width))
        let workers = Double(max(1, min(threads, availableProcessors)))
        // Choosing and recomputing candidates adds about a fifth.
        return SearchEstimate(
            seconds: 1.2 * pairs * perPair / workers,
            bytes: saturating(Double(points) * (8 * Double(dimensions) + 16 * Double(k)) + 4e6 * workers))
    }

    private func saturating(_ bytes: Double) -> Int {
        bytes < 9e18 ? Int(bytes) : .max
    }
}
