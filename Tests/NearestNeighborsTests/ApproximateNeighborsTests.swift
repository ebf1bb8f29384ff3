import LinearAlgebra
import NearestNeighbors
import Testing

/// 40 clusters of uniform points.
private func clustered(_ rows: Int, columns: Int) -> Matrix {
    var data = uniform(rows: rows, columns: columns, seed: 2)
    let centres = uniform(rows: 40, columns: columns, seed: 3)
    for i in 0..<rows { for d in 0..<columns { data[i, d] += 3 * centres[i % 40, d] } }
    return data
}

struct ApproximateNeighborsTests {
    @Test(arguments: Metric.allCases) func findsMostOfTheExactNeighbors(metric: Metric) throws {
        let data = clustered(6000, columns: 12)
        let found = try ApproximateNeighbors(metric: metric).graph(of: data, k: 30)
        let exact = try ExactNeighbors(metric: metric).graph(of: data, k: 30)
        var common = 0
        for i in 0..<6000 {
            let range = exact.range(of: i)
            let own = Set(found.graph.indices[range])
            #expect(own.count == 30 && !own.contains(UInt32(i)))
            #expect(found.graph.distances[range].elementsEqual(found.graph.distances[range].sorted()))
            for place in range {
                // A list is never better than the exact one.
                #expect(found.graph.distances[place] >= exact.distances[place])
                if own.contains(exact.indices[place]) { common += 1 }
            }
        }
        let recall = Double(common) / Double(6000 * 30)
        #expect(recall >= 0.95)
        // The recall of 1,000 points tells that of all.
        #expect(abs(found.recall - recall) < 0.02)
        #expect(found.trees > 0 && found.sampledPoints == 1000)
    }

    @Test(arguments: [1, 3]) func sameBytesAtAnyNumberOfThreads(threads: Int) throws {
        let data = clustered(5000, columns: 7)
        let two = try ApproximateNeighbors(threads: 2).graph(of: data, k: 15)
        let other = try ApproximateNeighbors(threads: threads).graph(of: data, k: 15)
        #expect(other.graph == two.graph && other.recall == two.recall && other.trees == two.trees)
    }

    /// All distances agree with those of the exact search where the neighbour is the same.
    @Test func twinsAndFewPoints() throws {
        var data = clustered(4000, columns: 5)
        for i in 0..<1500 { for d in 0..<5 { data[i, d] = 1 } }
        let found = try ApproximateNeighbors().graph(of: data, k: 10)
        let exact = try ExactNeighbors().graph(of: data, k: 10)
        for i in 0..<1500 {
            #expect(found.graph.indices[found.graph.range(of: i)] == exact.indices[exact.range(of: i)])
        }
        let few = try ApproximateNeighbors().graph(of: data.prefix(rows: 1700), k: 10)
        #expect(few.trees == 0 && few.recall == 1)
        #expect(try few.graph == ExactNeighbors().graph(of: data.prefix(rows: 1700), k: 10))
    }

    /// A target that no forest reaches ends at the limit; one point in a last leaf still has its neighbours.
    @Test func everyListIsFull() throws {
        let data = uniform(rows: 1921, columns: 30)
        let found = try ApproximateNeighbors(targetRecall: 0).graph(of: data, k: 20)
        for i in 0..<1921 {
            let own = found.graph.indices[found.graph.range(of: i)]
            #expect(Set(own).count == 20 && !own.contains(UInt32(i)))
        }
        #expect(throws: NeighborError.tooManyNeighbors(wanted: 1000, most: 960)) {
            try ApproximateNeighbors().graph(of: Matrix(rows: 3000, columns: 2), k: 1000)
        }
        #expect(throws: NeighborError.cancelled) {
            try ApproximateNeighbors().graph(of: data, k: 5, isCancelled: { true })
        }
    }

    @Test func methodsByName() {
        #expect(Metric(name: "cosineSimilarity") == .cosine && Metric(name: "MANHATTAN") == .manhattan)
        #expect(Metric(name: "jaccard") == nil)
        #expect(!NeighborMethod.automatic.isApproximate(points: 150_000, k: 90))
        #expect(NeighborMethod.automatic.isApproximate(points: 150_001, k: 90))
        #expect(!NeighborMethod.automatic.isApproximate(points: 1_000_000, k: 3000))
    }
}
