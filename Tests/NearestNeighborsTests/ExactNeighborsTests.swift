import CVectorKernels
import LinearAlgebra
import Testing

@testable import NearestNeighbors

/// All pairs in double precision: what the search must find.
func bruteForce(_ data: Matrix, metric: Metric, k: Int) -> [[(index: Int, distance: Double)]] {
    func row(_ i: Int) -> [Double] { data.row(i).map(Double.init) }
    let largest = (0..<data.rows).map { dot(row($0), row($0)) }.max() ?? 0
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    func distance(_ a: [Double], _ b: [Double]) -> Double {
        switch metric {
        case .euclidean: return zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        case .cosine:
            let norms = (dot(a, a) * dot(b, b)).squareRoot()
            return norms > 0 ? 1 - dot(a, b) / norms : 1
        case .manhattan: return zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) }
        case .dot: return largest - dot(a, b)
        }
    }
    var result: [[(index: Int, distance: Double)]] = []
    for i in 0..<data.rows {
        let own = row(i)
        var others: [(index: Int, distance: Double)] = []
        for j in 0..<data.rows where j != i { others.append((index: j, distance: distance(own, row(j)))) }
        others.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.index < $1.index }
        result.append(Array(others.prefix(k)))
    }
    return result
}

func uniform(rows: Int, columns: Int, seed: UInt64 = 1, offset: Float = 0) -> Matrix {
    var generator = Philox(seed: seed)
    return Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in generator.nextUniform() - 0.5 + offset })
}

struct ExactNeighborsTests {
    @Test(arguments: Metric.allCases, [(1, 3), (2, 1), (300, 7), (800, 33), (2100, 5)])
    func agreesWithAllPairs(metric: Metric, shape: (Int, Int)) throws {
        let data = uniform(rows: shape.0, columns: shape.1)
        let graph = try ExactNeighbors(metric: metric).graph(of: data, k: 12)
        #expect(graph.neighborsPerPoint == min(12, shape.0 - 1))
        for (i, expected) in bruteForce(data, metric: metric, k: 12).enumerated() {
            let range = graph.range(of: i)
            #expect(graph.distances[range].elementsEqual(graph.distances[range].sorted()))
            for (place, neighbor) in zip(range, expected) {
                #expect(abs(Double(graph.distances[place]) - neighbor.distance) < 1e-6 + 1e-5 * neighbor.distance)
            }
            #expect(Set(graph.indices[range]).count == range.count)
            #expect(!graph.indices[range].contains(UInt32(i)))
            if metric == .euclidean, shape.1 > 1 {
                #expect(graph.indices[range].map(Int.init) == expected.map(\.index))
            }
        }
    }

    /// Whole numbers make exact ties; far from 0 the products lose them, the differences do not.
    @Test(arguments: [0, 1000]) func tiesGoByNumber(offset: Int) throws {
        var generator = Philox(seed: 5)
        let elements = (0..<1200 * 3).map { _ in Float(generator.next32() % 5) + Float(offset) }
        let data = Matrix(rows: 1200, columns: 3, elements: elements)
        let graph = try ExactNeighbors().graph(of: data, k: 20)
        for (i, expected) in bruteForce(data, metric: .euclidean, k: 20).enumerated() {
            #expect(graph.indices[graph.range(of: i)].map(Int.init) == expected.map(\.index))
        }
    }

    @Test(arguments: Metric.allCases) func allEqualPoints(metric: Metric) throws {
        let data = Matrix(rows: 700, columns: 4, elements: [Float](repeating: 0.3, count: 2800))
        let graph = try ExactNeighbors(metric: metric).graph(of: data, k: 3)
        #expect(graph.distances.allSatisfy { metric == .dot ? $0 < 1e-7 : $0 == 0 })
        #expect(graph.indices.prefix(9) == [1, 2, 3, 0, 2, 3, 0, 1, 3])
    }

