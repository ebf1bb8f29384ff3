internal import CVectorKernels
package import LinearAlgebra

/// Ranks of points among all others by their distance from one, and distances of pairs: for measures of quality.
package final class SimilarityRanks: Sendable {
    private let space: PointSpace
    private let points: PointSet
    private let table = kernels.neighbors

    /// - Parameters:
    ///   - data: one point a row, all values finite.
    ///   - metric: how far apart points are.
    ///   - threads: threads for the preparation.
    package init(_ data: Matrix, metric: Metric, threads: Int) {
        let data = data.columns > 0 ? data : Matrix(rows: data.rows, columns: 1)
        space = PointSpace(data, metric: metric, threads: threads)
        points = PointSet(
            data, rows: (0..<data.rows).map { UInt32(truncatingIfNeeded: $0) }, space: space, panel: table.panel,
            threads: threads)
    }

    private var search: NeighborSearch {
        NeighborSearch(
            similarity: space.metric.similarity, dimensions: points.columns, k: 1, capacity: 33, same: true,
            queries: points.points, targets: points.points)
    }

    /// How many other points are nearer to a point than each of some others, plus one: their ranks. Distances that differ
    /// by rounding alone count as they come out.
    /// - Parameter questions: points, and for each the others. Several at once are faster.
    package func ranks(_ questions: [(point: Int, others: [UInt32])]) -> [[Int]] {
        let room = (points.count / table.panel + 1) * table.panel
        let together = Int(NEIGHBOR_QUERIES)
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: together * room) { values in
            guard let values = values.baseAddress else { return [] }
            var result: [[Int]] = []
            for first in stride(from: 0, to: questions.count, by: together) {
                let part = questions[first..<min(first + together, questions.count)]
                withUnsafePointer(to: search) {
                    table.similarities($0, part.map(\.point), part.count, values, room)
                }
                for (i, question) in part.enumerated() {
                    let own = values + i * room
                    own[question.point] = -.infinity
                    result.append(question.others.map { 1 + table.count_above(own, points.count, own[Int($0)]) })
                }
            }
            return result
        }
    }

    /// The distance of two points.
    package func distance(_ i: Int, _ j: Int) -> Float {
        withUnsafePointer(to: search) { space.distance(table.distance($0, i, j)) }
    }
}
