import LinearAlgebra

/// Coordinates as whole steps of one grid for all axes: value = minimum[axis] + step * quantum, quantum in 0...65535.
struct QuantizedCoordinates {
    /// Smallest value of each axis.
    let minimum: [Double]
    /// Width of a step, the same on every axis; 0 when all points lie on one place.
    let step: Double
    private let coordinates: Matrix

    /// - Parameter coordinates: finite values.
    init(_ coordinates: Matrix) {
        self.coordinates = coordinates
        guard coordinates.rows > 0 else {
            minimum = [Double](repeating: 0, count: coordinates.columns)
            step = 0
            return
        }
        var low = coordinates.row(0).map { Double($0) }
        var high = low
        for row in 1..<max(1, coordinates.rows) {
            for axis in 0..<coordinates.columns {
                let value = Double(coordinates[row, axis])
                low[axis] = min(low[axis], value)
                high[axis] = max(high[axis], value)
            }
        }
        minimum = low
        step = (zip(high, low).map { $0 - $1 }.max() ?? 0) / 65535
    }

    /// The quantum of one coordinate.
    func quantum(row: Int, axis: Int) -> UInt16 {
        guard step > 0 else { return 0 }
        let steps = ((Double(coordinates[row, axis]) - minimum[axis]) / step).rounded()
        return UInt16(max(0, min(65535, steps)))
    }

    /// One axis of the given rows: all high bytes, then all low bytes (they pack better apart).
    func planes(axis: Int, rows: [Int]) -> [UInt8] {
        var planes = [UInt8](repeating: 0, count: 2 * rows.count)
        for (position, row) in rows.enumerated() {
            let value = quantum(row: row, axis: axis)
            planes[position] = UInt8(value >> 8)
            planes[rows.count + position] = UInt8(truncatingIfNeeded: value)
        }
        return planes
    }
}
