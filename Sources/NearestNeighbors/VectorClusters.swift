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

    /// The largest number of groups that is found when none is given.
    public static let largestFoundCount = GroupNumber.largest
    /// Rows above which the centres are found on a sample.
    public static let sampleRows = 20_000
    private static let passes = 25

    /// Finds groups.
    /// - Parameters:
    ///   - data: one vector a row.
    ///   - metric: how far apart vectors are; means are made in the same way under all of them.
    ///   - count: number of groups, at most as many as there are rows; `nil`: 1 to `largestFoundCount`, where the gap
    ///     statistic (Tibshirani et al. 2001) against one Gaussian of the same covariance, on a sample of the rows, has
    ///     its knee; 1 when the rows are no more apart than those of the Gaussian.
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
        let sample = Self.sample(of: vectors, rows: Self.sampleRows, seed: seed)
        var number = count ?? 0
        if count == nil {
            number = try GroupNumber.find(
                in: Self.sample(of: vectors, rows: GroupNumber.sampleRows, seed: seed), onSphere: metric == .cosine,
                seed: seed, threads: threads)
        }
        var means = try GrowingMeans(sample, search: search, seed: seed)
        for _ in 1..<max(1, min(number, sample.rows)) { try means.add() }
        try means.settle(passes: Self.passes)
        let centres = means.centres
        let nearest = try search.graph(of: vectors, in: centres, k: 1).indices
        var sizes = [Int](repeating: 0, count: centres.rows)
        for group in nearest { sizes[Int(group)] += 1 }
        let order = sizes.indices.filter { sizes[$0] > 0 }.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        var numbers = [UInt32](repeating: 0, count: centres.rows)
        for (number, group) in order.enumerated() { numbers[group] = UInt32(number) }
        assignments = nearest.map { numbers[Int($0)] }
        self.count = order.count
        silhouette = try Self.silhouette(of: sample, centres, search)
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

    private static func sample(of data: Matrix, rows count: Int, seed: UInt64) -> Matrix {
        guard data.rows > count else { return data }
        var generator = Philox(seed: seed, stream: 0x636C_7573)
        var elements: [Float] = []
        var order = Array(0..<data.rows)
        for i in 0..<count { order.swapAt(i, i + Int(generator.next() % UInt64(data.rows - i))) }
        for row in order.prefix(count).sorted() { elements += data.row(row) }
        return Matrix(rows: count, columns: data.columns, elements: elements)
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
