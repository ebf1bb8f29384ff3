public import LinearAlgebra

/// Groups of vectors by k-means, for colouring maps; their number is found when none is given.
///
/// Under cosine the centres have length 1 (spherical k-means). The same data and seed give the same groups at any number
/// of threads.
public struct VectorClusters: Sendable, Equatable {
    /// The group of each row, 0 ..< count; the largest group is 0.
    public let assignments: [UInt32]
    /// Number of groups.
    public let count: Int
    /// How well the groups are apart, −1…1: the simplified silhouette (Hruschka et al. 2004), the mean over the rows of
    /// (b − a) / b, where a is the distance to the own centre and b that to the next one.
    public let silhouette: Double

    /// Numbers of groups that are tried when none is given.
    public static let triedCounts = [4, 5, 6, 8, 10, 12, 16, 20]
    /// Rows above which the centres are found on a sample.
    public static let sampleRows = 20_000
    private static let passes = 25

    /// Finds groups.
    /// - Parameters:
    ///   - data: one vector a row.
    ///   - metric: how far apart vectors are; means are made in the same way under all of them.
    ///   - count: number of groups, at most as many as there are rows; `nil`: the one of `triedCounts` with the best
    ///     silhouette.
    ///   - seed: seed of the first centres and of the sample.
    ///   - threads: threads to use.
    /// - Throws: `NeighborError`.
    public init(
        of data: Matrix, metric: Metric, count: Int? = nil, seed: UInt64 = 1, threads: Int = availableProcessors
    ) throws(NeighborError) {
        guard data.rows > 0 else {
            (assignments, self.count, silhouette) = ([], 0, 0)
            return
        }
        // Lengths do not count under cosine: the means shall not depend on them.
        let vectors = metric == .cosine ? Self.unit(data) : data
        let search = ExactNeighbors(metric: metric, threads: threads)
        let sample = Self.sample(of: vectors, seed: seed)
        let tried = count.map { [max(1, $0)] } ?? Self.triedCounts
        var best: (centres: Matrix, silhouette: Double)?
        for number in Set(tried.map { min($0, sample.rows) }).sorted() {
            let centres = try Self.centres(of: sample, count: number, search: search, seed: seed)
            let value = try Self.silhouette(of: sample, centres, search)
            if value > best?.silhouette ?? -.infinity { best = (centres, value) }
        }
        let centres = best?.centres ?? sample.prefix(rows: 1)
        let nearest = try search.graph(of: vectors, in: centres, k: 1).indices
        var sizes = [Int](repeating: 0, count: centres.rows)
        for group in nearest { sizes[Int(group)] += 1 }
        let order = sizes.indices.filter { sizes[$0] > 0 }.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        var numbers = [UInt32](repeating: 0, count: centres.rows)
        for (number, group) in order.enumerated() { numbers[group] = UInt32(number) }
        assignments = nearest.map { numbers[Int($0)] }
        self.count = order.count
        silhouette = best?.silhouette ?? 0
    }

    /// The most frequent words of each group, joined by commas.
    /// - Parameters:
    ///   - labels: one a row.
    ///   - counts: occurrences of each; `nil` when the rows are in the order of frequency.
    ///   - words: words of each name.
    public func names(labels: [String], counts: [Int]? = nil, words: Int = 3) -> [String] {
        precondition(labels.count == assignments.count, "one label a row")
        let order = counts.map { counts in labels.indices.sorted { (counts[$1], $0) < (counts[$0], $1) } }
        var names = [[String]](repeating: [], count: count)
        for row in order ?? Array(labels.indices) {
            let group = Int(assignments[row])
            if names[group].count < words { names[group].append(labels[row]) }
        }
        return names.map { $0.joined(separator: ", ") }
    }

    private static func unit(_ data: Matrix) -> Matrix {
        var result = data
        for row in 0..<data.rows {
            let norm = data.row(row).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard norm > 0 else { continue }
            for column in 0..<data.columns { result[row, column] = Float(Double(data[row, column]) / norm) }
        }
        return result
    }

    private static func sample(of data: Matrix, seed: UInt64) -> Matrix {
        guard data.rows > sampleRows else { return data }
        var generator = Philox(seed: seed, stream: 0x636C_7573)
        var elements: [Float] = []
        var order = Array(0..<data.rows)
        for i in 0..<sampleRows { order.swapAt(i, i + Int(generator.next() % UInt64(data.rows - i))) }
        for row in order.prefix(sampleRows).sorted() { elements += data.row(row) }
        return Matrix(rows: sampleRows, columns: data.columns, elements: elements)
    }

    /// k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's passes until nothing changes.
    private static func centres(
        of data: Matrix, count: Int, search: ExactNeighbors, seed: UInt64
    ) throws(NeighborError) -> Matrix {
        var generator = Philox(seed: seed, stream: 0x6B6D_6561)
        var chosen = [Int(generator.next() % UInt64(data.rows))]
        var nearest = [Double](repeating: .infinity, count: data.rows)
        while chosen.count < count {
            let last = Matrix(rows: 1, columns: data.columns, elements: Array(data.row(chosen[chosen.count - 1])))
            let distances = try search.graph(of: data, in: last, k: 1).distances
            var sum = 0.0
            for row in 0..<data.rows {
                nearest[row] = min(nearest[row], Double(distances[row]) * Double(distances[row]))
                sum += nearest[row]
            }
            var rest = Double(generator.nextUniform()) * sum
            var next = 0
            while next < data.rows - 1, rest >= nearest[next] {
                rest -= nearest[next]
                next += 1
            }
            chosen.append(next)
        }
        var centres = Matrix(rows: count, columns: data.columns, elements: chosen.flatMap { data.row($0) })
        var groups: [UInt32] = []
        for _ in 0..<passes {
            let found = try search.graph(of: data, in: centres, k: 1).indices
            if found == groups { break }
            groups = found
            var sums = [Double](repeating: 0, count: count * data.columns)
            var sizes = [Double](repeating: 0, count: count)
            for row in 0..<data.rows {
                let group = Int(groups[row])
                sizes[group] += 1
                for column in 0..<data.columns { sums[group * data.columns + column] += Double(data[row, column]) }
            }
            // A group without members keeps its centre.
            for group in 0..<count where sizes[group] > 0 {
                for column in 0..<data.columns {
                    centres[group, column] = Float(sums[group * data.columns + column] / sizes[group])
                }
            }
        }
        return centres
    }

    private static func silhouette(
        of data: Matrix, _ centres: Matrix, _ search: ExactNeighbors
    ) throws(NeighborError) -> Double {
        guard centres.rows > 1 else { return 0 }
        let two = try search.graph(of: data, in: centres, k: 2)
        var sum = 0.0
        for row in 0..<data.rows {
            let (a, b) = (Double(two.distances[2 * row]), Double(two.distances[2 * row + 1]))
            if b > 0 { sum += (b - a) / b }
        }
        return sum / Double(data.rows)
    }
}
