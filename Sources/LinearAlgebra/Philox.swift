#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The counter-based random generator Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as
/// 1, 2, 3"): the numbers at a position depend on the seed, the stream and the position alone, so that any thread can
/// produce any part of the sequence.
public struct Philox: RandomNumberGenerator, Sendable {
    private var counter: (UInt32, UInt32, UInt32, UInt32)
    private let key: (UInt32, UInt32)
    private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var used = 4

    /// - Parameters:
    ///   - seed: the random seed.
    ///   - stream: number of an independent sequence under the same seed.
    ///   - position: 128-bit blocks to skip.
    public init(seed: UInt64, stream: UInt64 = 0, position: UInt64 = 0) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = (
            UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32),
            UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
        )
    }

    /// The next 32 random bits.
    public mutating func next32() -> UInt32 {
        if used == 4 {
            block = Self.block(counter: counter, key: key)
            counter.0 &+= 1
            if counter.0 == 0 { counter.1 &+= 1 }
            used = 0
        }
        defer { used += 1 }
        return switch used {
        case 0: block.0
        case 1: block.1
        case 2: block.2
        default: block.3
        }
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let low = UInt64(next32())
        return low | UInt64(next32()) << 32
    }

    /// A uniform number in [0, 1), a multiple of 2^−24.
    public mutating func nextUniform() -> Float {
        Float(next32() >> 8) * 0x1p-24
    }

    /// Numbers of the standard normal distribution, by Box and Muller's method: two from each two 32-bit numbers.
    public mutating func normals(_ count: Int) -> [Float] {
        var numbers: [Float] = []
        numbers.reserveCapacity(count + 1)
        while numbers.count < count {
            // The logarithm's argument is never 0.
            let radius = (-2 * log((Double(next32()) + 1) * 0x1p-32)).squareRoot()
            let angle = 2 * Double.pi * Double(next32()) * 0x1p-32
            numbers.append(Float(radius * cos(angle)))
            numbers.append(Float(radius * sin(angle)))
        }
        numbers.removeLast(numbers.count - count)
        return numbers
    }

    /// One block of the bijection: ten rounds of the counter under the key.
    static func block(
        counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var x = counter
        var k = key
        for round in 0..<10 {
            if round > 0 {
                k.0 &+= 0x9E37_79B9
                k.1 &+= 0xBB67_AE85
            }
            let first = UInt64(0xD251_1F53) &* UInt64(x.0)
            let second = UInt64(0xCD9E_8D57) &* UInt64(x.2)
            x = (
                UInt32(truncatingIfNeeded: second >> 32) ^ x.1 ^ k.0, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ x.3 ^ k.1, UInt32(truncatingIfNeeded: first)
            )
        }
        return x
    }
}
