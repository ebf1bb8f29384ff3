internal import CVectorKernels
internal import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// What the Fourier transform of lines of one length needs: radices and twiddle factors.
final class FourierTables: Sendable {
    /// Lengths in use: even, of the factors 2, 3 and 5, and some 4 % apart, so that a growing map seldom needs others.
    static let lengths: [Int] = {
        var lengths: [Int] = []
        for length in stride(from: 64, through: 8192, by: 2) where radices(of: length) != nil {
            if let last = lengths.last, Double(length) < 1.04 * Double(last) { continue }
            lengths.append(length)
        }
        return lengths
    }()

    let length: Int
    private let radices: AlignedBuffer<UInt8>
    private let twiddles: AlignedBuffer<Float>

    /// - Parameter length: a product of 2, 3, 4 and 5; one of `lengths`, or in tests another.
    init(length: Int) {
        self.length = length
        let factors = Self.radices(of: length) ?? []
        radices = AlignedBuffer(count: factors.count)
        twiddles = AlignedBuffer(count: 4 * length + 16)
        var rest = length
        var at = 0
        for (pass, radix) in factors.enumerated() {
            radices.base[pass] = UInt8(radix)
            let parts = rest / radix
            for part in 0..<parts {
                for i in 1..<radix {
                    let angle = -2 * Double.pi * Double(part * i) / Double(rest)
                    twiddles.base[at] = Float(cos(angle))
                    twiddles.base[at + 1] = Float(sin(angle))
                    at += 2
                }
            }
            rest = parts
        }
    }

    /// The factors 4, 2, 3 and 5 of a length; `nil` when it has others.
    static func radices(of length: Int) -> [Int]? {
        var rest = length
        var radices: [Int] = []
        for radix in [4, 2, 3, 5] {
            while rest > 1, rest % radix == 0 {
                radices.append(radix)
                rest /= radix
            }
        }
        return rest == 1 ? radices : nil
    }

    /// The tables for the kernels; valid as long as this object.
    var plan: FourierPlan {
        FourierPlan(
            length: length, passes: radices.count, radices: UnsafePointer(radices.base),
            twiddles: UnsafePointer(twiddles.base))
    }
}
