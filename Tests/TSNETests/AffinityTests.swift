import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing

@testable import TSNE

struct AffinityTests {
    @Test(arguments: [1.5, 5, 30]) func rowsHaveThePerplexity(perplexity: Double) throws {
        let graph = try ExactNeighbors().graph(of: clusters(400), k: max(4, Int(3 * perplexity)))
        let weights = SparseAffinities.conditional(graph, perplexity: perplexity, threads: 2)
        for i in 0..<graph.count {
            let row = weights[graph.range(of: i)].map(Double.init)
            #expect(abs(row.reduce(0, +) - 1) < 1e-5)
            let entropy = row.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
            #expect(abs(exp(entropy) - perplexity) < 1e-3 * perplexity)
        }
    }

    // openTSNE 1.0.4 on clusters(600): a = openTSNE.affinity.PerplexityBasedNN(x, perplexity=30, method='exact').P
    // a.nnz, a.max() -> 56810, 0.00043030160985004705
    @Test func agreesWithOpenTSNE() throws {
        let p = try affinities(clusters(600), perplexity: 30)
        #expect(p.columns.count == 56810)
        let largest = (0..<p.values.count).map { p.values.base[$0] }.max() ?? 0
        #expect(abs(Double(largest) / 0.00043030160985004705 - 1) < 1e-4)
    }

    @Test(arguments: Metric.allCases) func symmetricWithSumOne(metric: Metric) throws {
        let p = try affinities(clusters(300), metric: metric)
        var entries: [SIMD2<UInt32>: Float] = [:]
        var sum = 0.0
        for i in 0..<300 {
            for entry in Int(p.starts.base[i])..<Int(p.starts.base[i + 1]) {
                entries[SIMD2(UInt32(i), p.columns.base[entry])] = p.values.base[entry]
                sum += Double(p.values.base[entry])
            }
        }
        #expect(entries.count == p.columns.count)
        #expect(abs(sum - 1) < 1e-6)
        for (place, value) in entries {
            #expect(entries[SIMD2(place.y, place.x)] == value)
            #expect(place.x != place.y)
        }
    }

    @Test func identicalPointsShareEqually() throws {
        let data = Matrix(rows: 50, columns: 3, elements: [Float](repeating: 1, count: 150))
        let graph = try ExactNeighbors().graph(of: data, k: 9)
        #expect(SparseAffinities.conditional(graph, perplexity: 3, threads: 1).allSatisfy { $0 == 1 / Float(9) })
    }

    /// Normalising changes no Euclidean affinity and no gradient.
    @Test func normalisingLeavesTheAffinities() throws {
        let data = clusters(500)
        let normalized = Preparation.normalized(data, threads: 2)
        #expect(normalized != data)
        let layout = uniformMap(500, dimensions: 2)
        let gradients = try [data, normalized].map { data in
            Descent(try affinities(data), layout: layout, theta: 0, adaGrad: false, threads: 2).gradient().gradient
        }
        #expect(relativeDifference(gradients[0], gradients[1]) < 1e-5)
        let a = SparseAffinities.conditional(
            try ExactNeighbors().graph(of: data, k: 45), perplexity: 15, threads: 2)
        let b = SparseAffinities.conditional(
            try ExactNeighbors().graph(of: normalized, k: 45), perplexity: 15, threads: 2)
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 * max($0, 0.05) })
    }

    @Test func renumberingKeepsEveryEntry() throws {
        let p = try affinities(clusters(120))
        let order = AlignedBuffer<UInt32>(count: 120)
        for i in 0..<120 { order.base[i] = UInt32((i * 7) % 120) }
        let q = p.renumbered(order, threads: 2)
        for i in 0..<120 {
            let old = Int(order.base[i])
            let range = Int(q.starts.base[i])..<Int(q.starts.base[i + 1])
            let from = Int(p.starts.base[old])
            #expect(range.count == Int(p.starts.base[old + 1]) - from)
            for (j, entry) in range.enumerated() {
                #expect(order.base[Int(q.columns.base[entry])] == p.columns.base[from + j])
                #expect(q.values.base[entry] == p.values.base[from + j])
            }
        }
    }
}
