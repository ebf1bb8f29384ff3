package import LinearAlgebra

/// What is done to the vectors before their neighbours are sought.
package enum Preparation {
    /// Multiplies by a power of two when the values are so large or small that squares would leave a Float's range;
    /// else returns the data unchanged. Neither metric's neighbours nor the affinities change.
    package static func moderate(_ data: Matrix) -> Matrix {
        let largest = data.elements.reduce(0) { max($0, abs($1)) }
        guard largest > 0x1p40 || (largest > 0 && largest < 0x1p-40) else { return data }
        let exponent = -Int(largest.exponent)
        return Matrix(
            rows: data.rows, columns: data.columns,
            elements: data.elements.map { Float(sign: .plus, exponent: exponent, significand: $0) })
    }

    /// Columns centred, then all divided by the largest absolute value.
    package static func normalized(_ data: Matrix, threads: Int) -> Matrix {
        var result = data.subtracting(columns: data.columnMeans(threads: threads), threads: threads)
        let largest = result.elements.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else { return result }
        result.elements.parallelUpdate(width: 1, threads: threads, grain: 1 << 16) { _, span in
            for i in 0..<span.count { span[i] /= largest }
        }
        return result
    }
}
