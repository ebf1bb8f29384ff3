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

    /// openTSNE's affinities of several perplexities.
    struct Multiscale: Sendable {
        var perplexities: [Double]
        var largest: Double
        var sumOfSquares: Double
        var negativeEntropy: Double
        /// Entries above 1.2e-8.
        var entries: Int
        /// Of rows 0, 17 and 333: the largest entry's column, the entry, the sum.
        var rows: [(row: Int, column: UInt32, entry: Double, sum: Double)]
    }

    // openTSNE 1.0.4 on x = clusters(600) in float32, with perplexities = [10, 50] and [5, 30, 90]:
    // p = openTSNE.affinity.Multiscale(x, perplexities=perplexities, method='exact').P.tocsr()
    // p.max(), p.multiply(p).sum(), (p.data * np.log(p.data)).sum(), (p.data > 1.2e-8).sum()
    // for i in (0, 17, 333): i, p[i].argmax(), p[i].max(), p[i].sum()
    static let multiscale = [
        Multiscale(
            perplexities: [10, 50], largest: 0.0005598493362272594, sumOfSquares: 0.00013550084963725667,
            negativeEntropy: -9.717123776453121, entries: 59408,
            rows: [
                (0, 594, 0.00036580871288067394, 0.0011257224348420907),
                (17, 173, 0.0001555970104618156, 0.0010700661321560484),
                (333, 363, 0.0003190677849898457, 0.001595262566309796),
            ]),
        Multiscale(
            perplexities: [5, 30, 90], largest: 0.0005469877741187867, sumOfSquares: 0.00012620245731351711,
            negativeEntropy: -9.952428681726373, entries: 61052,
            rows: [
                (0, 594, 0.00038733058800958657, 0.001203645677010781),
                (17, 173, 0.00015954176562456193, 0.0011452915708561216),
                (333, 363, 0.00032393220971861766, 0.001625337614154996),
            ]),
    ]

    @Test(arguments: multiscale) func multiscaleAgreesWithOpenTSNE(expected: Multiscale) throws {
        let most = try #require(expected.perplexities.max())
        let graph = try ExactNeighbors().graph(of: clusters(600), k: Int(3 * most))
        let p = SparseAffinities(graph, perplexities: expected.perplexities, threads: 2)
        let values = (0..<p.values.count).map { Double(p.values.base[$0]) }
        #expect(abs((values.max() ?? 0) / expected.largest - 1) < 1e-4)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } / expected.sumOfSquares - 1) < 1e-4)
        #expect(abs(p.negativeEntropy - expected.negativeEntropy) < 1e-4)
        #expect(abs(values.count { $0 > 1.2e-8 } - expected.entries) <= 10)
        for (row, column, entry, sum) in expected.rows {
            let range = Int(p.starts.base[row])..<Int(p.starts.base[row + 1])
            let place = try #require(range.max { values[$0] < values[$1] })
            #expect(p.columns.base[place] == column)
            #expect(abs(values[place] / entry - 1) < 1e-4)
            #expect(abs(range.reduce(0) { $0 + values[$1] } / sum - 1) < 1e-4)
        }
        // The mean of the perplexities is another matrix than that of any of them, and than that of their mean.
        let mean = expected.perplexities.reduce(0, +) / Double(expected.perplexities.count)
        for single in expected.perplexities + [mean] {
            let other = SparseAffinities(graph, perplexity: single, threads: 2)
            #expect(abs(other.negativeEntropy - expected.negativeEntropy) > 0.05)
        }
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