    @Test func zeroVectorsHaveCosineDistanceOne() throws {
        let data = Matrix(rows: 4, columns: 2, elements: [0, 0, 0, 0, 1, 1, 2, 2])
        let graph = try ExactNeighbors(metric: .cosine).graph(of: data, k: 3)
        #expect(graph.distances.prefix(6).allSatisfy { $0 == 1 })
        #expect(graph.indices[graph.range(of: 2)] == [3, 0, 1])
        #expect(Array(graph.distances[graph.range(of: 2)]) == [0, 1, 1])
    }

    /// Groups of twins larger than k, zero vectors among them, and others beside: every place by brute force.
    @Test(arguments: Metric.allCases) func twinsGoByNumber(metric: Metric) throws {
        var data = uniform(rows: 2400, columns: 3, seed: 3)
        for i in 0..<2400 where i % 3 != 0 {
            for d in 0..<3 { data[i, d] = i % 3 == 1 ? 0 : Float(1 + i % 5 + d) }
        }
        let graph = try ExactNeighbors(metric: metric).graph(of: data, k: 20)
        let some = try ExactNeighbors(metric: metric).graph(of: data, queries: [2399, 4, 1], k: 20)
        for (i, row) in [2399, 4, 1].enumerated() {
            #expect(some.indices[some.range(of: i)] == graph.indices[graph.range(of: row)])
            #expect(some.distances[some.range(of: i)] == graph.distances[graph.range(of: row)])
        }
        for (i, expected) in bruteForce(data, metric: metric, k: 20).enumerated() {
            let range = graph.range(of: i)
            for (place, neighbor) in zip(range, expected) {
                #expect(abs(Double(graph.distances[place]) - neighbor.distance) < 2e-5)
            }
            // Exact in single precision: whole numbers.
            if i % 3 != 0, metric == .euclidean || metric == .manhattan || (metric == .cosine && i % 3 == 1) {
                #expect(graph.indices[range].map(Int.init) == expected.map(\.index))
            }
        }
    }

