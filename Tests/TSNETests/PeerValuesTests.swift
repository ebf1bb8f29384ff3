import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing

@testable import TSNE

/// Affinities, divergence and gradient on a fixed set and a fixed map against those of scikit-learn and openTSNE.
///
/// The set is x = `clusters(600)`, the map y[i] = (9 sin 1.1 i, 7 cos 0.006 i²), both in float32. In Python:
///
///     from sklearn.neighbors import NearestNeighbors
///     from sklearn.manifold._t_sne import _joint_probabilities_nn, _kl_divergence
///     d = NearestNeighbors(n_neighbors=91).fit(x).kneighbors_graph(mode="distance"); d.data **= 2
///     p = _joint_probabilities_nn(d, 30, 0).tocsr()
///     p.nnz, p.max(), (p.data ** 2).sum(), (p.data * np.log(p.data)).sum()
///     kl, g = _kl_divergence(y.astype(float).ravel(), squareform(p.toarray(), checks=False), 1, 600, 2)
///     kl, np.linalg.norm(g), g.reshape(-1, 2)[[0, 17, 333]]
///
///     a = openTSNE.affinity.PerplexityBasedNN(x, perplexity=30, method="exact")
///     e = openTSNE.TSNEEmbedding(y.astype(float), a, negative_gradient_method="bh", theta=0, n_jobs=1)
///     kl, g = openTSNE.tsne.kl_divergence_bh(e, a.P, 1, {"theta": 0}, should_eval_error=True, n_jobs=1)
struct PeerValuesTests {
    struct Peer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Neighbours that it takes at perplexity 30.
        var neighbors: Int
        var entries: Int
        var largest: Double
        var divergence: Double
        /// Its gradient is so many times a quarter of the divergence's.
        var factor: Double
        var norm: Double
        /// Of points 0, 17 and 333.
        var gradient: [SIMD2<Double>]
    }

    static let peers = [
        Peer(
            testDescription: "scikit-learn 1.9.1", neighbors: 91, entries: 57158, largest: 0.00043060714689090293,
            divergence: 4.070848359373836, factor: 4, norm: 0.015268638792448212,
            gradient: [
                SIMD2(0.00020451549857156134, -0.00038243129442760515),
                SIMD2(4.7675381047150633e-05, 0.00010935186986973858),
                SIMD2(8.859288547982402e-05, 0.0005180474189142349),
            ]),
        Peer(
            testDescription: "openTSNE 1.0.4", neighbors: 90, entries: 56810, largest: 0.00043030160985004705,
            divergence: 4.070660991435741, factor: 1, norm: 0.0038169483236326937,
            gradient: [
                SIMD2(5.10267243e-05, -9.57442478e-05), SIMD2(1.18818014e-05, 2.73199971e-05),
                SIMD2(2.21116807e-05, 1.29547580e-04),
            ]),
    ]

    @Test(arguments: peers) func affinitiesDivergenceAndGradient(peer: Peer) throws {
        let graph = try ExactNeighbors().graph(of: clusters(600), k: peer.neighbors)
        let p = SparseAffinities(graph, perplexity: 30, threads: 2)
        #expect(p.columns.count == peer.entries)
        let largest = (0..<p.values.count).map { p.values.base[$0] }.max() ?? 0
        #expect(abs(Double(largest) / peer.largest - 1) < 1e-4)
        if peer.factor == 4 {
            let squares = (0..<p.values.count).reduce(0.0) {
                $0 + Double(p.values.base[$1]) * Double(p.values.base[$1])
            }
            #expect(abs(squares / 9.873475967034115e-05 - 1) < 1e-4)
            #expect(abs(p.negativeEntropy - -9.865280920317819) < 1e-4)
        }
        var map = Matrix(rows: 600, columns: 2)
        for i in 0..<600 {
            map[i, 0] = Float(9 * sin(1.1 * Double(i)))
            map[i, 1] = Float(7 * cos(0.6 * Double(i * i) / 100))
        }
        let found = Descent(p, layout: map, method: .exact, theta: 0, adaGrad: false, threads: 2).gradient()
        #expect(abs(found.divergence - peer.divergence) < 2e-5)
        let norm = found.gradient.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(peer.factor * norm / peer.norm - 1) < 1e-4)
        for (row, expected) in zip([0, 17, 333], peer.gradient) {
            let own = SIMD2(Double(found.gradient[row, 0]), Double(found.gradient[row, 1]))
            let difference = peer.factor * own - expected
            #expect(length(difference) < 2e-3 * length(expected))
        }
    }

    private func length(_ vector: SIMD2<Double>) -> Double { (vector * vector).sum().squareRoot() }

    /// A permutation of the points permutes the affinities, to 1e-5 of each.
    @Test(arguments: [Metric.euclidean, .cosine, .manhattan]) func permutationPermutesTheAffinities(
        metric: Metric
    ) throws {
        let data = clusters(400)
        let permuted = Matrix(rows: 400, columns: 8, elements: (0..<400).flatMap { Array(data.row(($0 * 7) % 400)) })
        func entries(_ data: Matrix, _ number: (Int) -> Int) throws -> [SIMD2<Int>: Double] {
            let p = try affinities(data, metric: metric)
            var result: [SIMD2<Int>: Double] = [:]
            for i in 0..<400 {
                for entry in Int(p.starts.base[i])..<Int(p.starts.base[i + 1]) {
                    result[SIMD2(number(i), number(Int(p.columns.base[entry])))] = Double(p.values.base[entry])
                }
            }
            return result
        }
        let one = try entries(data) { $0 }
        let other = try entries(permuted) { ($0 * 7) % 400 }
        #expect(one.count == other.count && one.count > 400 * 45)
        for (place, value) in one { #expect(abs((other[place] ?? 0) - value) <= 1e-5 * value) }
    }
}
