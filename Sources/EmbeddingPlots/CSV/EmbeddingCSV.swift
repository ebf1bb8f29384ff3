import FileAccess
public import LinearAlgebra

/// A map as a table: RFC 4180, UTF-8 without byte order mark, lines ended by CR LF, as the RFC has it.
///
/// The header is `word,x,y[,z],rank[,count]` and the names of further columns; rows keep their order. Coordinates are the shortest decimal numbers that
/// give the same 32-bit floats back. A field is quoted when it is empty, holds a comma, a quote, CR or LF, or begins or
/// ends with a space; quotes inside are doubled.
public struct EmbeddingCSV: Sendable {
    /// Positions on the map, n × 2 or n × 3.
    public let coordinates: Matrix
    /// One label a row.
    public let labels: [String]
    /// Occurrences of each label, when known.
    public let counts: [Int]?
    /// Whether words that a spreadsheet would take for a formula are made harmless.
    public let neutralizeFormulas: Bool

    /// Columns after those.
    public let columns: [Column]

    /// A further column: a name and a text for each row, escaped like the words.
    public struct Column: Sendable, Equatable {
        /// The name in the header.
        public let name: String
        /// One text a row.
        public let values: [String]

        /// A column of texts.
        public init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }

        /// A column of numbers: the shortest decimal numbers that give the same floats back.
        public init(name: String, values: [Float]) {
            self.init(name: name, values: values.map { "\($0)" })
        }
    }

    /// A table of the given map.
    /// - Parameters:
    ///   - coordinates: one row a point, two or three columns.
    ///   - labels: one a row, the most frequent first when no counts are given.
    ///   - counts: occurrences, in the same order; they add the last column and decide the rank.
    ///   - neutralizeFormulas: puts an apostrophe before words that begin with `=`, `+`, `-`, `@` (or their full-width
    ///     forms), a tab or CR, which spreadsheets would otherwise compute. It changes those words, so it is off.
    ///   - columns: further columns, one value a row each.
    public init(
        coordinates: Matrix, labels: [String], counts: [Int]? = nil, neutralizeFormulas: Bool = false,
        columns: [Column] = []
    ) {
        self.columns = columns
        self.coordinates = coordinates
        self.labels = labels
        self.counts = counts
        self.neutralizeFormulas = neutralizeFormulas
    }

    /// The whole table.
    /// - Throws: `PlotError` when rows, labels and counts do not fit or a coordinate is not finite.
    public func bytes() throws -> [UInt8] {
        let points = try PlotPoints(coordinates: coordinates, labels: labels, counts: counts)
        let ranks = points.ranks
        var header = ["word", "x", "y"]
        if coordinates.columns == 3 { header.append("z") }
        header.append("rank")
        if counts != nil { header.append("count") }
        for column in columns where column.values.count != labels.count {
            throw PlotError.columnCount(name: column.name, expected: labels.count, found: column.values.count)
        }
        header += columns.map(\.name)
        var table = Array(header.joined(separator: ",").utf8)
        table += Self.lineEnd
        for row in labels.indices {
            appendField(labels[row], to: &table)
            for value in coordinates.row(row) { table += Array(",\(value)".utf8) }
            table += Array(",\(ranks[row])".utf8)
            if let counts { table += Array(",\(counts[row])".utf8) }
            for column in columns {
                table.append(UInt8(ascii: ","))
                appendField(column.values[row], to: &table, isWord: false)
            }
            table += Self.lineEnd
        }
        return table
    }

    /// Writes the table; readers of `path` see the old file or the whole new one.
    /// - Throws: `PlotError` as `bytes()`, `FileError` when the file cannot be written.
    public func write(to path: String) throws {
        try writeAtomically(bytes(), to: path)
    }

    private static let lineEnd: [UInt8] = [0x0d, 0x0a]
    private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"]

    private func appendField(_ word: String, to table: inout [UInt8], isWord: Bool = true) {
        let isFormula = word.unicodeScalars.first.map { Self.formulaStarts.contains($0) } ?? false
        let isNumber = !isWord && Double(word) != nil
        appendCSVField((neutralizeFormulas && isFormula && !isNumber ? "'" + word : word).utf8, to: &table)
    }
}
