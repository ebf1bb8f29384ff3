/// Checks of lists of little-endian numbers in mapped files, whose numbers are places: they must lead nowhere else.
///
/// They have no branch a number, so that a list is checked as fast as it comes from memory.
enum NumberChecks {
    /// Whether 64-bit numbers ascend.
    /// - Parameters:
    ///   - list: where number 0 lies.
    ///   - range: the numbers to check; the one before them is read too.
    ///   - first: the least that number 0 may be.
    ///   - gap: the least difference of two that follow each other.
    ///   - limit: the largest that any may be, less than 2⁶³, as `gap` is.
    static func ascend(
        _ list: UnsafeRawPointer, _ range: Range<Int>, first: UInt64, gap: UInt64, limit: UInt64
    ) -> Bool {
        guard !range.isEmpty else { return true }
        func number(_ place: Int) -> UInt64 {
            UInt64(littleEndian: list.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
        }
        var before = range.lowerBound == 0 ? first : number(range.lowerBound - 1)
        guard before <= limit || range.lowerBound == 0 else { return false }
        if range.lowerBound > 0 { before += gap }
        var isWrong: UInt64 = 0
        for place in range {
            let value = number(place)
            // No number beyond the limit is right, so a sum that wraps round hides nothing.
            isWrong |= (value < before ? 1 : 0) | (value > limit ? 1 : 0)
            before = value &+ gap
        }
        return isWrong == 0
    }

    /// Whether 32-bit numbers are less than a limit.
    /// - Parameters:
    ///   - list: where number 0 lies.
    ///   - range: the numbers to check.
    static func lie(_ list: UnsafeRawPointer, _ range: Range<Int>, below limit: Int) -> Bool {
        var largest: UInt32 = 0
        for place in range {
            largest = max(
                largest, UInt32(littleEndian: list.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)))
        }
        return range.isEmpty || largest < limit
    }
}
