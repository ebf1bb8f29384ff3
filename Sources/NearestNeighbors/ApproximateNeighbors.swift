internal import CVectorKernels
public import LinearAlgebra

/// What an approximate search found.
public struct ApproximateGraph: Sendable {
    /// The neighbours; each list holds what was found, nearest first, with exact distances.
    public let graph: NeighborGraph
    /// Share of the true k nearest neighbours that are in the lists of a sample of points, found by an exact search.
    public let recall: Double
    /// Points in that sample.
    public let sampledPoints: Int
    /// Random projection trees that were built.
    public let trees: Int
}

/// Approximate k-nearest-neighbour search by a forest of random projection trees (Dasgupta and Freund 2008).
///
/// Each tree cuts the points into leaves of some 2,000 that lie near each other; within a leaf all pairs are compared, in
/// registers, as in the exact search. Trees are added until the recall, measured against the exact neighbours of a sample
/// of points, is reached. The same data, seed and target give the same bytes at any number of threads.
public struct ApproximateNeighbors: Sendable {
    /// How distances are measured.
    public let metric: Metric
    /// Recall to reach on the sample, 0…1.
    public let targetRecall: Double
    /// Seed of the trees and of the sample.
    public let seed: UInt64
    /// Threads to use.
    public let threads: Int
    private let table = kernels.neighbors

    /// Trees after which the search ends in any case.
    public static let mostTrees = 64
    /// Points whose exact neighbours tell the recall.
    public static let samplePoints = 1000
    /// Rows of the blocks of a leaf: the first pairs compared are those within a block.
    private static let blockRows = 480
    /// Blocks of a leaf.
    private static let leafBlocks = 4

    /// A search.
    /// - Parameters:
    ///   - metric: how distances are measured.
    ///   - targetRecall: recall to reach on the sample; default 0.96.
    ///   - seed: seed of the trees and of the sample.
    ///   - threads: threads to use; default: all processors.
    public init(
        metric: Metric = .euclidean, targetRecall: Double = 0.96, seed: UInt64 = 1, threads: Int = availableProcessors
    ) {
        self.metric = metric
        self.targetRecall = targetRecall
        self.seed = seed
        self.threads = max(1, threads)
    }

