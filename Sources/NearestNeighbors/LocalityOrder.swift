internal import CVectorKernels
internal import LinearAlgebra

/// Orders points so that neighbours tend to be near in the order: a tree of halvings, each across the line between two
/// far points of its part (Dasgupta and Freund 2008, "Random projection trees").
enum LocalityOrder {
    /// The rows of a matrix in an order whose runs of `leaf` rows are the tree's leaves.
    /// - Parameters:
    ///   - data: one point a row.
    ///   - rows: the rows to order.
    ///   - leaf: rows in a leaf.
    ///   - seed: which tree.
    ///   - threads: threads to use; the order does not depend on them.
    static func order(of data: Matrix, rows: [UInt32], leaf: Int, seed: UInt64, threads: Int) -> [UInt32] {
        let order = AlignedBuffer<UInt32>(count: rows.count)
        for i in 0..<rows.count { order.base[i] = rows[i] }
        let keys = AlignedBuffer<Float>(count: rows.count)
        let columns = data.columns
        var parts = [0..<rows.count]
        var level: UInt64 = 0
        data.elements.withUnsafeBufferPointer { elements in
            guard let all = elements.baseAddress, columns > 0 else { return }
            nonisolated(unsafe) let base = all
            while parts.contains(where: { $0.count > leaf }) {
                let split = parts.filter { $0.count > leaf }
                // A part to a thread, or all threads to a part when there are few.
                let (outer, inner) = split.count >= threads ? (threads, 1) : (1, threads)
                let seed = seed &+ level << 32
                parallelFor(split.count, threads: outer, grain: 1) { range in
                    for part in range.map({ split[$0] }) {
                        let direction = Self.direction(base, columns, order.base, part, seed)
                        parallelFor(part.count, threads: inner, grain: 4096) { places in
                            for i in places {
                                let place = part.lowerBound + i
                                keys.base[place] = kernels.dot(
                                    direction, base + Int(order.base[place]) * columns, columns)
                            }
                        }
                        Self.divide(keys.base, order.base, part, at: Self.middle(part, leaf: leaf))
                    }
                }
                parts = parts.flatMap { part in
                    guard part.count > leaf else { return [part] }
                    let middle = Self.middle(part, leaf: leaf)
                    return [part.lowerBound..<middle, middle..<part.upperBound]
                }
                level += 1
            }
        }
        return Array(UnsafeBufferPointer(start: order.base, count: rows.count))
    }

    /// Half of the part's leaves.
    private static func middle(_ part: Range<Int>, leaf: Int) -> Int {
        part.lowerBound + (part.count + leaf - 1) / leaf / 2 * leaf
    }

    /// The difference of a far point and the one farthest from it, among some 200 points of the part.
    private static func direction(
        _ base: UnsafePointer<Float>, _ columns: Int, _ order: UnsafePointer<UInt32>, _ part: Range<Int>, _ seed: UInt64
    ) -> [Float] {
        var generator = Philox(seed: seed, stream: UInt64(part.lowerBound))
        var ends = [Int](repeating: part.lowerBound + Int(generator.next() % UInt64(part.count)), count: 2)
        for pass in 0..<2 {
            let from = base + Int(order[ends[pass]]) * columns
            var farthest: Float = -1
            var found = ends[pass]
            for _ in 0..<100 {
                let place = part.lowerBound + Int(generator.next() % UInt64(part.count))
                let square = kernels.squared_distance(from, base + Int(order[place]) * columns, columns)
                if square > farthest {
                    farthest = square
                    found = place
                }
            }
            ends[1 - pass] = found
        }
        let (a, b) = (base + Int(order[ends[0]]) * columns, base + Int(order[ends[1]]) * columns)
        return (0..<columns).map { a[$0] - b[$0] }
    }

    /// Puts the points with the smaller keys before `middle` (Hoare's selection); ties may fall either way.
    private static func divide(
        _ keys: UnsafeMutablePointer<Float>, _ order: UnsafeMutablePointer<UInt32>, _ part: Range<Int>, at middle: Int
    ) {
        // What is not a number (an overflow) sorts first.
        for i in part where keys[i].isNaN { keys[i] = -.infinity }
        var low = part.lowerBound
        var high = part.upperBound - 1
        while low < high {
            let pivot = keys[(low + high) / 2]
            var i = low
            var j = high
            while i <= j {
                while keys[i] < pivot { i += 1 }
                while keys[j] > pivot { j -= 1 }
                if i <= j {
                    (keys[i], keys[j]) = (keys[j], keys[i])
                    (order[i], order[j]) = (order[j], order[i])
                    i += 1
                    j -= 1
                }
            }
            if middle <= j { high = j } else if middle >= i { low = i } else { return }
        }
    }
}
