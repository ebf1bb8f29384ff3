internal import CVectorKernels
internal import LinearAlgebra

/// What an exact neighbour search will cost.
public struct SearchEstimate: Sendable {
    /// Seconds, from the measured speed of this machine's kernels; right to about a factor of 2.
    public let seconds: Double
    /// Bytes of memory beside the data.
    public let bytes: Int
}

extension ExactNeighbors {
    /// Estimates the search of all rows' neighbours, from a block of points compared for some 20 ms.
    /// - Parameters:
    ///   - points: number of rows.
    ///   - dimensions: number of columns.
    ///   - k: neighbours wanted; 90 for perplexity 30.
    public func estimate(points: Int, dimensions: Int, k: Int = 90) -> SearchEstimate {
        let points = max(0, points)
        let width = max(1, min(dimensions, 4096))
        let rows = 192
        var generator = Philox(seed: 1)
        let sample = Matrix(
            rows: rows, columns: width, elements: (0..<rows * width).map { _ in generator.nextUniform() })
        let space = PointSpace(sample, metric: metric, threads: 1)
        let set = PointSet(
            sample, rows: (0..<UInt32(rows)).map { $0 }, space: space, panel: table.panel,
            wholes: WholeNumbers(sample, space: space, table: table, threads: 1), threads: 1)
        let search = NeighborSearch(
            similarity: metric.similarity, dimensions: width, k: 1, capacity: 64, same: true, queries: set.points,
            targets: set.points)
        // Nothing reaches this limit.
        let limits = AlignedBuffer<Float>(count: rows)
        for i in 0..<rows { limits.base[i] = .infinity }
        let candidates = AlignedBuffer<NeighborCandidate>(count: rows * 64)
        let counts = AlignedBuffer<UInt32>(count: rows)
        let lists = NeighborLists(
            candidates: candidates.base, counts: counts.base, limits: limits.base, first: 0, count: rows)
        let scratch = AlignedBuffer<UInt8>(count: neighbor_scratch_bytes(rows, 64))
        let clock = ContinuousClock()
        var runs = 0
        var elapsed = Duration.zero
        let start = clock.now
        repeat {
            withUnsafePointer(to: search) { search in
                withUnsafePointer(to: lists) { table.compare(search, $0, nil, 0, rows, scratch.base) }
            }
            runs += 1
            elapsed = clock.now - start
        } while runs < 3 || elapsed < .milliseconds(20)
        withExtendedLifetime((set, limits, candidates, counts)) {}
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        let perPair = seconds / Double(runs * rows * rows) * (Double(dimensions) / Double(width))
        let symmetric = Double(points) * Double(k) < 1e12 && ExactSearch.isSymmetric(count: points, k: k)
        let pairs = Double(points) * Double(points) / (symmetric ? 2 : 1)
        let workers = Double(max(1, min(threads, availableProcessors)))
        // Candidates: some 25 µs a point at k = 90.
        let candidateSeconds = Double(points) * 3e-7 * Double(k)
        let listBytes = symmetric ? 8 * Double(ExactSearch.capacity(k)) : 0
        return SearchEstimate(
            seconds: (1.1 * pairs * perPair + candidateSeconds) / workers,
            bytes: saturating(
                Double(points) * (8 * Double(dimensions) + 64 + 8 * Double(k) + listBytes) + 33e6 * workers))
    }

    private func saturating(_ bytes: Double) -> Int {
        bytes < 9e18 ? Int(bytes) : .max
    }
}
