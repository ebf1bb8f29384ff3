/// A dense matrix of 32-bit floats, row-major: row i holds elements `i * columns ..< (i + 1) * columns`.
///
/// A value: copies share storage until one of them changes.
public struct Matrix: Sendable, Equatable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// All elements, row after row; `rows * columns` of them.
    public var elements: [Float] {
        didSet { precondition(elements.count == rows * columns, "a matrix keeps its number of elements") }
    }

    /// A matrix of the given elements.
    /// - Precondition: `elements.count == rows * columns`.
    public init(rows: Int, columns: Int, elements: [Float]) {
        precondition(rows >= 0 && columns >= 0 && elements.count == rows * columns, "elements must fill the matrix")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// A matrix of zeros.
    public init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, elements: [Float](repeating: 0, count: rows * columns))
    }

    /// The element at `row`, `column`, both counted from 0.
    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(column >= 0 && column < columns, "column out of range")
            return elements[row * columns + column]
        }
        set {
            precondition(column >= 0 && column < columns, "column out of range")
            elements[row * columns + column] = newValue
        }
    }

    /// Where a row lies in `elements`.
    public func range(ofRow row: Int) -> Range<Int> {
        row * columns..<(row + 1) * columns
    }

    /// The elements of one row.
    public func row(_ row: Int) -> ArraySlice<Float> {
        elements[range(ofRow: row)]
    }

    /// The first `count` rows (all when there are fewer).
    public func prefix(rows count: Int) -> Matrix {
        let count = min(max(0, count), rows)
        return count == rows
            ? self : Matrix(rows: count, columns: columns, elements: Array(elements[..<(count * columns)]))
    }
}
