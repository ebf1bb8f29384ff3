import FileAccess

/// What can be wrong with what is to be plotted. Trouble with the file itself is a `FileError`.
public enum PlotError: Error, CustomStringConvertible, Sendable, Equatable {
    /// A map has two or three columns.
    case dimensions(found: Int)
    /// Every row needs one label.
    case labelCount(expected: Int, found: Int)
    /// Counts are known for every row or for none.
    case countCount(expected: Int, found: Int)
    /// A further column needs one value for every row.
    case columnCount(name: String, expected: Int, found: Int)
    /// There are 1 to 256 groups.
    case groupCount(found: Int)
    /// Every row needs the number of one of the groups.
    case groups(expected: Int, names: Int)
    /// A coordinate is NaN or infinite; `row` is counted from 0.
    case notFinite(row: Int, column: Int, label: String, value: Float)
    /// A count is below zero; `row` is counted from 0.
    case negativeCount(row: Int, label: String, value: Int)
    /// A page file is not in the executable: a fault of the build.
    case missingAsset(name: String)

    /// One line for a terminal.
    public var description: String {
        switch self {
        case .dimensions(let found):
            "plot: expected coordinates with 2 or 3 columns, found \(found)"
        case .labelCount(let expected, let found):
            "plot: expected \(expected) labels, one for each row, found \(found)"
        case .countCount(let expected, let found):
            "plot: expected \(expected) counts, one for each row, found \(found)"
        case .columnCount(let name, let expected, let found):
            "plot: column \(name): expected \(expected) values, one for each row, found \(found)"
        case .groupCount(let found):
            "plot: expected 1 to 256 groups, found \(found)"
        case .groups(let expected, let names):
            "plot: expected a group from 0 to \(names - 1) for each of \(expected) rows"
        case .notFinite(let row, let column, let label, let value):
            "plot: row \(row) (\(Self.short(label))), column \(column): expected a finite coordinate, found \(value)"
        case .negativeCount(let row, let label, let value):
            "plot: row \(row) (\(Self.short(label))): expected a count of 0 or more, found \(value)"
        case .missingAsset(let name):
            "plot: the page file \(name) is not in this build"
        }
    }

    /// A label as a message may show it: at most 40 characters, no control characters.
    private static func short(_ label: String) -> String {
        let start = String(label.unicodeScalars.prefix(40))
        return "\"\(printable(start))\(start.unicodeScalars.count < label.unicodeScalars.count ? "…" : "")\""
    }
}
