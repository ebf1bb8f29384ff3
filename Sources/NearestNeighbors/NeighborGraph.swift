/// The nearest other points of each of some query points.
public struct NeighborGraph: Sendable, Equatable {
    /// Number of query points (all points, unless a part was asked for).
    public let count: Int
    /// Neighbours of each.
    public let neighborsPerPoint: Int
    /// Numbers of the neighbours, `neighborsPerPoint` for each point, nearest first, ties by number.
    public let indices: [UInt32]
    /// Their distances, in the same places, ascending.
    public let distances: [Float]

    /// A graph of the given lists.
    /// - Precondition: both hold `count * neighborsPerPoint` elements.
    public init(count: Int, neighborsPerPoint: Int, indices: [UInt32], distances: [Float]) {
        precondition(
            indices.count == count * neighborsPerPoint && distances.count == indices.count, "one entry a neighbour")
        self.count = count
        self.neighborsPerPoint = neighborsPerPoint
        self.indices = indices
        self.distances = distances
    }

    /// Where the neighbours of a point lie in `indices` and `distances`.
    public func range(of point: Int) -> Range<Int> {
        point * neighborsPerPoint..<(point + 1) * neighborsPerPoint
    }

    /// The graph of the first `count` neighbours of each point (all when there are fewer).
    public func prefix(_ count: Int) -> NeighborGraph {
        let kept = max(0, min(count, neighborsPerPoint))
        guard kept < neighborsPerPoint else { return self }
        var indices: [UInt32] = []
        var distances: [Float] = []
        indices.reserveCapacity(self.count * kept)
        distances.reserveCapacity(self.count * kept)
        for point in 0..<self.count {
            let from = point * neighborsPerPoint
            indices += self.indices[from..<from + kept]
            distances += self.distances[from..<from + kept]
        }
        return NeighborGraph(count: self.count, neighborsPerPoint: kept, indices: indices, distances: distances)
    }

    /// A graph of lists that `body` fills; they are 0 before.
    static func filled(
        count: Int, k: Int, _ body: (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<Float>) -> Void
    ) -> NeighborGraph {
        var distances: [Float] = []
        let indices = [UInt32](unsafeUninitializedCapacity: count * k) { indices, written in
            distances = [Float](unsafeUninitializedCapacity: count * k) { distances, written in
                if let indices = indices.baseAddress, let distances = distances.baseAddress {
                    indices.initialize(repeating: 0, count: count * k)
                    distances.initialize(repeating: 0, count: count * k)
                    body(indices, distances)
                }
                written = count * k
            }
            written = count * k
        }
        return NeighborGraph(count: count, neighborsPerPoint: k, indices: indices, distances: distances)
    }
}
