/// What can go wrong in t-SNE.
public enum TsneError: Error, Equatable, CustomStringConvertible {
    /// An option is out of its range.
    case invalidConfiguration(option: String, expected: String, found: String)
    /// An element of the input is NaN or infinite; row and column are counted from 0.
    case notFinite(row: Int, column: Int)
    /// The given initial layout does not fit: wrong shape, or a value that is not finite or out of range.
    case invalidInitialLayout(expected: String, found: String)
    /// Labels were given, but not one a point.
    case wrongNumberOfLabels(points: Int, labels: Int)
    /// More points than can be mapped.
    case tooManyPoints(Int)
    /// The principal components were not found.
    case noPrincipalComponents(String)
    /// The map is no longer made of numbers since this iteration: the learning rate is far too high.
    case notANumber(iteration: Int)
    /// A checkpoint cannot be read or written; the message says why, and names the file.
    case checkpoint(String)
    /// A checkpoint is whole, but not one of this descent; the message says why.
    case misfit(String)
    /// The given neighbour graph does not fit; points are counted from 0.
    case invalidGraph(expected: String, found: String)
    /// New points have another number of columns than those of the map.
    case otherColumns(expected: Int, found: Int)
    /// The map was asked for before any `fit`.
    case notFitted

    /// One line that says what and where.
    public var description: String {
        switch self {
        case .invalidConfiguration(let option, let expected, let found):
            "t-SNE option \(option): expected \(expected), found \(found)"
        case .notFinite(let row, let column):
            "t-SNE input: the value in row \(row), column \(column) (counted from 0) is not a finite number"
        case .invalidInitialLayout(let expected, let found):
            "t-SNE initial layout: expected \(expected), found \(found)"
        case .wrongNumberOfLabels(let points, let labels):
            "t-SNE labels: expected one for each of \(points) points, found \(labels)"
        case .tooManyPoints(let count):
            "t-SNE input: \(count) points are more than can be mapped (\(UInt32.max / 4))"
        case .noPrincipalComponents(let reason):
            "t-SNE: no principal components: \(reason)"
        case .notANumber(let iteration):
            "t-SNE: the map is no longer made of numbers at iteration \(iteration); lower the learning rate"
        case .checkpoint(let reason), .misfit(let reason):
            "t-SNE: \(reason)"
        case .invalidGraph(let expected, let found):
            "t-SNE neighbour graph: expected \(expected), found \(found)"
        case .otherColumns(let expected, let found):
            "t-SNE: the map's vectors have \(expected) columns, those to place \(found)"
        case .notFitted:
            "there is no map yet: call fit() first"
        }
    }
}
