/// Reads decimal numbers as floats, correctly rounded: the fast way when that is surely exact, else by the standard
/// library.
///
/// The fast way: up to 2^53 times a power of ten up to 10^22, both exact in a double, give one rounding to double
/// (Clinger 1990). Rounding that once more to float is right unless the double lies half-way between two floats.
enum DecimalNumber {
    /// What stands in a column.
    enum Outcome: Equatable {
        case finite(Float)
        /// NaN, infinite, or too large for a float.
        case notFinite
        case notANumber
    }

    /// Reads the number that starts at `position`, which is no blank, and moves `position` to its end: the next blank
    /// or the end of the line.
    @inline(__always)
    static func parse(_ line: UnsafeRawBufferPointer, at position: inout Int) -> Outcome {
        let start = position
        let end = line.count
        var next = start
        let sign = line[next]
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { next += 1 }
        var digits: UInt64 = 0
        let wholeStart = next
        while next < end, line[next] &- 48 < 10 {
            digits = digits &* 10 &+ UInt64(line[next] &- 48)
            next += 1
        }
        var count = next - wholeStart
        var exponent = 0
        if next < end, line[next] == UInt8(ascii: ".") {
            next += 1
            let fractionStart = next
            while next < end, line[next] &- 48 < 10 {
                digits = digits &* 10 &+ UInt64(line[next] &- 48)
                next += 1
            }
            exponent = fractionStart - next
            count += next - fractionStart
        }
        if count > 0, next < end, line[next] | 0x20 == UInt8(ascii: "e") {
            next += 1
            var negative = false
            if next < end, line[next] == UInt8(ascii: "-") || line[next] == UInt8(ascii: "+") {
                negative = line[next] == UInt8(ascii: "-")
                next += 1
            }
            var power = 0
            let powerStart = next
            while next < end, line[next] &- 48 < 10 {
                // Beyond this all is zero or infinite, whatever the digits before; so the sum cannot overflow.
                power = min(power * 10 + Int(line[next] &- 48), 1 << 40)
                next += 1
            }
            if next == powerStart { count = 0 }
            exponent += negative ? -power : power
        }
        guard count > 0, next == end || WordBytes.isBlank(line[next]) else { return odd(line, at: &position) }
        position = next
        if count <= 19, digits == 0 { return .finite(sign == UInt8(ascii: "-") ? -0.0 : 0.0) }
        guard count <= 19, digits <= 1 << 53, exponent >= -22, exponent <= 22 else { return slow(line, start..<next) }
        let power = powersOfTen[abs(exponent)]
        let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
        guard value >= 0x1p-126, value < 0x1p127, value.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else {
            return slow(line, start..<next)
        }
        return .finite(sign == UInt8(ascii: "-") ? -Float(value) : Float(value))
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// A decimal number that the fast way does not cover.
    @inline(never)
    private static func slow(_ line: UnsafeRawBufferPointer, _ token: Range<Int>) -> Outcome {
        guard let value = Float(String(decoding: line[token], as: UTF8.self)) else { return .notANumber }
        return value.isFinite ? .finite(value) : .notFinite
    }

    /// What is no decimal number: the names of NaN and infinity are told from the rest.
    @inline(never)
    private static func odd(_ line: UnsafeRawBufferPointer, at position: inout Int) -> Outcome {
        let start = position
        while position < line.count, !WordBytes.isBlank(line[position]) { position += 1 }
        guard position - start <= 10 else { return .notANumber }
        var name = line[start..<position].map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }[...]
        if name.first == UInt8(ascii: "-") || name.first == UInt8(ascii: "+") { name = name.dropFirst() }
        let text = String(decoding: name, as: UTF8.self)
        return ["nan", "inf", "infinity", "nan(ind)"].contains(text) ? .notFinite : .notANumber
    }
}
