import CVectorKernels
import LinearAlgebra
import Testing

@testable import NearestNeighbors

/// Comparing whole numbers in place of floats.
struct WholeNumbersTests {
    /// The levels whose kernels take whole numbers.
    static let levels = [VectorCPULevelV3, VectorCPULevelV4].filter {
        vector_kernels_at($0)?.pointee.neighbors.wholes ?? false
    }

    private func wholes(_ data: Matrix, _ metric: Metric, _ table: NeighborKernels) -> WholeNumbers? {
        WholeNumbers(data, space: PointSpace(data, metric: metric, threads: 1), table: table, threads: 2)
    }

    /// The same bytes as with floats, for even and odd numbers of coordinates, far from 0, and with a few far points.
    @Test(
        arguments: levels, [(2100, 1), (2100, 2), (2500, 7), (2100, 50), (700, 301)] as [(Int, Int)])
    func findWhatFloatsFind(level: VectorCPULevel, shape: (rows: Int, columns: Int)) throws {
        let table = try #require(vector_kernels_at(level)).pointee.neighbors
        for metric in [Metric.euclidean, .cosine] {
            for variant in 0..<3 {
                var data = uniform(rows: shape.rows, columns: shape.columns, seed: 3, offset: variant == 1 ? 30 : 0)
                if variant == 2 { for i in stride(from: 0, to: shape.rows, by: 97) { data[i, 0] *= 6 } }
                if variant == 0 { for d in 0..<shape.columns { data[5, d] = 0 } }
                var search = ExactNeighbors(metric: metric)
                search.table = table
                search.table.wholes = false
                let floats = try search.graph(of: data, k: 20)
                let some = try search.graph(of: data, queries: [4, 5, 600], k: 20)
                search.table.wholes = true
                #expect(try search.graph(of: data, k: 20) == floats)
                #expect(try search.graph(of: data, queries: [4, 5, 600], k: 20) == some)
                let isNarrow = metric == .cosine && variant == 1
                if shape.columns > 5, !isNarrow { #expect(wholes(data, metric, table) != nil) }
            }
        }
    }

    /// The similarity that the kernels compute is right to the errors that are stated.
    @Test(arguments: levels) func errorsAreBounds(level: VectorCPULevel) throws {
        let table = try #require(vector_kernels_at(level)).pointee.neighbors
        let (rows, columns) = (table.panel * 2, 13)
        let data = uniform(rows: rows, columns: columns, seed: 9)
        let space = PointSpace(data, metric: .euclidean, threads: 1)
        let numbers = try #require(wholes(data, .euclidean, table))
        let set = PointSet(
            data, rows: (0..<rows).map { UInt32($0) }, space: space, panel: table.panel, wholes: numbers, threads: 1)
        let capacity = 2 * rows + 32
        let search = NeighborSearch(
            similarity: NeighborSimilarityEuclidean, dimensions: columns, k: rows, capacity: capacity, same: true,
            queries: set.points, targets: set.points)
        let candidates = AlignedBuffer<NeighborCandidate>(count: rows * capacity)
        let counts = AlignedBuffer<UInt32>(count: rows)
        let limits = AlignedBuffer<Float>(count: rows)
        for i in 0..<rows { limits.base[i] = -.infinity }
        let lists = NeighborLists(
            candidates: candidates.base, counts: counts.base, limits: limits.base, first: 0, count: rows)
        let scratch = AlignedBuffer<UInt8>(count: neighbor_scratch_bytes(rows, capacity))
        withUnsafePointer(to: search) { search in
            withUnsafePointer(to: lists) { table.compare(search, $0, nil, 0, rows, scratch.base) }
        }
        var largest = 0.0
        for i in 0..<rows {
            #expect(counts.base[i] == UInt32(rows - 1))
            for place in 0..<Int(counts.base[i]) {
                let candidate = candidates.base[i * capacity + place]
                let j = Int(candidate.index)
                let square = (0..<columns).reduce(0.0) {
                    let difference = Double(data[i, $1]) - Double(data[j, $1])
                    return $0 + difference * difference
                }
                let error = abs(Double(candidate.similarity) + square / 2)
                let bound = Double(set.points.errors[i] + set.points.errors[j])
                #expect(error <= bound)
                largest = max(largest, error / bound)
            }
        }
        #expect(largest > 0.02, "the bound is not far too large")
        withExtendedLifetime((set, limits, candidates, counts)) {}
    }

    /// Tight groups far apart: the numbers would be too coarse.
    @Test(arguments: levels) func floatsWhereNumbersAreTooCoarse(level: VectorCPULevel) throws {
        let table = try #require(vector_kernels_at(level)).pointee.neighbors
        var data = uniform(rows: 900, columns: 4)
        #expect(wholes(data, .euclidean, table) != nil)
        #expect(wholes(data, .manhattan, table) == nil)
        #expect(wholes(data, .dot, table) == nil)
        for i in 0..<900 { data[i, 0] += i % 2 == 0 ? 1e4 : -1e4 }
        #expect(wholes(data, .euclidean, table) == nil)
        #expect(wholes(Matrix(rows: 900, columns: 4), .euclidean, table) == nil)
        var none = table
        none.wholes = false
        #expect(wholes(uniform(rows: 900, columns: 4), .euclidean, none) == nil)
    }
}
