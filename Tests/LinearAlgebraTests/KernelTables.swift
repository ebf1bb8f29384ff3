@testable import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A table of seeded numbers from -scale to scale; the floats behind a row's last one are zeros.
func randomTable(rows: Int, dimensions: Int, stride: Int, scale: Float = 1, seed: UInt64) -> AlignedBuffer<Float> {
    let values = randomFloats(rows * dimensions, seed: seed)
    let table = AlignedBuffer<Float>(count: rows * stride)
    for row in 0..<rows {
        for d in 0..<dimensions { table.base[row * stride + d] = values[row * dimensions + d] * scale }
    }
    return table
}

/// The rows of a table, without the zeros behind them.
func tableRows(_ table: AlignedBuffer<Float>, rows: Int, stride: Int, dimensions: Int) -> [[Float]] {
    (0..<rows).map { row in (0..<dimensions).map { table.base[row * stride + $0] } }
}

func exponential(_ x: Double) -> Double { exp(x) }
func logOnePlusExp(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
