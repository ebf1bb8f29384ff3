/// What can go wrong in a neighbour search.
public enum NeighborError: Error, Equatable, CustomStringConvertible {
    /// An element is NaN or infinite; row and column are counted from 0.
    case notFinite(row: Int, column: Int)
    /// More points than 32-bit numbers can name.
    case tooManyPoints(Int)
    /// Points of another number of columns than those that are searched.
    case otherColumns(expected: Int, found: Int)
    /// The search was cancelled.
    case cancelled

    /// One line that says what and where.
    public var description: String {
        switch self {
        case .notFinite(let row, let column):
            "the value in row \(row), column \(column) (counted from 0) is not a finite number"
        case .tooManyPoints(let count):
            "\(count) points: the search takes at most \(UInt32.max - 1)"
        case .otherColumns(let expected, let found):
            "the vectors searched have \(expected) columns, those to place \(found)"
        case .cancelled:
            "the neighbour search was cancelled"
        }
    }
}
