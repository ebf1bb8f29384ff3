import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing

@testable import TSNE

/// Rank of each point by distance from each other, both by brute force.
private func ranks(_ data: Matrix) -> [[Int]] {
    (0..<data.rows).map { i in
        let distances = (0..<data.rows).map { j in
            zip(data.row(i), data.row(j)).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
        }
        let order = (0..<data.rows).filter { $0 != i }.sorted { (distances[$0], $0) < (distances[$1], $1) }
        var ranks = [Int](repeating: 0, count: data.rows)
        for (place, j) in order.enumerated() { ranks[j] = place + 1 }
        return ranks
    }
}

struct TrustTests {
    /// By the definition of Venna and Kaski, over all pairs.
    @Test func agreesWithTheDefinition() throws {
        let data = clusters(300)
        let map = uniformMap(300, dimensions: 2)
        let preservation = NeighborPreservation(graph: try ExactNeighbors().graph(of: data, k: 10))
        let trust = TrustMeasurement(
            data: data, metric: .euclidean, preservation: preservation, everyPoint: true, threads: 2
        ).trust(of: map)
        let (among, onMap) = (ranks(data), ranks(map))
        let k = 10
        var (kept, trusts, continuities) = (0, 0, 0)
        for i in 0..<300 {
            var (own, penalty) = (0, 0)
            for j in 0..<300 where j != i {
                let (true_, shown) = (among[i][j] <= k, onMap[i][j] <= k)
                if true_, shown { own += 1 }
                if shown, !true_ { trusts += among[i][j] - k }
                if true_, !shown { penalty += onMap[i][j] - k }
            }
            kept += own
            continuities += penalty
            let byPoint = try #require(trust.continuityByPoint)
            #expect(try #require(trust.keptByPoint)[i] == Float(own) / 10)
            #expect(abs(Double(byPoint[i]) - (1 - 2 * Double(penalty) / Double(k * (600 - 31)))) < 1e-4)
        }
        let scale = 2 / Double(300 * k * (600 - 3 * k - 1))
        #expect(abs(trust.neighborsKept - Double(kept) / 3000) < 1e-6)
        #expect(abs(trust.trustworthiness - (1 - scale * Double(trusts))) < 1e-4)
        #expect(abs(trust.continuity - (1 - scale * Double(continuities))) < 1e-4)
        #expect(abs(trust.shepardCorrelation) < 0.1)
        #expect(trust.sampledPoints == 300)
    }

    @Test func aFlatInputIsItsOwnPerfectMap() throws {
        let data = uniformMap(2500, dimensions: 2)
        let preservation = NeighborPreservation(graph: try ExactNeighbors().graph(of: data, k: 10))
        let trust = TrustMeasurement(
            data: data, metric: .euclidean, preservation: preservation, everyPoint: false, threads: 2
        ).trust(of: data)
        #expect(trust.neighborsKept > 0.999 && trust.trustworthiness > 0.99999 && trust.continuity > 0.99999)
        #expect(trust.shepardCorrelation > 0.99999)
        #expect(trust.keptByPoint == nil && trust.continuityByPoint == nil && trust.sampledPoints == 1250)
    }

    @Test func aMapTellsEveryPointWhenAsked() throws {
        let map = try BarnesHutTsne(
            configuration: configuration(200) {
                $0.perplexity = 10
                $0.pointTrust = true
            }
        ).fit(clusters(300))
        let trust = try #require(map.trust)
        let kept = try #require(trust.keptByPoint)
        #expect(kept.count == 300 && trust.continuityByPoint?.count == 300)
        #expect(abs(kept.reduce(0, +) / 300 - Float(trust.neighborsKept)) < 1e-5)
        #expect(trust.trustworthiness > 0.8 && trust.continuity > 0.8)
    }

    @Test func theApproximateSearchMakesAMap() throws {
        let map = try BarnesHutTsne(
            configuration: configuration(30) {
                $0.perplexity = 8
                $0.neighborMethod = .approximate
            }
        ).fit(clusters(3000))
        #expect(try #require(map.neighborRecall) >= 0.95)
        let exact = try BarnesHutTsne(configuration: configuration(5) { $0.perplexity = 8 }).fit(clusters(500))
        #expect(exact.neighborRecall == nil)
    }

    /// Several perplexities: the means of the conditional affinities of each, over the neighbours of the largest.
    @Test func severalPerplexities() throws {
        let graph = try ExactNeighbors().graph(of: clusters(200), k: 60)
        let both = SparseAffinities(graph, perplexities: [4, 20], threads: 2)
        let a = SparseAffinities.conditional(graph, perplexity: 4, threads: 1)
        let b = SparseAffinities.conditional(graph, perplexity: 20, threads: 1)
        var expected = [Double](repeating: 0, count: 200 * 200)
        for i in 0..<200 {
            for entry in graph.range(of: i) {
                let j = Int(graph.indices[entry])
                let share = (Double(a[entry]) + Double(b[entry])) / 2 / 400
                expected[i * 200 + j] += share
                expected[j * 200 + i] += share
            }
        }
        for i in 0..<200 {
            for entry in Int(both.starts.base[i])..<Int(both.starts.base[i + 1]) {
                let value = expected[i * 200 + Int(both.columns.base[entry])]
                #expect(abs(Double(both.values.base[entry]) - value) < 1e-6 * max(value, 1e-3))
            }
        }
        let map = try BarnesHutTsne(configuration: configuration(20) { $0.perplexities = [5, 400] }).fit(clusters(100))
        #expect(map.perplexityUsed == 33 && map.warnings.contains { $0.contains("400") })
    }
}
