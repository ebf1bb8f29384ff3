import LinearAlgebra

/// Checked coordinates, labels and counts: what both writers start from.
struct PlotPoints {
    let coordinates: Matrix
    let labels: [String]
    let counts: [Int]?
    /// Rows from the most frequent word to the rarest. Without counts the order of the rows, which vocabularies keep
    /// by frequency; equal counts keep their order too.
    let rowsByRank: [Int]

    /// - Throws: `PlotError` when the parts do not fit each other or hold values that cannot be drawn.
    init(coordinates: Matrix, labels: [String], counts: [Int]?) throws {
        guard coordinates.columns == 2 || coordinates.columns == 3 else {
            throw PlotError.dimensions(found: coordinates.columns)
        }
        guard labels.count == coordinates.rows else {
            throw PlotError.labelCount(expected: coordinates.rows, found: labels.count)
        }
        if let counts, counts.count != coordinates.rows {
            throw PlotError.countCount(expected: coordinates.rows, found: counts.count)
        }
        if let place = coordinates.elements.firstIndex(where: { !$0.isFinite }) {
            let (row, column) = place.quotientAndRemainder(dividingBy: coordinates.columns)
            throw PlotError.notFinite(row: row, column: column, label: labels[row], value: coordinates.elements[place])
        }
        if let counts, let row = counts.firstIndex(where: { $0 < 0 }) {
            throw PlotError.negativeCount(row: row, label: labels[row], value: counts[row])
        }
        self.coordinates = coordinates
        self.labels = labels
        self.counts = counts
        rowsByRank =
            counts.map { counts in
                labels.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
            } ?? Array(labels.indices)
    }

    /// Rank of each row, counted from 1.
    var ranks: [Int] {
        var ranks = [Int](repeating: 0, count: rowsByRank.count)
        for (position, row) in rowsByRank.enumerated() { ranks[row] = position + 1 }
        return ranks
    }
}
