#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Zeroed memory, aligned to 64 bytes, that several threads may write at once.
///
/// Unsafe code has its place here. It is sound because every user in this package gives each thread elements of its
/// own (or, in the Hogwild tables, accepts races on plain floats, whose every value is valid), and because the memory
/// lives as long as the object. Pages are touched only when they are written, so a large buffer costs nothing yet.
package final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    package let base: UnsafeMutablePointer<Element>
    package let count: Int

    /// - Parameter count: number of elements, all bytes 0.
    package init(count: Int) {
        let bytes = max(64, (count * MemoryLayout<Element>.stride + 63) / 64 * 64)
        let isLarge = bytes >= 4 << 20
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? 2 << 20 : 64)
        #if os(Linux)
            // Rows are met in random order: with pages of 2 MiB their addresses are translated without a miss.
            if isLarge { madvise(memory, bytes, Int32(MADV_HUGEPAGE)) }
        #endif
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        base = memory.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit {
        UnsafeMutableRawPointer(base).deallocate()
    }

    /// Gives the memory back to the system; the elements become 0 or keep their values. Nobody may be using them.
    package func discard() {
        discard(0..<count)
    }

    /// Gives the memory of some elements back; they become 0 or keep their values. Nobody may be using them.
    package func discard(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the buffer")
        #if os(Linux)
            // Whole pages alone: what lies beside the range belongs to others.
            let page = Int(sysconf(Int32(_SC_PAGESIZE)))
            let start = (Int(bitPattern: base + range.lowerBound) + page - 1) / page * page
            let end = Int(bitPattern: base + range.upperBound) / page * page
            if end > start { madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, Int32(MADV_DONTNEED)) }
        #endif
    }

    /// The elements of a range, for the thread that owns it.
    package func withMutableSpan<Result>(_ range: Range<Int>, _ body: (inout MutableSpan<Element>) throws -> Result)
        rethrows -> Result
    {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the buffer")
        var span = UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count).mutableSpan
        return try body(&span)
    }
}
