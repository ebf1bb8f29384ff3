import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing

@testable import TSNE

/// What holds for every map, over drawn numbers of points, columns and dimensions, perplexities, metrics, methods,
/// duplicates and scales.
struct PropertyTests {
    struct Draw: Sendable, CustomTestStringConvertible {
        let data: Matrix
        let options: BarnesHutTsne.Configuration
        let metric: Metric
        let testDescription: String

        init(seed: UInt64) {
            var numbers = Philox(seed: seed, stream: 0x7072_6F70)
            func pick<T>(_ values: [T]) -> T { values[Int(numbers.next() % UInt64(values.count))] }
            let rows = pick([4, 5, 9, 13, 31, 64, 150, 301])
            let columns = pick([1, 2, 3, 17, 50])
            let scale: Float = pick([1, 1, 1e-30, 1e30, 1e4])
            let same = pick([0, 0, 1, rows / 2, rows])
            var data = Matrix(rows: rows, columns: columns, elements: numbers.normals(rows * columns))
            for i in 1...max(1, same) where i < rows && same > 0 {
                for j in 0..<columns { data[i, j] = data[0, j] }
            }
            for i in data.elements.indices { data.elements[i] *= scale }
            var options = configuration(60)
            options.dimensions = pick([2, 3])
            options.perplexity = pick([1, 2.5, 10, 30, 100])
            options.method = pick(
                options.dimensions == 2 ? [.auto, .barnesHut, .interpolation, .exact] : [.auto, .barnesHut, .exact])
            options.theta = pick([0.2, 0.5])
            options.degreesOfFreedom = pick([1, 1, 0.5, 2])
            options.initialization = pick([.pca, .random])
            options.useAdaGrad = pick([false, false, true])
            options.normalize = false
            options.seed = seed
            options.threads = 2
            let metric = pick(Metric.allCases)
            (self.data, self.options, self.metric) = (data, options, metric)
            testDescription =
                "seed \(seed): \(rows) x \(columns), scale \(scale), \(same) equal, \(options.dimensions)-D, "
                + "perplexity \(options.perplexity), \(options.method), \(metric)"
        }
    }

    @Test(arguments: (1...40).map { Draw(seed: $0) }) func everyMap(draw: Draw) throws {
        let map = try BarnesHutTsne(configuration: draw.options).fit(draw.data, metric: draw.metric)
        let n = draw.data.rows
        #expect(map.iterations == 60 && !map.cancelled)
        #expect(map.coordinates.rows == n && map.coordinates.columns == draw.options.dimensions)
        #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
        #expect(map.perplexityUsed == min(draw.options.perplexity, max(1, Double(n - 1) / 3)))
        #expect(map.warnings.contains { $0.hasPrefix("perplexity") } == (map.perplexityUsed < draw.options.perplexity))
        // Centred, as far as its extent lets a Float tell.
        let extent = map.coordinates.elements.reduce(0) { max($0, abs($1)) }
        for mean in map.coordinates.columnMeans(threads: 1) { #expect(abs(mean) <= 1e-3 * Double(extent)) }
        #expect((map.trust == nil) == (n < 12))
        if let trust = map.trust {
            for share in [trust.neighborsKept, trust.trustworthiness, trust.continuity] {
                #expect((0...1).contains(share))
            }
        }
        // The divergence is that of the map, by the formula over all pairs.
        let graph = try ExactNeighbors(metric: draw.metric).graph(
            of: Preparation.moderate(draw.data), k: min(n - 1, max(1, Int(3 * map.perplexityUsed))))
        let p = SparseAffinities(graph, perplexity: map.perplexityUsed, threads: 1)
        let places = (0..<n).map { map.coordinates.row($0).map(Double.init) }
        let expected = GradientTests.plain(p, places, freedom: draw.options.degreesOfFreedom).divergence
        #expect(abs(map.klDivergence - expected) < 0.01 * max(1, expected))
        // The same bytes by one thread.
        var alone = draw.options
        alone.threads = 1
        let other = try BarnesHutTsne(configuration: alone).fit(draw.data, metric: draw.metric)
        #expect(other.coordinates == map.coordinates)
    }
}
