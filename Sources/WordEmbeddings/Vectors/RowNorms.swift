import CVectorKernels
import LinearAlgebra
import Synchronization

/// One over the Euclidean length of each row, computed when first asked for and shared by all copies.
final class RowNorms: Sendable {
    private let stored = Mutex<[Float]?>(nil)

    /// One over each row's length: 0 for a row of zeros, NaN where the square leaves the range of floats, so that the
    /// row needs doubles.
    func inverses(of rows: RowStorage) -> [Float] {
        stored.withLock { stored in
            if let stored { return stored }
            let inverses = Self.compute(rows)
            stored = inverses
            return inverses
        }
    }

    private static func compute(_ rows: RowStorage) -> [Float] {
        let columns = rows.columns
        var inverses = [Float](repeating: 0, count: rows.rows)
        inverses.parallelUpdate(width: 1, threads: availableProcessors, grain: 1024) { range, inverses in
            let scratch = AlignedBuffer<Float>(count: range.count * columns)
            rows.withRows(range, scratch: scratch) { vectors in
                for row in 0..<range.count {
                    inverses[row] = inverse(vectors + row * columns, columns)
                }
            }
        }
        return inverses
    }

    private static func inverse(_ vector: UnsafePointer<Float>, _ columns: Int) -> Float {
        let square = kernels.dot(vector, vector, columns)
        if square > 1e-24, square < 1e30 { return 1 / square.squareRoot() }
        return (0..<columns).allSatisfy { vector[$0] == 0 } ? 0 : .nan
    }
}
