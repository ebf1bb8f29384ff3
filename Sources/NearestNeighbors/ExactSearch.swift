internal import CVectorKernels
internal import LinearAlgebra

/// The exact search over prepared points: who is compared with whom, and where the results go.
struct ExactSearch: Sendable {
    let kernels: NeighborKernels
    let space: PointSpace
    let queries: PointSet
    let targets: PointSet
    /// Whether numbers mean the same points on both sides: no point is its own neighbour.
    let same: Bool
    let k: Int
    let threads: Int
    /// Where the neighbours of query number i go: place of its first one, by the query's place in the set.
    let numbers: UnsafeDestination

    /// Results, written by several threads to places of their own.
    struct UnsafeDestination: @unchecked Sendable {
        let indices: UnsafeMutablePointer<UInt32>
        let distances: UnsafeMutablePointer<Float>
        /// The row of the result for each query.
        let rows: [UInt32]
    }

    /// Bytes of the lists of all queries above which they are made block by block.
    private static let symmetricBytes = 2 << 30

    private var capacity: Int { Self.capacity(k) }

    /// Room of a list: more means fewer narrowings and more memory.
    static func capacity(_ k: Int) -> Int { (2 * k + 64 + 15) / 16 * 16 }

    /// Rows of a block: they stay in the second cache, and there are enough blocks for the threads.
    static func blockRows(count: Int, columns: Int, panel: Int, threads: Int) -> Int {
        let cached = (256 << 10) / (4 * max(1, columns))
        let shared = count / (8 * threads)
        return max(panel, min(480, max(96, cached), shared) / panel * panel)
    }

    /// Whether each pair of points is computed once for both.
    static func isSymmetric(count: Int, k: Int) -> Bool {
        count * capacity(k) * MemoryLayout<NeighborCandidate>.stride <= symmetricBytes
    }

    private func withSearch(_ body: (UnsafePointer<NeighborSearch>) -> Void) {
        let search = NeighborSearch(
            similarity: space.metric.similarity, dimensions: targets.columns, k: k, capacity: capacity, same: same,
            queries: queries.points, targets: targets.points)
        withExtendedLifetime((queries, targets)) { withUnsafePointer(to: search, body) }
    }

    /// Compares all points of the one set with each other, each pair once.
    func symmetric(isCancelled: @Sendable () -> Bool, progress: @Sendable (Double) -> Void) {
        let count = targets.count
        let capacity = capacity
        let block = Self.blockRows(count: count, columns: targets.columns, panel: kernels.panel, threads: threads)
        let candidates = AlignedBuffer<NeighborCandidate>(count: count * capacity)
        let counts = AlignedBuffer<UInt32>(count: count)
        let limits = AlignedBuffer<Float>(count: count)
        for i in 0..<count { limits.base[i] = -.infinity }
        let blocks = (count + block - 1) / block
        let scratchBytes = neighbor_scratch_bytes(block, capacity)
        @Sendable func lists(_ number: Int) -> NeighborLists {
            let first = number * block
            return NeighborLists(
                candidates: candidates.base + first * capacity, counts: counts.base + first,
                limits: limits.base + first, first: first, count: min(block, count - first))
        }
        let done = Counter()
        let pairs = blocks * (blocks + 1) / 2
        for round in BlockPairs.rounds(blocks: blocks) {
            parallelFor(round.count, threads: threads, grain: 1) { range in
                if isCancelled() { return }
                Self.withScratch(scratchBytes) { scratch in
                    withSearch { search in
                        for pair in range.map({ round[$0] }) {
                            let (rows, columns) = (lists(pair.first), lists(pair.second))
                            withUnsafePointer(to: rows) { rows in
                                withUnsafePointer(to: columns) { columns in
                                    kernels.compare(
                                        search, rows, columns, columns.pointee.first, columns.pointee.count, scratch)
                                }
                            }
                        }
                    }
                }
                progress(Double(done.add(range.count)) / Double(pairs))
            }
        }
        parallelFor(count, threads: threads, grain: block) { range in
            if isCancelled() { return }
            Self.withScratch(scratchBytes) { scratch in
                withSearch { search in finish(search, lists(range.lowerBound / block), scratch) }
            }
        }
    }

    /// Compares each query with all targets.
    func oneByOne(isCancelled: @Sendable () -> Bool, progress: @Sendable (Double) -> Void) {
        let count = queries.count
        let capacity = capacity
        let panel = kernels.panel
        // The lists of a block shall not take more than 32 MiB.
        let fitting = (32 << 20) / (capacity * MemoryLayout<NeighborCandidate>.stride) / panel * panel
        let block = max(
            panel,
            min(fitting, Self.blockRows(count: count, columns: targets.columns, panel: kernels.panel, threads: threads))
        )
        let columns = Self.blockRows(count: .max, columns: targets.columns, panel: kernels.panel, threads: 1)
        let scratchBytes = neighbor_scratch_bytes(block, capacity)
        let done = Counter()
        parallelFor(count, threads: threads, grain: block) { range in
            let candidates = AlignedBuffer<NeighborCandidate>(count: range.count * capacity)
            let counts = AlignedBuffer<UInt32>(count: range.count)
            let limits = AlignedBuffer<Float>(count: range.count)
            for i in 0..<range.count { limits.base[i] = -.infinity }
            let lists = NeighborLists(
                candidates: candidates.base, counts: counts.base, limits: limits.base, first: range.lowerBound,
                count: range.count)
            Self.withScratch(scratchBytes) { scratch in
                withSearch { search in
                    for first in Swift.stride(from: 0, to: targets.count, by: columns) {
                        if isCancelled() { return }
                        withUnsafePointer(to: lists) { lists in
                            kernels.compare(
                                search, lists, nil, first, min(columns, targets.count - first), scratch)
                        }
                    }
                    finish(search, lists, scratch)
                }
            }
            withExtendedLifetime((candidates, counts, limits)) {}
            progress(Double(done.add(range.count)) / Double(count))
        }
    }

    /// Writes the results of the queries of some lists.
    private func finish(
        _ search: UnsafePointer<NeighborSearch>, _ lists: NeighborLists, _ scratch: UnsafeMutableRawPointer
    ) {
        withUnsafePointer(to: lists) { lists in
            for i in 0..<lists.pointee.count {
                let place = Int(numbers.rows[lists.pointee.first + i]) * k
                let found = kernels.finish(
                    search, lists, i, numbers.indices + place, numbers.distances + place, scratch)
                for j in place..<place + found { numbers.distances[j] = space.distance(numbers.distances[j]) }
            }
        }
    }

    private static func withScratch(_ bytes: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { scratch in
            if let base = scratch.baseAddress { body(base) }
        }
    }
}
