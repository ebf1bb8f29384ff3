import LinearAlgebra
import NearestNeighbors
import Testing

struct VectorClustersTests {
    /// Eight tight groups of known members.
    @Test(arguments: [Metric.euclidean, .cosine]) func findsTheGroups(metric: Metric) throws {
        var data = uniform(rows: 700, columns: 10, seed: 4)
        let centres = uniform(rows: 8, columns: 10, seed: 5)
        for i in 0..<700 { for d in 0..<10 { data[i, d] = 0.1 * data[i, d] + 4 * centres[i % 8, d] } }
        let found = try VectorClusters(of: data, metric: metric)
        #expect(found.count == 8 && found.silhouette > 0.7)
        for i in 0..<700 { #expect(found.assignments[i] == found.assignments[i % 8]) }
        #expect(Set(found.assignments.prefix(8)).count == 8)
        #expect(try VectorClusters(of: data, metric: metric, threads: 1) == found)
        let names = found.names(labels: (0..<700).map { "w\($0)" })
        #expect(names[Int(found.assignments[3])] == "w3, w11, w19")
        let counted = found.names(labels: (0..<700).map { "w\($0)" }, counts: Array(1...700), words: 1)
        #expect(counted[Int(found.assignments[3])] == "w699")
    }

    /// Rows around random centres, `noise` being the standard deviation of each coordinate (the centres': 1).
    private func groups(_ count: Int, rows: Int, columns: Int, noise: Float, seed: UInt64) -> Matrix {
        var generator = Philox(seed: seed)
        // Twelve uniform numbers: normal enough.
        func normal() -> Float { (0..<12).reduce(-6) { sum, _ in sum + generator.nextUniform() } }
        let centres = (0..<count * columns).map { _ in normal() }
        return Matrix(
            rows: rows, columns: columns,
            elements: (0..<rows * columns).map {
                centres[$0 / columns % count * columns + $0 % columns] + noise * normal()
            })
    }

    @Test(
        "the number of groups that were made is found", arguments: [Metric.euclidean, .cosine],
        [(1, 1), (3, 0.1), (8, 0.1), (8, 0.3), (30, 0.1)])
    func findsTheNumber(metric: Metric, made: (count: Int, noise: Float)) throws {
        for seed: UInt64 in 1...3 {
            let data = groups(made.count, rows: 1200, columns: 10, noise: made.noise, seed: seed)
            let found = try VectorClusters(of: data, metric: metric)
            // Of 30 groups k-means may split one.
            #expect(abs(found.count - made.count) <= made.count / 30, "seed \(seed)")
            if made.count > 1 {
                #expect(
                    Set(zip(found.assignments, (0..<1200).map { $0 % made.count }).map { [Int($0), $1] }).count
                        < made.count + made.count / 2, "seed \(seed)")
            }
        }
    }

    /// Long in some directions, without a seam: nothing to part.
    @Test(arguments: [60, 200, 1000]) func stretchedPointsAreOneGroup(rows: Int) throws {
        for seed: UInt64 in 1...3 {
            var data = groups(1, rows: rows, columns: 12, noise: 1, seed: seed)
            for row in 0..<rows { for column in 0..<12 { data[row, column] *= Float(column + 1) } }
            #expect(try VectorClusters(of: data, metric: .euclidean).count == 1, "seed \(seed)")
        }
    }

    @Test func repeatedPointsAreTheirOwnGroups() throws {
        let points = uniform(rows: 6, columns: 3)
        let data = Matrix(rows: 90, columns: 3, elements: (0..<90).flatMap { points.row($0 % 6) })
        #expect(try VectorClusters(of: data, metric: .euclidean).count == 6)
    }

    @Test func fewRows() throws {
        #expect(try VectorClusters(of: Matrix(rows: 0, columns: 3), metric: .euclidean).count == 0)
        #expect(try VectorClusters(of: Matrix(rows: 1, columns: 3), metric: .cosine).assignments == [0])
        // All equal: however many centres, one group.
        #expect(try VectorClusters(of: Matrix(rows: 50, columns: 3), metric: .euclidean).count == 1)
        let three = try VectorClusters(of: uniform(rows: 30, columns: 3), metric: .euclidean, count: 3)
        #expect(three.count == 3 && three.assignments.allSatisfy { $0 < 3 })
    }
}
