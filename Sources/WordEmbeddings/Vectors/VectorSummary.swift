public import LinearAlgebra

/// What vectors look like: their lengths, and those that have no direction.
public struct VectorSummary: Sendable, Equatable {
    /// Euclidean length of the shortest vector.
    public let shortest: Double
    /// Euclidean length of the longest vector.
    public let longest: Double
    /// Mean of the Euclidean lengths.
    public let meanLength: Double
    /// Vectors whose components are all 0.
    public let zeros: Int

    /// Looks at all rows of a matrix; one without rows has zeros only.
    public init(of matrix: Matrix) {
        self.init(of: .memory(matrix))
    }

    /// Looks at all vectors.
    public init(of vectors: WordVectors) {
        self.init(of: vectors.storage)
    }

    private init(of rows: RowStorage) {
        let columns = rows.columns
        let parts = parallelMap(rows.rows, threads: availableProcessors, grain: 1024) { range in
            let scratch = AlignedBuffer<Float>(count: range.count * columns)
            return rows.withRows(range, scratch: scratch) { vectors in
                var (least, most, sum, zeros) = (Double.infinity, 0.0, 0.0, 0)
                for row in 0..<range.count {
                    var square = 0.0
                    for place in row * columns..<(row + 1) * columns {
                        square += Double(vectors[place]) * Double(vectors[place])
                    }
                    let length = square.squareRoot()
                    (least, most, sum) = (min(least, length), max(most, length), sum + length)
                    if length == 0 { zeros += 1 }
                }
                return (least, most, sum, zeros)
            }
        }
        shortest = parts.map(\.0).min() ?? 0
        longest = parts.map(\.1).max() ?? 0
        meanLength = parts.reduce(0) { $0 + $1.2 } / Double(max(1, rows.rows))
        zeros = parts.reduce(0) { $0 + $1.3 }
    }
}
