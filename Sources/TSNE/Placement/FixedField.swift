internal import LinearAlgebra

/// The repulsion of the points of a map that stay where they are, on any place: Barnes and Hut's sum over the nodes of
/// a k-d tree.
///
/// A node is taken as one when its width is less than θ times its distance; θ = 0 sums all points.
struct FixedField: Sendable {
    private struct Node {
        var centre: SIMD3<Float>
        /// (width / θ)²
        var limit: Float
        var first: Int32
        var count: Int32
        /// The second child; the first follows its parent. 0 in a leaf.
        var second: Int32
    }

    private static let leafPoints = 8
    private let points: [SIMD3<Float>]
    private let nodes: [Node]

    /// - Parameters:
    ///   - map: one row a point, 2 or 3 columns.
    ///   - theta: accuracy.
    init(_ map: Matrix, theta: Double) {
        var points = (0..<map.rows).map { Self.position(map, $0) }
        var nodes: [Node] = []
        let inverse = theta > 0 ? Float(1 / (theta * theta)) : .infinity
        points.withUnsafeMutableBufferPointer { points in
            func build(_ range: Range<Int>) {
                var low = SIMD3<Float>(repeating: .infinity)
                var high = -low
                var sum = SIMD3<Double>()
                for i in range {
                    low = pointwiseMin(low, points[i])
                    high = pointwiseMax(high, points[i])
                    sum += SIMD3<Double>(points[i])
                }
                let extent = high - low
                let width = extent.max()
                let own = nodes.count
                nodes.append(
                    Node(
                        centre: SIMD3<Float>(sum / Double(range.count)),
                        limit: width > 0 ? width * width * inverse : -1,
                        first: Int32(range.lowerBound), count: Int32(range.count), second: 0))
                guard range.count > Self.leafPoints, width > 0 else { return }
                let axis = extent.x == width ? 0 : extent.y == width ? 1 : 2
                let middle = range.lowerBound + range.count / 2
                Self.divide(points, range, at: middle, axis: axis)
                build(range.lowerBound..<middle)
                nodes[own].second = Int32(nodes.count)
                build(middle..<range.upperBound)
            }
            if !points.isEmpty { build(0..<points.count) }
        }
        self.points = points
        self.nodes = nodes
    }

    static func position(_ map: Matrix, _ row: Int) -> SIMD3<Float> {
        SIMD3(map[row, 0], map[row, 1], map.columns > 2 ? map[row, 2] : 0)
    }

    /// Hoare's selection along an axis.
    private static func divide(
        _ points: UnsafeMutableBufferPointer<SIMD3<Float>>, _ range: Range<Int>, at middle: Int, axis: Int
    ) {
        var low = range.lowerBound
        var high = range.upperBound - 1
        while low < high {
            let pivot = points[(low + high) / 2][axis]
            var i = low
            var j = high
            while i <= j {
                while points[i][axis] < pivot { i += 1 }
                while points[j][axis] > pivot { j -= 1 }
                if i <= j {
                    points.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if middle <= j { high = j } else if middle >= i { low = i } else { return }
        }
    }

    /// Σ (y − y_j) / (1 + |y − y_j|²)² and Σ 1 / (1 + |y − y_j|²) over the points of the map.
    func repulsion(at place: SIMD3<Float>) -> (force: SIMD3<Float>, total: Float) {
        var force = SIMD3<Float>()
        var total: Float = 0
        func add(_ other: SIMD3<Float>, _ mass: Float) {
            let delta = place - other
            let q = 1 / (1 + (delta * delta).sum())
            total += mass * q
            force += mass * q * q * delta
        }
        // The tree is balanced: no path is longer than 64.
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 128) { open in
            nodes.withUnsafeBufferPointer { nodes in
                guard !nodes.isEmpty else { return }
                open[0] = 0
                var depth = 1
                while depth > 0 {
                    depth -= 1
                    let number = open[depth]
                    let node = nodes[Int(number)]
                    let delta = place - node.centre
                    if (delta * delta).sum() > node.limit {
                        add(node.centre, Float(node.count))
                    } else if node.second == 0 {
                        for i in Int(node.first)..<Int(node.first + node.count) { add(points[i], 1) }
                    } else {
                        open[depth] = node.second
                        open[depth + 1] = number + 1
                        depth += 2
                    }
                }
            }
        }
        return (force, total)
    }
}
