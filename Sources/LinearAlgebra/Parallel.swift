import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Number of processors that this process may use.
public var availableProcessors: Int {
    max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}

/// The number of threads that a user's number stands for: none and 0 mean one for each processor.
public func resolvedThreads(_ threads: Int?) -> Int {
    threads.map { $0 > 0 ? $0 : availableProcessors } ?? availableProcessors
}

/// Runs `body` over `0..<count` in pieces of `grain` on up to `threads` threads, and waits for all of them.
///
/// The pieces are the same whatever the number of threads: piece k is `k * grain ..< min(count, (k + 1) * grain)`.
/// So a result that depends on the piece alone does not depend on the threads. Threads take pieces as they become
/// free; nobody spins.
public func parallelFor(_ count: Int, threads: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let pieces = (count + grain - 1) / grain
    guard pieces > 0 else { return }
    let workers = min(max(1, threads), pieces)
    if workers == 1 {
        for piece in 0..<pieces { body(piece * grain..<min(count, (piece + 1) * grain)) }
        return
    }
    let next = Atomic<Int>(0)
    withExtendedLifetime(next) {
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if piece >= pieces { return }
                body(piece * grain..<min(count, (piece + 1) * grain))
            }
        }
    }
}

/// As `parallelFor`, giving each piece a result; the results come in the order of the pieces.
public func parallelMap<Result: Sendable>(
    _ count: Int, threads: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Result
) -> [Result] {
    let pieces = (count + grain - 1) / grain
    let results = Mutex([Result?](repeating: nil, count: max(0, pieces)))
    parallelFor(count, threads: threads, grain: grain) { range in
        let result = body(range)
        results.withLock { $0[range.lowerBound / grain] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
}

extension Array where Element: BitwiseCopyable & Sendable {
    /// Changes the array's rows of `width` elements on several threads; each call of `body` gets the numbers of its
    /// rows and their elements alone, so nothing is shared.
    public mutating func parallelUpdate(
        width: Int, threads: Int, grain: Int, _ body: @Sendable (Range<Int>, inout MutableSpan<Element>) -> Void
    ) {
        precondition(width > 0 && count % width == 0, "the array must hold whole rows")
        let rows = count / width
        withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            // Pieces do not overlap, so threads never write the same element.
            nonisolated(unsafe) let base = start
            parallelFor(rows, threads: threads, grain: grain) { range in
                var span = UnsafeMutableBufferPointer(
                    start: base + range.lowerBound * width, count: range.count * width
                )
                .mutableSpan
                body(range, &span)
            }
        }
    }
}
