import LinearAlgebra
import NearestNeighbors
import Testing

/// All pairs in double precision: what the search must find.
func bruteForce(_ data: Matrix, metric: Metric, k: Int) -> [[(index: Int, distance: Double)]] {
    func row(_ i: Int) -> [Double] { data.row(i).map(Double.init) }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    func distance(_ a: [Double], _ b: [Double]) -> Double {
        switch metric {
        case .euclidean: return zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        case .cosine:
            let norms = (dot(a, a) * dot(b, b)).squareRoot()
            return norms > 0 ? 1 - dot(a, b) / norms : 1
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
    @Test(arguments: Metric.allCases, [(1, 3), (2, 1), (300, 7), (1500, 33)])
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
        #expect(graph.distances.allSatisfy { $0 == 0 })
        #expect(graph.indices.prefix(9) == [1, 2, 3, 0, 2, 3, 0, 1, 3])
    }

    @Test func zeroVectorsHaveCosineDistanceOne() throws {
        let data = Matrix(rows: 4, columns: 2, elements: [0, 0, 0, 0, 1, 1, 2, 2])
        let graph = try ExactNeighbors(metric: .cosine).graph(of: data, k: 3)
        #expect(graph.distances.prefix(6).allSatisfy { $0 == 1 })
        #expect(graph.indices[graph.range(of: 2)] == [3, 0, 1])
        #expect(Array(graph.distances[graph.range(of: 2)]) == [0, 1, 1])
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

    @Test func estimateGrowsWithTheSquareOfThePoints() {
        let search = ExactNeighbors(threads: 1)
        let small = search.estimate(points: 1000, dimensions: 50)
        let large = search.estimate(points: 100_000, dimensions: 50)
        #expect(small.seconds > 0 && large.seconds > 1000 * small.seconds)
        #expect(large.bytes > 100_000 * 90 * 8)
    }
}
