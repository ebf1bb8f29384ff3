import CVectorKernels
import LinearAlgebra
import Synchronization

/// The Euclidean norms of a matrix's rows, computed when they are first asked for and shared by all copies.
final class RowNorms: Sendable {
    private let stored = Mutex<[Float]?>(nil)

    /// The norms of the rows; NaN where the square leaves the range of floats, so that the row needs doubles.
    func norms(of matrix: Matrix) -> [Float] {
        stored.withLock { stored in
            if let stored { return stored }
            let norms = Self.compute(matrix)
            stored = norms
            return norms
        }
    }

    private static func compute(_ matrix: Matrix) -> [Float] {
        let columns = matrix.columns
        let elements = matrix.elements
        var norms = [Float](repeating: 0, count: matrix.rows)
        norms.parallelUpdate(width: 1, threads: availableProcessors, grain: 1024) { range, norms in
            for row in range {
                let vector = elements[row * columns..<(row + 1) * columns]
                norms[row - range.lowerBound] = norm(of: vector)
            }
        }
        return norms
    }

    /// The norm of one vector, NaN where its square is not safely in the range of floats.
    private static func norm(of vector: ArraySlice<Float>) -> Float {
        let square = vector.withUnsafeBufferPointer { vector in
            vector.baseAddress.map { kernels.dot($0, $0, vector.count) } ?? 0
        }
        if square > 1e-24, square < 1e30 { return square.squareRoot() }
        return vector.allSatisfy { $0 == 0 } ? 0 : .nan
    }
}

/// The direction of a vector: itself at unit length, in doubles, whatever its length was.
struct Direction {
    /// Zero when the vector is zero.
    let components: [Double]

    init(_ vector: some Sequence<Float>) {
        self.init(doubles: vector.map { Double($0) })
    }

    init(doubles vector: [Double]) {
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        components = norm > 0 ? vector.map { $0 / norm } : vector
    }

    /// The cosine of the angle to another direction; 0 when one of them is zero.
    func cosine(_ other: Direction) -> Float {
        Float(zip(components, other.components).reduce(0) { $0 + $1.0 * $1.1 })
    }
}
