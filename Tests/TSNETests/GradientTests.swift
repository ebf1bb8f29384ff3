import Foundation
import LinearAlgebra
import Testing

@testable import TSNE

struct GradientTests {
    /// The divergence and its gradient from the formulas, in double precision over all pairs; similarities are w^freedom
    /// with w = 1 / (1 + d² / freedom).
    static func plain(
        _ p: SparseAffinities, _ map: [[Double]], freedom: Double = 1
    ) -> (divergence: Double, gradient: [[Double]]) {
        let n = map.count
        let dimensions = map[0].count
        var z = 0.0
        var repulsion = [[Double]](repeating: [Double](repeating: 0, count: dimensions), count: n)
        func weight(_ i: Int, _ j: Int) -> Double {
            1 / (1 + zip(map[i], map[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / freedom)
        }
        for i in 0..<n {
            for j in 0..<n where j != i {
                let w = weight(i, j)
                z += pow(w, freedom)
                for d in 0..<dimensions { repulsion[i][d] += w * pow(w, freedom) * (map[i][d] - map[j][d]) }
            }
        }
        var divergence = 0.0
        var gradient = repulsion.map { $0.map { -4 * $0 / z } }
        for i in 0..<n {
            for entry in Int(p.starts.base[i])..<Int(p.starts.base[i + 1]) {
                let j = Int(p.columns.base[entry])
                let value = Double(p.values.base[entry])
                divergence += value * log(value / (pow(weight(i, j), freedom) / z))
                for d in 0..<dimensions { gradient[i][d] += 4 * value * weight(i, j) * (map[i][d] - map[j][d]) }
            }
        }
        return (divergence, gradient)
    }

    @Test(arguments: [2, 3], [1, 0.5, 3]) func agreesWithFiniteDifferencesOfTheDivergence(
        dimensions: Int, freedom: Double
    ) throws {
        let p = try affinities(clusters(60), perplexity: 5)
        let layout = uniformMap(60, dimensions: dimensions, width: 4)
        var map = (0..<60).map { layout.row($0).map(Double.init) }
        let found = Descent(p, layout: layout, theta: 0, freedom: freedom, adaGrad: false, threads: 1).gradient()
        #expect(abs(found.divergence - Self.plain(p, map, freedom: freedom).divergence) < 1e-5)
        var largest = 0.0
        for i in 0..<60 { for d in 0..<dimensions { largest = max(largest, abs(4 * Double(found.gradient[i, d]))) } }
        for i in stride(from: 0, to: 60, by: 7) {
            for d in 0..<dimensions {
                let step = 1e-5
                let at = map[i][d]
                map[i][d] = at + step
                let above = Self.plain(p, map, freedom: freedom).divergence
                map[i][d] = at - step
                let below = Self.plain(p, map, freedom: freedom).divergence
                map[i][d] = at
                let slope = (above - below) / (2 * step)
                #expect(abs(slope - 4 * Double(found.gradient[i, d])) < 1e-4 * largest)
            }
        }
    }

    /// The bound of the tree's error: the repulsion (without attraction, by an exaggeration of 0) is within 1 % of all
    /// pairs' for θ = 0.25, 4 % for θ = 0.5, in the mean square, and ln Z within a fifth of that.
    @Test(arguments: [2, 3], [(0.25, 0.01), (0.5, 0.04)])
    func treeIsCloseToAllPairs(dimensions: Int, bound: (theta: Double, error: Double)) throws {
        let p = try affinities(clusters(3000))
        let layout = uniformMap(3000, dimensions: dimensions, width: 60)
        func repulsion(_ theta: Double) -> (gradient: Matrix, divergence: Double) {
            Descent(p, layout: layout, theta: theta, adaGrad: false, threads: 2).gradient(exaggeration: 0)
        }
        let exact = repulsion(0)
        let found = repulsion(bound.theta)
        var difference = 0.0
        var total = 0.0
        for (a, b) in zip(exact.gradient.elements, found.gradient.elements) {
            difference += Double(a - b) * Double(a - b)
            total += Double(a) * Double(a)
        }
        #expect((difference / total).squareRoot() < bound.error)
        #expect(found.gradient != exact.gradient)
        #expect(abs(found.divergence - exact.divergence) < bound.error / 5)
    }

    /// The whole gradient on the grid and by `auto`, also with other degrees of freedom: within 4 % of all pairs' at
    /// θ = 0.5 in the mean square, as the tree's.
    @Test(arguments: [BarnesHutTsne.Configuration.Method.interpolation, .barnesHut, .auto], [1, 0.5, 2])
    func everyMethodIsCloseToAllPairs(method: BarnesHutTsne.Configuration.Method, freedom: Double) throws {
        let p = try affinities(clusters(3000))
        for width in [Float(1e-3), 3, 30, 60] {
            let layout = uniformMap(3000, dimensions: 2, width: width)
            func gradient(_ method: BarnesHutTsne.Configuration.Method) -> (gradient: Matrix, divergence: Double) {
                Descent(
                    p, layout: layout, method: method, theta: 0.5, freedom: freedom, adaGrad: false, threads: 2
                ).gradient()
            }
            let exact = gradient(.exact)
            let found = gradient(method)
            var difference = 0.0
            var total = 0.0
            for (a, b) in zip(exact.gradient.elements, found.gradient.elements) {
                difference += Double(a - b) * Double(a - b)
                total += Double(a) * Double(a)
            }
            #expect((difference / total).squareRoot() < 0.04)
            #expect(abs(found.divergence - exact.divergence) < 0.01)
        }
    }

    @Test(arguments: [2, 3]) func allPairsAgreeWithTheFormula(dimensions: Int) throws {
        let p = try affinities(clusters(203))
        let layout = uniformMap(203, dimensions: dimensions, width: 10)
        let map = (0..<203).map { layout.row($0).map(Double.init) }
        let expected = Self.plain(p, map).gradient
        for theta in [0, 0.01] {
            let found = Descent(p, layout: layout, theta: theta, adaGrad: false, threads: 2).gradient().gradient
            let plain = Matrix(
                rows: 203, columns: dimensions, elements: expected.flatMap { $0.map { Float($0 / 4) } })
            #expect(relativeDifference(plain, found) < 1e-5)
        }
    }

    /// Coincident points, in every number from a pair to all: the tree must count each but the point itself.
    @Test(arguments: [2, 3], [2, 70, 500]) func identicalPlacesAreExact(dimensions: Int, copies: Int) throws {
        let p = try affinities(clusters(500))
        var layout = uniformMap(500, dimensions: dimensions)
        for i in 0..<copies { for d in 0..<dimensions { layout[i, d] = 0.7 } }
        func gradient(_ theta: Double) -> (gradient: Matrix, divergence: Double) {
            Descent(p, layout: layout, theta: theta, adaGrad: false, threads: 2).gradient()
        }
        let exact = gradient(0)
        let found = gradient(0.001)
        #expect(abs(exact.divergence - found.divergence) < 1e-5)
        if copies < 500 { #expect(relativeDifference(exact.gradient, found.gradient) < 1e-4) }
        #expect(found.gradient.elements.allSatisfy { $0.isFinite })
    }

    @Test(arguments: [Float(1e-12), 1e-4, 1e3, 1e9]) func anyScaleOfTheMap(width: Float) throws {
        let p = try affinities(clusters(500))
        let layout = uniformMap(500, dimensions: 2, width: width)
        let found = Descent(p, layout: layout, theta: 0.5, adaGrad: false, threads: 2).gradient()
        #expect(found.divergence.isFinite && found.gradient.elements.allSatisfy { $0.isFinite })
    }

    /// A permutation of the points permutes the gradient.
    @Test(arguments: [BarnesHutTsne.Configuration.Method.exact, .barnesHut, .interpolation])
    func permutationPermutesTheGradient(method: BarnesHutTsne.Configuration.Method) throws {
        let data = clusters(400)
        let layout = uniformMap(400, dimensions: 2)
        func permuted(_ m: Matrix) -> Matrix {
            Matrix(rows: 400, columns: m.columns, elements: (0..<400).flatMap { Array(m.row(($0 * 7) % 400)) })
        }
        let a = Descent(
            try affinities(data), layout: layout, method: method, theta: 0.5, adaGrad: false, threads: 2
        ).gradient()
        let b = Descent(
            try affinities(permuted(data)), layout: permuted(layout), method: method, theta: 0.5, adaGrad: false,
            threads: 2
        ).gradient()
        #expect(relativeDifference(permuted(a.gradient), b.gradient) < 1e-5)
    }

    @Test func mapNeighborsAreExact() {
        for dimensions in [2, 3] {
            let map = uniformMap(700, dimensions: dimensions)
            let found = MapNeighbors(map).nearest(of: Array(0..<700), k: 10, threads: 2)
            for i in 0..<700 {
                var others: [(number: UInt32, square: Float)] = []
                for j in 0..<700 where j != i {
                    var square: Float = 0
                    for d in 0..<dimensions { square += (map[i, d] - map[j, d]) * (map[i, d] - map[j, d]) }
                    others.append((number: UInt32(j), square: square))
                }
                others.sort { $0.square < $1.square }
                let expected = others.prefix(10).map(\.number)
                #expect(Set(found[i]) == Set(expected))
            }
        }
    }
}