    /// Some `k` near other rows of each row (fewer when there are not as many other rows).
    ///
    /// - Parameters:
    ///   - data: one point a row.
    ///   - k: neighbours wanted, at most 960; the search is exact when there are no more points than in a leaf.
    ///   - isCancelled: asked now and then, from any thread; `true` stops the search.
    ///   - progress: told the share of the work done, 0…1, from any thread: a guess, as the recall decides.
    /// - Throws: `NeighborError`.
    public func graph(
        of data: Matrix, k: Int, isCancelled: @Sendable () -> Bool = { false },
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws(NeighborError) -> ApproximateGraph {
        let exact = ExactNeighbors(metric: metric, threads: threads)
        let leaf = Self.blockRows * Self.leafBlocks
        guard data.rows > leaf, data.columns > 0 else {
            let graph = try exact.graph(of: data, k: k, isCancelled: isCancelled, progress: progress)
            return ApproximateGraph(graph: graph, recall: 1, sampledPoints: data.rows, trees: 0)
        }
        try exact.check(data)
        let k = max(0, min(k, data.rows - 1))
        guard k <= leaf / 2 else { throw .tooManyNeighbors(wanted: k, most: leaf / 2) }
        guard k > 0 else {
            let empty = NeighborGraph(count: data.rows, neighborsPerPoint: 0, indices: [], distances: [])
            return ApproximateGraph(graph: empty, recall: 1, sampledPoints: 0, trees: 0)
        }
        let twins = IdenticalRows(in: data, metric: metric, k: k, threads: threads)
        guard twins.kept.count > leaf else {
            let graph = try exact.graph(of: data, k: k, isCancelled: isCancelled, progress: progress)
            return ApproximateGraph(graph: graph, recall: 1, sampledPoints: data.rows, trees: 0)
        }
        let sample = sample(of: twins.kept)
        let truth = try exact.graph(
            of: data, queries: sample.map { Int(twins.kept[$0]) }, k: k, isCancelled: isCancelled)
        let space = PointSpace(data, metric: metric, threads: threads)
        let points = PointSet(
            data, rows: twins.kept, space: space, panel: table.panel, withPanels: false, threads: threads)
        let wholes = WholeNumbers(data, space: space, table: table, threads: threads)
        let best = AlignedBuffer<NeighborCandidate>(count: points.count * k)
        parallelFor(points.count * k, threads: threads, grain: 1 << 16) { range in
            for i in range { best.base[i] = NeighborCandidate(similarity: -.infinity, index: .max) }
        }
        var trees = 0
        var recall = 0.0
        while trees < Self.mostTrees, recall < targetRecall {
            if isCancelled() { throw .cancelled }
            grow(best, points, space, wholes, k: k, tree: trees, isCancelled: isCancelled)
            trees += 1
            recall = self.recall(best, points, sample, truth)
            progress(recall < targetRecall ? 0.9 * recall : 0.9)
        }
        if isCancelled() { throw .cancelled }
        let rest = unfilled(best, k).map { Int(twins.kept[$0]) }
        let others = try exact.graph(of: data, queries: rest, k: k, isCancelled: isCancelled)
        let graph = NeighborGraph.filled(count: data.rows, k: k) { indices, distances in
            finish(best, points, space, k: k, indices, distances)
            for (i, row) in rest.enumerated() {
                for (j, place) in others.range(of: i).enumerated() {
                    indices[row * k + j] = others.indices[place]
                    distances[row * k + j] = others.distances[place]
                }
            }
            for row in 0..<UInt32(data.rows) where twins.isAnswered(row) {
                twins.answer(row, indices: indices + Int(row) * k, distances: distances + Int(row) * k)
            }
        }
        progress(1)
        return ApproximateGraph(graph: graph, recall: recall, sampledPoints: sample.count, trees: trees)
    }

    /// Places of the sampled points, ascending.
    private func sample(of rows: [UInt32]) -> [Int] {
        guard rows.count > Self.samplePoints else { return Array(rows.indices) }
        var generator = Philox(seed: seed, stream: 0x7265_6361)
        var chosen: Set<Int> = []
        while chosen.count < Self.samplePoints { chosen.insert(Int(generator.next() % UInt64(rows.count))) }
        return chosen.sorted()
    }

    /// Places of the points with fewer than k neighbours: the last leaf of a tree may be smaller than that.
    private func unfilled(_ best: AlignedBuffer<NeighborCandidate>, _ k: Int) -> [Int] {
        parallelMap(best.count / k, threads: threads, grain: 1 << 14) { range in
            range.filter { best.base[$0 * k + k - 1].index == .max }
        }.flatMap { $0 }
    }

    /// Builds a tree and compares the points of each leaf.
    private func grow(
        _ best: AlignedBuffer<NeighborCandidate>, _ points: PointSet, _ space: PointSpace, _ wholes: WholeNumbers?,
        k: Int, tree: Int, isCancelled: @Sendable () -> Bool
    ) {
        let order = LocalityOrder.order(
            of: points.exact.base, stride: points.stride, columns: points.columns,
            rows: (0..<points.count).map { UInt32(truncatingIfNeeded: $0) }, leaf: Self.blockRows,
            group: Self.leafBlocks,
            seed: seed &+ UInt64(tree) << 16, threads: threads)
        let table = table
        let capacity = ExactSearch.capacity(k)
        let rounds = BlockPairs.rounds(blocks: Self.leafBlocks).flatMap { $0 }
        parallelFor(points.count, threads: threads, grain: Self.blockRows * Self.leafBlocks) { range in
            if isCancelled() { return }
            let set = PointSet(order[range], of: points, space: space, panel: table.panel, wholes: wholes)
            let candidates = AlignedBuffer<NeighborCandidate>(count: set.count * capacity)
            let counts = AlignedBuffer<UInt32>(count: set.count)
            let limits = AlignedBuffer<Float>(count: set.count)
            for i in 0..<set.count {
                limits.base[i] = best.base[Int(set.numbers[i]) * k + k - 1].similarity
            }
            let scratch = AlignedBuffer<UInt8>(count: neighbor_scratch_bytes(Self.blockRows, capacity))
            let search = NeighborSearch(
                similarity: space.metric.similarity, dimensions: set.columns, k: k, capacity: capacity, same: true,
                queries: set.points, targets: set.points)
            func lists(_ block: Int) -> NeighborLists? {
                let first = block * Self.blockRows
                guard first < set.count else { return nil }
                return NeighborLists(
                    candidates: candidates.base + first * capacity, counts: counts.base + first,
                    limits: limits.base + first, first: first, count: min(Self.blockRows, set.count - first))
            }
            withUnsafePointer(to: search) { search in
                for pair in rounds {
                    guard let rows = lists(pair.first), let columns = lists(pair.second) else { continue }
                    withUnsafePointer(to: rows) { rows in
                        withUnsafePointer(to: columns) { columns in
                            table.compare(
                                search, rows, columns, columns.pointee.first, columns.pointee.count, scratch.base)
                        }
                    }
                }
                for block in 0..<Self.leafBlocks {
                    guard let rows = lists(block) else { continue }
                    withUnsafePointer(to: rows) { rows in
                        for i in 0..<rows.pointee.count {
                            let number = Int(set.numbers[rows.pointee.first + i])
                            table.merge(search, rows, i, best.base + number * k, scratch.base)
                        }
                    }
                }
            }
            withExtendedLifetime((set, candidates, counts, limits, scratch)) {}
        }
    }

    /// Share of the sample's true neighbours that are in the lists.
    private func recall(
        _ best: AlignedBuffer<NeighborCandidate>, _ points: PointSet, _ sample: [Int], _ truth: NeighborGraph
    ) -> Double {
        let k = truth.neighborsPerPoint
        var found = 0
        for (i, place) in sample.enumerated() {
            var own: Set<UInt32> = []
            for j in 0..<k {
                let index = best.base[place * k + j].index
                if index != .max { own.insert(points.numbers[Int(index)]) }
            }
            for neighbor in truth.range(of: i) where own.contains(truth.indices[neighbor]) { found += 1 }
        }
        return Double(found) / Double(max(1, sample.count * k))
    }

    /// Writes the lists with exact distances.
    private func finish(
        _ best: AlignedBuffer<NeighborCandidate>, _ points: PointSet, _ space: PointSpace, k: Int,
        _ indices: UnsafeMutablePointer<UInt32>, _ distances: UnsafeMutablePointer<Float>
    ) {
        nonisolated(unsafe) let (indices, distances) = (indices, distances)
        let table = table
        parallelFor(points.count, threads: threads, grain: 1024) { range in
            // Room for lists that are not full: they are cut to what they hold.
            let counts = AlignedBuffer<UInt32>(count: range.count)
            let limits = AlignedBuffer<Float>(count: range.count)
            for i in 0..<range.count {
                limits.base[i] = -.infinity
                counts.base[i] = UInt32(k)
                let list = best.base + (range.lowerBound + i) * k
                while counts.base[i] > 0, list[Int(counts.base[i]) - 1].index == .max { counts.base[i] -= 1 }
            }
            let scratch = AlignedBuffer<UInt8>(count: neighbor_scratch_bytes(0, k))
            let search = NeighborSearch(
                similarity: space.metric.similarity, dimensions: points.columns, k: k, capacity: k, same: true,
                queries: points.points, targets: points.points)
            let lists = NeighborLists(
                candidates: best.base + range.lowerBound * k, counts: counts.base, limits: limits.base,
                first: range.lowerBound, count: range.count)
            withUnsafePointer(to: search) { search in
                withUnsafePointer(to: lists) { lists in
                    for i in 0..<range.count {
                        let place = Int(points.numbers[range.lowerBound + i]) * k
                        let found = table.finish(search, lists, i, indices + place, distances + place, scratch.base)
                        for j in place..<place + found { distances[j] = space.distance(distances[j]) }
                    }
                }
            }
            withExtendedLifetime((counts, limits, scratch)) {}
        }
    }
}