    /// A search of other points finds what a search of all finds, but for the points themselves.
    @Test(arguments: Metric.allCases) func otherPoints(metric: Metric) throws {
        let data = uniform(rows: 2500, columns: 9)
        let own = try ExactNeighbors(metric: metric).graph(of: data, k: 10)
        let others = try ExactNeighbors(metric: metric).graph(of: data.prefix(rows: 300), in: data, k: 11)
        #expect(others.count == 300 && others.neighborsPerPoint == 11)
        for i in 0..<300 {
            let found = zip(others.indices[others.range(of: i)], others.distances[others.range(of: i)])
                .filter { $0.0 != UInt32(i) }
            #expect(found.prefix(10).map(\.0) == Array(own.indices[own.range(of: i)]))
            #expect(found.prefix(10).map(\.1) == Array(own.distances[own.range(of: i)]))
        }
        #expect(throws: NeighborError.otherColumns(expected: 9, found: 8)) {
            try ExactNeighbors().graph(of: Matrix(rows: 1, columns: 8), in: data, k: 2)
        }
    }

    /// Two tight groups far apart: all distances within a group are below the rounding errors of the products.
    @Test func tightGroupsFarApart() throws {
        var data = uniform(rows: 900, columns: 2)
        for i in 0..<900 {
            for d in 0..<2 { data[i, d] = (i % 2 == 0 ? 1000 : -1000) + (data[i, d] * 16).rounded() / 1024 }
        }
        let graph = try ExactNeighbors().graph(of: data, k: 8)
        for (i, expected) in bruteForce(data, metric: .euclidean, k: 8).enumerated() {
            #expect(graph.indices[graph.range(of: i)].map(Int.init) == expected.map(\.index))
        }
    }

    @Test func everyPairOfBlocksOnceAndNoBlockTwiceInARound() {
        for blocks in 1...40 {
            var seen: Set<[Int]> = []
            for round in BlockPairs.rounds(blocks: blocks) {
                var used: Set<Int> = []
                for pair in round {
                    #expect(seen.insert([pair.first, pair.second]).inserted)
                    #expect(used.insert(pair.first).inserted)
                    if pair.first != pair.second { #expect(used.insert(pair.second).inserted) }
                }
            }
            #expect(seen.count == blocks * (blocks + 1) / 2)
        }
    }

    /// Every level of the kernels finds the same neighbours.
    @Test(arguments: [VectorCPULevelBaseline, VectorCPULevelV3, VectorCPULevelV4], Metric.allCases)
    func everyLevelFindsTheSame(level: VectorCPULevel, metric: Metric) throws {
        guard let table = vector_kernels_at(level)?.pointee.neighbors else { return }
        let data = uniform(rows: 500, columns: 20)
        let graph = try ExactNeighbors(metric: metric).graph(of: data, k: 5)
        var search = ExactNeighbors(metric: metric)
        search.table = table
        #expect(try search.graph(of: data, k: 5).indices == graph.indices)
        let part = try search.graph(of: data, queries: [7, 400], k: 5)
        #expect(part.indices[part.range(of: 1)] == graph.indices[graph.range(of: 400)])
    }

    @Test(arguments: [Float(1e30), 1e-30, 0x1p-120]) func hugeAndTinyScales(scale: Float) throws {
        let data = uniform(rows: 200, columns: 5)
        var scaled = data
        for i in scaled.elements.indices { scaled.elements[i] = (data.elements[i] * 64).rounded() * scale }
        var whole = data
        for i in whole.elements.indices { whole.elements[i] = (data.elements[i] * 64).rounded() }
        let a = try ExactNeighbors().graph(of: scaled, k: 5)
        let b = try ExactNeighbors().graph(of: whole, k: 5)
        for i in 0..<200 {
            let difference = zip(a.distances[a.range(of: i)], b.distances[b.range(of: i)])
            #expect(difference.allSatisfy { abs($0 - $1 * scale) <= 1e-3 * $1 * scale })
        }
    }

    @Test(arguments: [1, 3]) func sameBytesAtAnyNumberOfThreads(threads: Int) throws {
        let data = uniform(rows: 3000, columns: 10)
        let one = try ExactNeighbors(threads: 2).graph(of: data, k: 15)
        #expect(try ExactNeighbors(threads: threads).graph(of: data, k: 15) == one)
        let some = try ExactNeighbors(threads: threads).graph(of: data, queries: [5, 2999, 0], k: 15)
        #expect(some.indices[some.range(of: 1)] == one.indices[one.range(of: 2999)])
    }

    @Test(arguments: [0, 1]) func fewPointsHaveNoNeighbors(rows: Int) throws {
        let graph = try ExactNeighbors().graph(of: Matrix(rows: rows, columns: 3), k: 5)
        #expect(graph.count == rows && graph.neighborsPerPoint == 0 && graph.indices.isEmpty)
    }

    @Test func namesThePlaceOfWhatIsNotFinite() throws {
        var data = uniform(rows: 20, columns: 3)
        data[11, 1] = .infinity
        #expect(throws: NeighborError.notFinite(row: 11, column: 1)) { try ExactNeighbors().graph(of: data, k: 2) }
    }

    @Test func canBeCancelled() throws {
        #expect(throws: NeighborError.cancelled) {
            try ExactNeighbors().graph(of: uniform(rows: 20, columns: 3), k: 2, isCancelled: { true })
        }
    }

    @Test func estimateGrowsFasterThanThePoints() {
        let search = ExactNeighbors(threads: 1)
        let small = search.estimate(points: 10_000, dimensions: 200)
        let large = search.estimate(points: 200_000, dimensions: 200)
        #expect(small.seconds > 0 && large.seconds > 25 * small.seconds)
        #expect(large.bytes > 200_000 * 90 * 8)
    }
}
