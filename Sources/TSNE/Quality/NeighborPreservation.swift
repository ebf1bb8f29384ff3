package import LinearAlgebra
package import NearestNeighbors

/// How many of the points' nearest neighbours among the input vectors are their nearest neighbours on the map.
package struct NeighborPreservation: Sendable {
    /// Neighbours compared.
    package static let neighbors = 10
    /// Points above which a sample is taken when the neighbours must be sought for this alone.
    package static let allPoints = 20_000
    /// Points in the sample.
    package static let samplePoints = 5_000

    /// The points looked at.
    let queries: [Int]
    /// Their true neighbours, in the same order.
    let truth: NeighborGraph

    /// - Parameter graph: the neighbours of all points among the input vectors; at least 10 of each.
    package init(graph: NeighborGraph) {
        queries = Array(0..<graph.count)
        truth = graph.prefix(Self.neighbors)
    }

    /// Seeks the true neighbours of all points, or of a sample that is always the same.
    /// - Parameter everyPoint: no sample, however many points there are.
    package init(
        searching data: Matrix, with search: ExactNeighbors, everyPoint: Bool = false, isCancelled: @Sendable () -> Bool
    ) throws(NeighborError) {
        var queries = Array(0..<data.rows)
        if data.rows > Self.allPoints, !everyPoint {
            var generator = Philox(seed: 10, stream: 0x6B65_7074)
            // The first places of a shuffle.
            for i in 0..<Self.samplePoints {
                queries.swapAt(i, i + Int(generator.next() % UInt64(queries.count - i)))
            }
            queries = queries.prefix(Self.samplePoints).sorted()
        }
        self.queries = queries
        truth = try search.graph(
            of: data, queries: queries.count == data.rows ? nil : queries, k: Self.neighbors, isCancelled: isCancelled)
    }

    /// The share of its neighbours that each query keeps.
    /// - Parameter found: the nearest on the map of each query.
    package func shares(_ found: [[UInt32]]) -> [Float] {
        let k = truth.neighborsPerPoint
        return found.enumerated().map { i, numbers in
            let own = truth.indices[truth.range(of: i)]
            return k > 0 ? Float(numbers.count { own.contains($0) }) / Float(k) : 1
        }
    }
}
