import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing

@testable import TSNE

struct PlacementTests {
    /// θ = 0 sums all points; θ = 0.5 comes near.
    @Test(arguments: [2, 3]) func fieldIsTheSumOverAllPoints(dimensions: Int) {
        let map = uniformMap(900, dimensions: dimensions)
        let exact = FixedField(map, theta: 0)
        let near = FixedField(map, theta: 0.5)
        for place in [SIMD3<Float>(0, 0, 0), SIMD3(3, -7, dimensions > 2 ? 2 : 0), SIMD3(40, 1, 0)] {
            var force = SIMD3<Double>()
            var total = 0.0
            for i in 0..<900 {
                let delta = SIMD3<Double>(place - FixedField.position(map, i))
                let q = 1 / (1 + (delta * delta).sum())
                force += q * q * delta
                total += q
            }
            let length = (force * force).sum().squareRoot()
            for (field, bound) in [(exact, 1e-4), (near, 0.05)] {
                let found = field.repulsion(at: place)
                let difference = SIMD3<Double>(found.force) - force
                #expect((difference * difference).sum().squareRoot() < bound * max(length, 1))
                #expect(abs(Double(found.total) - total) < bound * total)
            }
        }
    }

    /// New points of six clusters land among the old ones of their cluster.
    @Test(arguments: [0, 250]) func newPointsLandInTheirCluster(iterations: Int) throws {
        let data = clusters(900)
        let old = data.prefix(rows: 600)
        let new = Matrix(rows: 300, columns: 8, elements: Array(data.elements[(600 * 8)...]))
        let tsne = BarnesHutTsne(configuration: configuration(250) { $0.perplexity = 15 })
        let map = try tsne.fit(old).coordinates
        var options = PlacementOptions()
        options.iterations = iterations
        let placed = try #require(try tsne.transform(new, onto: map, of: old, options: options))
        let nearest = try ExactNeighbors().graph(of: placed, in: map, k: 1)
        let right = (0..<300).count { Int(nearest.indices[$0]) % 6 == $0 % 6 }
        #expect(right >= 294)
        var one = configuration(250) { $0.perplexity = 15 }
        one.threads = 1
        #expect(try BarnesHutTsne(configuration: one).transform(new, onto: map, of: old, options: options) == placed)
    }

    @Test func wrongShapesAreRefused() throws {
        let data = clusters(50)
        let tsne = BarnesHutTsne()
        #expect(throws: TsneError.self) { try tsne.transform(data, onto: Matrix(rows: 49, columns: 2), of: data) }
        #expect(throws: TsneError.otherColumns(expected: 8, found: 7)) {
            try tsne.transform(Matrix(rows: 2, columns: 7), onto: Matrix(rows: 50, columns: 2), of: data)
        }
        var broken = Matrix(rows: 50, columns: 2)
        broken[3, 1] = .nan
        #expect(throws: TsneError.self) { try tsne.transform(data, onto: broken, of: data) }
    }

    /// A turned, mirrored and moved map is found again.
    @Test(arguments: [2, 3], [false, true]) func procrustesFindsTheTurn(dimensions: Int, mirrored: Bool) {
        let target = uniformMap(40, dimensions: dimensions)
        var map = target
        for i in 0..<40 {
            let (x, y) = (target[i, 0], target[i, 1])
            map[i, 0] = 0.6 * x - 0.8 * y + 3
            map[i, 1] = (mirrored ? -1 : 1) * (0.8 * x + 0.6 * y) - 5
        }
        let aligned = Procrustes.align(map, onto: target, rows: Array(0..<30))
        #expect(relativeDifference(aligned, target) < 1e-4)
        // One row alone: moved there, nothing else to turn by.
        let moved = Procrustes.align(map, onto: target, rows: [7])
        #expect(abs(moved[7, 0] - target[7, 0]) < 1e-4 && moved.elements.allSatisfy(\.isFinite))
    }

    @Test func landmarksMakeAMapOfAllPoints() throws {
        let data = clusters(1200)
        let tsne = BarnesHutTsne(configuration: configuration(250) { $0.perplexity = 10 })
        let map = try tsne.fit(data, landmarks: 400, refinement: 40)
        #expect(map.coordinates.rows == 1200 && map.iterations == 40)
        #expect(try #require(map.trust).trustworthiness > 0.9)
        #expect(tsne.embedding?.coordinates == map.coordinates)
        let placed = try tsne.fit(data, landmarks: 400, refinement: 0)
        let nearest = try ExactNeighbors().graph(of: placed.coordinates, k: 1)
        #expect((0..<1200).count { Int(nearest.indices[$0]) % 6 == $0 % 6 } > 1150)
        #expect(throws: TsneError.self) { try tsne.fit(data, landmarks: 3) }
    }

    /// The neighbours that a search would find give the map that it would give.
    @Test func givenNeighborsTakeThePlaceOfTheSearch() throws {
        let data = clusters(400)
        let tsne = BarnesHutTsne(configuration: configuration(60) { $0.perplexity = 10 })
        let graph = try ExactNeighbors().graph(of: data, k: 30)
        #expect(try tsne.fit(data, neighbors: graph).coordinates == tsne.fit(data).coordinates)
        #expect(throws: TsneError.self) { try tsne.fit(clusters(399), neighbors: graph) }
        let few = try tsne.fit(data, neighbors: graph.prefix(9))
        #expect(few.perplexityUsed == 3 && few.warnings.count == 1)
        var wrong = graph.indices
        wrong[45] = 1
        #expect(throws: TsneError.self) {
            try tsne.fit(
                data,
                neighbors: NeighborGraph(
                    count: 400, neighborsPerPoint: 30, indices: wrong, distances: graph.distances))
        }
    }
}
