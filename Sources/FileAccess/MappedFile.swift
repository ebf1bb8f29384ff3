#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file mapped read-only into memory: its pages come from the page cache and are no anonymous memory.
///
/// Unsafe memory has its place here: the mapping lives exactly as long as this object, nobody writes through it,
/// and the raw bytes are handed out only inside `withBytes`, so `@unchecked Sendable` is sound. A file that another
/// process truncates while it is mapped raises SIGBUS, as with every mapped reader.
public final class MappedFile: @unchecked Sendable {
    /// The path it was opened by, for messages.
    public let path: String
    /// Size in bytes.
    public let count: Int
    /// When its content was last changed, in nanoseconds since 1970.
    package let changed: Int
    private let base: UnsafeRawPointer?

    /// Maps the file at `path`.
    /// - Throws: `FileError.system` when it cannot be opened, is a directory, or is no regular file.
    public convenience init(path: String) throws {
        try FileError.check(path: path, action: "open it")
        // Without O_NONBLOCK a named pipe would wait for a writer, only to be refused.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError.last(file: path, action: "open it") }
        defer { close(descriptor) }
        try self.init(descriptor: descriptor, path: path)
    }

    /// Maps an open file; the descriptor may be closed afterwards.
    package init(descriptor: Int32, path: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError.last(file: path, action: "read its size") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "it is a directory" : "it is no regular file"
            throw FileError.system(file: path, action: "map it", reason: kind)
        }
        self.path = path
        count = Int(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        changed = Int(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int(time.tv_nsec)
        guard count > 0 else {
            base = nil
            return
        }
        guard let mapped = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
            throw FileError.last(file: path, action: "map it")
        }
        madvise(mapped, count, MADV_SEQUENTIAL)
        base = UnsafeRawPointer(mapped)
    }

    deinit {
        if let base { munmap(UnsafeMutableRawPointer(mutating: base), count) }
    }

    /// How a file's bytes will be asked for.
    package enum Access: Sendable {
        /// From the beginning to the end, as every file is opened.
        case sequential
        /// Here and there, then on from there.
        case scattered
        /// A few bytes at a few places: what lies beside them shall not be read.
        case sparse
    }

    /// Tells the system how the bytes will be asked for.
    package func expect(_ access: Access) {
        let advice =
            switch access {
            case .sequential: MADV_SEQUENTIAL
            case .scattered: MADV_NORMAL
            case .sparse: MADV_RANDOM
            }
        if let base { madvise(UnsafeMutableRawPointer(mutating: base), count, advice) }
    }

    /// The bytes, valid only inside the closure.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(self) { () throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(start: base, count: base == nil ? 0 : count))
        }
    }

    /// The bytes as a span, valid only inside the closure.
    public func withSpan<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) {
            let buffer = UnsafeBufferPointer(
                start: base?.assumingMemoryBound(to: UInt8.self), count: base == nil ? 0 : count)
            return try body(buffer.span)
        }
    }
}

/// Whether something is at that path, readable or not.
package func fileExists(_ path: String) -> Bool {
    var status = stat()
    return !path.isEmpty && stat(path, &status) == 0
}
