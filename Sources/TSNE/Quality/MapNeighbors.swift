package import LinearAlgebra

/// Exact nearest neighbours on a map: a k-d tree over points with 2 or 3 coordinates.
///
/// Which of several points at the same distance is taken is arbitrary, but always the same.
package struct MapNeighbors: Sendable {
    private static let leafPoints = 12
    private let points: Matrix
    /// Numbers of the points; the node over a range has its median in the middle, smaller ones before it.
    private let order: [UInt32]
    /// Coordinates in that order.
    private let sorted: [Float]

    /// The tree over all rows.
    package init(_ points: Matrix) {
        self.points = points
        var order = (0..<points.rows).map { UInt32(truncatingIfNeeded: $0) }
        let width = points.columns
        points.elements.withUnsafeBufferPointer { all in
            order.withUnsafeMutableBufferPointer { order in
                var open = [0..<order.count]
                while let range = open.popLast() {
                    guard range.count > Self.leafPoints else { continue }
                    let axis = Self.widestAxis(all, width, order[range])
                    let middle = range.lowerBound + range.count / 2
                    Self.select(order, range, middle) { all[Int($0) * width + axis] }
                    open.append(range.lowerBound..<middle)
                    open.append(middle..<range.upperBound)
                }
            }
        }
        self.order = order
        var sorted: [Float] = []
        sorted.reserveCapacity(order.count * width)
        for number in order { sorted += points.row(Int(number)) }
        self.sorted = sorted
    }

    private static func widestAxis(
        _ all: UnsafeBufferPointer<Float>, _ width: Int, _ numbers: Slice<UnsafeMutableBufferPointer<UInt32>>
    ) -> Int {
        var best = 0
        var widest: Float = -1
        for axis in 0..<width {
            var low = Float.infinity
            var high = -Float.infinity
            for number in numbers {
                let value = all[Int(number) * width + axis]
                low = min(low, value)
                high = max(high, value)
            }
            if high - low > widest {
                widest = high - low
                best = axis
            }
        }
        return best
    }

    /// Puts the element of rank `middle` in its place, smaller ones before it (Hoare's selection).
    private static func select(
        _ order: UnsafeMutableBufferPointer<UInt32>, _ range: Range<Int>, _ middle: Int, by value: (UInt32) -> Float
    ) {
        var low = range.lowerBound
        var high = range.upperBound - 1
        while low < high {
            let pivot = value(order[(low + high) / 2])
            var i = low
            var j = high
            while i <= j {
                while value(order[i]) < pivot { i += 1 }
                while value(order[j]) > pivot { j -= 1 }
                if i <= j {
                    order.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if middle <= j { high = j } else if middle >= i { low = i } else { return }
        }
    }

    /// Boxes around the points of each node, found on the way down, in the order of a preorder walk.
    private struct Box {
        var low: SIMD3<Float>
        var high: SIMD3<Float>
    }

    /// The k nearest other points of each of the given points, nearest first.
    package func nearest(of queries: [Int], k: Int, threads: Int) -> [[UInt32]] {
        let tree = boxes()
        return parallelMap(queries.count, threads: threads, grain: 256) { range in
            range.map { search(queries[$0], k: k, boxes: tree) }
        }
        .flatMap { $0 }
    }

    /// Nodes are numbered like a heap: the children of node i are 2i + 1 and 2i + 2.
    private func boxes() -> [Box] {
        var levels = 1
        while order.count >> (levels - 1) > Self.leafPoints { levels += 1 }
        var result = [Box](
            repeating: Box(low: SIMD3(repeating: .infinity), high: SIMD3(repeating: -.infinity)),
            count: 1 << (levels + 1)
        )
        fill(&result, node: 0, range: 0..<order.count)
        return result
    }

    private func fill(_ boxes: inout [Box], node: Int, range: Range<Int>) {
        if range.count <= Self.leafPoints {
            let width = points.columns
            for i in range {
                for d in 0..<width {
                    boxes[node].low[d] = min(boxes[node].low[d], sorted[i * width + d])
                    boxes[node].high[d] = max(boxes[node].high[d], sorted[i * width + d])
                }
            }
        } else {
            let middle = range.lowerBound + range.count / 2
            fill(&boxes, node: 2 * node + 1, range: range.lowerBound..<middle)
            fill(&boxes, node: 2 * node + 2, range: middle..<range.upperBound)
            boxes[node].low = pointwiseMin(boxes[2 * node + 1].low, boxes[2 * node + 2].low)
            boxes[node].high = pointwiseMax(boxes[2 * node + 1].high, boxes[2 * node + 2].high)
        }
    }

    private func distance(_ point: SIMD3<Float>, to box: Box) -> Float {
        var square: Float = 0
        for d in 0..<points.columns {
            let outside = max(box.low[d] - point[d], point[d] - box.high[d], 0)
            square += outside * outside
        }
        return square
    }

    private func search(_ query: Int, k: Int, boxes: [Box]) -> [UInt32] {
        let width = points.columns
        var at = SIMD3<Float>()
        for d in 0..<width { at[d] = points[query, d] }
        // The best so far, nearest first.
        var distances = [Float](repeating: .infinity, count: k)
        var numbers = [UInt32](repeating: .max, count: k)
        guard k > 0 else { return [] }
        var open: [(node: Int, range: Range<Int>, distance: Float)] = [(0, 0..<order.count, 0)]
        sorted.withUnsafeBufferPointer { sorted in
            while let (node, range, bound) = open.popLast() {
                if bound >= distances[k - 1] { continue }
                if range.count > Self.leafPoints {
                    let middle = range.lowerBound + range.count / 2
                    let left = (2 * node + 1, range.lowerBound..<middle, distance(at, to: boxes[2 * node + 1]))
                    let right = (2 * node + 2, middle..<range.upperBound, distance(at, to: boxes[2 * node + 2]))
                    open.append(left.2 < right.2 ? right : left)
                    open.append(left.2 < right.2 ? left : right)
                    continue
                }
                for i in range {
                    var square: Float = 0
                    for d in 0..<width {
                        let delta = sorted[i * width + d] - at[d]
                        square += delta * delta
                    }
                    guard square < distances[k - 1], Int(order[i]) != query else { continue }
                    var place = k - 1
                    while place > 0, distances[place - 1] > square {
                        distances[place] = distances[place - 1]
                        numbers[place] = numbers[place - 1]
                        place -= 1
                    }
                    distances[place] = square
                    numbers[place] = order[i]
                }
            }
        }
        return numbers.filter { $0 != .max }
    }
}
