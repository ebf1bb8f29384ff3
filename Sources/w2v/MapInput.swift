import EmbeddingVisualization

/// What a map is made of: vectors, a label for each, counts when known.
struct MapInput {
    let matrix: Matrix
    let labels: [String]
    let counts: [Int]?
    /// The metric that suits the input when the user names none.
    let metric: Metric
    /// Rows of the whole file, when known.
    let totalRows: Int?
    /// What a row is, in the plural.
    let unit: String
    let notes: [String]

    /// Reads the first `limit` vectors of a file, and the labels of its rows.
    static func read(_ path: String, limit: Int?, labelFile: String?) throws -> MapInput {
        let file = try VectorFile.read(path: path, limit: limit)
        switch file.content {
        case .words(let vectors):
            let total = file.totalRows ?? vectors.count
            let labels = try labelFile.map { Array(try LabelFile.read(path: $0, count: total).prefix(vectors.count)) }
            return MapInput(
                matrix: vectors.vectors, labels: labels ?? vectors.vocabulary.words, counts: vectors.vocabulary.counts,
                metric: .cosine, totalRows: file.totalRows, unit: "words", notes: file.notes)
        case .matrix(let matrix):
            let total = file.totalRows ?? matrix.rows
            let labels = try labelFile.map { Array(try LabelFile.read(path: $0, count: total).prefix(matrix.rows)) }
            return MapInput(
                matrix: matrix, labels: labels ?? (0..<matrix.rows).map { "\($0)" }, counts: nil, metric: .euclidean,
                totalRows: file.totalRows, unit: "rows", notes: file.notes)
        }
    }
}
