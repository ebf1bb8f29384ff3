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
    /// The pages, when the memory is not from the heap.
    private let mapped: Pages?

    private struct Pages {
        var start: UnsafeMutableRawPointer
        var bytes: Int
    }

    /// - Parameter count: number of elements, all bytes 0.
    package init(count: Int) {
        let bytes = max(64, (count * MemoryLayout<Element>.stride + 63) / 64 * 64)
        if let pages = Self.pages(bytes) {
            mapped = pages
            base = pages.start.bindMemory(to: Element.self, capacity: count)
        } else {
            mapped = nil
            let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
            base = memory.bindMemory(to: Element.self, capacity: count)
        }
        self.count = count
    }

    deinit {
        if let mapped {
            munmap(mapped.start, mapped.bytes)
        } else {
            UnsafeMutableRawPointer(base).deallocate()
        }
    }

    /// Memory of its own from the system, which clears each page when it is first written; `nil` when there are too few
    /// bytes for that, or when the system has none to give.
    private static func pages(_ bytes: Int) -> Pages? {
        guard bytes >= 4 << 20 else { return nil }
        let large = 2 << 20
        let rounded = (bytes + large - 1) / large * large
        let found = mmap(nil, rounded + large, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
        guard let found, found != MAP_FAILED else { return nil }
        // What lies before the first and behind the last large page goes back.
        let start = UnsafeMutableRawPointer(bitPattern: (Int(bitPattern: found) + large - 1) / large * large) ?? found
        if start > found { munmap(found, start - found) }
        let behind = found + rounded + large - (start + rounded)
        if behind > 0 { munmap(start + rounded, behind) }
        #if os(Linux)
            // Rows are met in random order: with pages of 2 MiB their addresses are translated without a miss.
            madvise(start, rounded, Int32(MADV_HUGEPAGE))
        #endif
        return Pages(start: start, bytes: rounded)
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

/// Gives memory that was freed back to the system, before much more is taken: glibc keeps it otherwise.
package func returnFreedMemory() {
    #if canImport(Glibc)
        // glibc's header of it is not among those that Swift imports.
        typealias Trim = @convention(c) (Int) -> Int32
        if let trim = dlsym(nil, "malloc_trim") { _ = unsafeBitCast(trim, to: Trim.self)(0) }
    #endif
}
