import Foundation
import LinearAlgebra
import NearestNeighbors
import TSNE

/// Six soft clusters: x[i, j] = 3 sin(1.7 (i mod 6)(j + 1)) + sin(12.9898 i + 78.233 (j + 1)) · cos(0.37 i (j + 2)).
func clusters(_ count: Int, columns: Int = 8) -> Matrix {
    var data = Matrix(rows: count, columns: columns)
    for i in 0..<count {
        for j in 0..<columns {
            let centre = 3 * sin(1.7 * Double(i % 6) * Double(j + 1))
            let noise = sin(12.9898 * Double(i) + 78.233 * Double(j + 1)) * cos(0.37 * Double(i) * Double(j + 2))
            data[i, j] = Float(centre + noise)
        }
    }
    return data
}

func uniformMap(_ count: Int, dimensions: Int, width: Float = 20, seed: UInt64 = 1) -> Matrix {
    var generator = Philox(seed: seed)
    return Matrix(
        rows: count, columns: dimensions,
        elements: (0..<count * dimensions).map { _ in (generator.nextUniform() - 0.5) * width })
}

func affinities(_ data: Matrix, perplexity: Double = 15, metric: Metric = .euclidean) throws -> SparseAffinities {
    let graph = try ExactNeighbors(metric: metric).graph(of: data, k: Int(3 * perplexity))
    return SparseAffinities(graph, perplexity: perplexity, threads: 2)
}

func configuration(
    _ iterations: Int, _ change: (inout BarnesHutTsne.Configuration) -> Void = { _ in }
) -> BarnesHutTsne.Configuration {
    var configuration = BarnesHutTsne.Configuration()
    configuration.maxIterations = iterations
    configuration.stopLyingIteration = iterations / 4
    configuration.switchMomentumIteration = iterations / 4
    change(&configuration)
    return configuration
}

/// Largest difference relative to the largest value.
func relativeDifference(_ a: Matrix, _ b: Matrix) -> Double {
    var largest = 0.0
    var difference = 0.0
    for (x, y) in zip(a.elements, b.elements) {
        largest = max(largest, abs(Double(x)))
        difference = max(difference, abs(Double(x) - Double(y)))
    }
    return difference / largest
}
