internal import LinearAlgebra

/// k-means whose centres come one after another: each new one is drawn as in k-means++ (Arthur and Vassilvitskii 2007),
/// the best of a few drawn ones is taken, and Lloyd's passes may move all of them in between.
///
/// The same data and seed give the same centres at any number of threads.
struct GrowingMeans {
    private let data: Matrix
    private let search: ExactNeighbors
    private var generator: Philox
    /// The centres so far, one a row.
    private(set) var centres: Matrix
    /// The nearest centre of each row.
    private(set) var groups: [UInt32]
    /// The squared distance of each row to it.
    private var squares: [Double]

    /// Begins with one centre, a row drawn at random.
    /// - Parameters:
    ///   - data: one vector a row, at least one.
    ///   - search: how distances are measured.
    ///   - seed: seed of the draws.
    init(_ data: Matrix, search: ExactNeighbors, seed: UInt64) throws(NeighborError) {
        self.data = data
        self.search = search
        generator = Philox(seed: seed, stream: 0x6B6D_6561)
        let first = Int(generator.next() % UInt64(data.rows))
        centres = Matrix(rows: 1, columns: data.columns, elements: Array(data.row(first)))
        groups = [UInt32](repeating: 0, count: data.rows)
        squares = try Self.squares(of: data, to: centres, search)[0]
    }

    /// The sum of all squared distances to the nearest centre.
    var inertia: Double { squares.reduce(0, +) }

    /// Adds one centre: of 2 + ln k rows, drawn with probabilities in proportion to their squared distances, the one that
    /// leaves the smallest sum of squares.
    mutating func add() throws(NeighborError) {
        var places: [Double] = []
        places.reserveCapacity(squares.count)
        var sum = 0.0
        for square in squares {
            sum += square
            places.append(sum)
        }
        var count = 2
        while 1 << (count - 1) <= centres.rows { count += 1 }
        let drawn = (0..<count).map { _ in
            let place = Double(generator.nextUniform()) * sum
            return min(places.partitioningIndex { $0 > place }, data.rows - 1)
        }
        let candidates = Matrix(rows: count, columns: data.columns, elements: drawn.flatMap { data.row($0) })
        let distances = try Self.squares(of: data, to: candidates, search)
        let left = distances.map { all in zip(all, squares).reduce(0.0) { $0 + min($1.0, $1.1) } }
        let best = left.indices.min { (left[$0], $0) < (left[$1], $1) } ?? 0
        let number = UInt32(centres.rows)
        centres = Matrix(
            rows: centres.rows + 1, columns: data.columns, elements: centres.elements + candidates.row(best))
        for row in 0..<data.rows where distances[best][row] < squares[row] {
            squares[row] = distances[best][row]
            groups[row] = number
        }
    }

    /// Lloyd's passes, until no row changes its group or so many are done. A group without members keeps its centre.
    mutating func settle(passes: Int) throws(NeighborError) {
        for _ in 0..<passes {
            moveCentres()
            let found = try search.graph(of: data, in: centres, k: 1)
            squares = found.distances.map { Double($0) * Double($0) }
            if found.indices == groups { return }
            groups = found.indices
        }
    }

    private mutating func moveCentres() {
        let (columns, count) = (data.columns, centres.rows)
        let (data, groups) = (data, groups)
        let parts = parallelMap(data.rows, threads: search.threads, grain: max(1024, (data.rows + 15) / 16)) { range in
            var sums = [Double](repeating: 0, count: count * columns)
            var sizes = [Double](repeating: 0, count: count)
            for row in range {
                let group = Int(groups[row])
                sizes[group] += 1
                for (column, value) in data.row(row).enumerated() { sums[group * columns + column] += Double(value) }
            }
            return (sums: sums, sizes: sizes)
        }
        for group in 0..<count {
            let size = parts.reduce(0.0) { $0 + $1.sizes[group] }
            guard size > 0 else { continue }
            for column in 0..<columns {
                let sum = parts.reduce(0.0) { $0 + $1.sums[group * columns + column] }
                centres[group, column] = Float(sum / size)
            }
        }
    }

    /// The squared distances of all rows to each of some points: one array a point.
    private static func squares(
        of data: Matrix, to points: Matrix, _ search: ExactNeighbors
    ) throws(NeighborError) -> [[Double]] {
        let graph = try search.graph(of: data, in: points, k: points.rows)
        var result = [[Double]](repeating: [Double](repeating: 0, count: data.rows), count: points.rows)
        for row in 0..<data.rows {
            for place in graph.range(of: row) {
                result[Int(graph.indices[place])][row] = Double(graph.distances[place]) * Double(graph.distances[place])
            }
        }
        return result
    }
}

extension Array where Element == Double {
    /// The first place, in an ascending array, whose element fulfils a condition that all behind it fulfil too.
    fileprivate func partitioningIndex(where isBehind: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
