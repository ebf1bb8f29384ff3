import FileAccess

/// The bytes of a file, unpacked when it is gzip, seen through a window that moves forward.
///
/// Of a plain file the window is a part of the mapping; of a packed one it is a buffer as large as the window.
final class ByteSource {
    /// The path, for messages.
    let path: String
    /// Whether the file is gzip.
    let isPacked: Bool
    /// Where the window begins in the unpacked bytes.
    private(set) var offset = 0
    private let file: MappedFile
    private var gzip: GzipReader
    private var buffer: [UInt8] = []
    /// Where the window begins in `buffer` (a packed file).
    private var start = 0
    /// Length of the window (a plain file).
    private var length = 0

    /// Opens a file; nothing is read yet.
    /// - Throws: `FileError.system` when it cannot be opened or is no regular file.
    init(path: String) throws {
        self.path = path
        file = try MappedFile(path: path)
        isPacked = file.withSpan { Gzip.isGzip($0) }
        gzip = GzipReader(file: file)
    }

    /// Bytes in the window.
    var count: Int { isPacked ? buffer.count - start : length }

    /// Whether the window reaches to the end.
    var isAtEnd: Bool { isPacked ? gzip.isAtEnd : offset + length == file.count }

    /// The most bytes that there can be, unpacked.
    var largestSize: Int {
        isPacked ? file.count.multipliedReportingOverflow(by: Gzip.largestRatio).partialValue : file.count
    }

    /// Size of the file as it lies on the disk.
    var storedSize: Int { file.count }

    /// Extends the window to at least `size` bytes, or to the end.
    /// - Throws: `FileError.damagedGzip`.
    func fill(_ size: Int) throws {
        if isPacked {
            guard count < size, !gzip.isAtEnd else { return }
            if start > 0 {
                buffer.removeSubrange(0..<start)
                start = 0
            }
            try gzip.read(size - count, into: &buffer)
        } else {
            length = max(length, min(size, file.count - offset))
        }
    }

    /// Moves the beginning of the window on, at most to its end.
    func skip(_ size: Int) {
        let size = min(size, count)
        offset += size
        if isPacked {
            start += size
        } else {
            length -= size
        }
    }

    /// Moves on past the window, without looking at what lies between where that is possible.
    func skipFar(_ size: Int) throws {
        if !isPacked { length = max(length, min(size, file.count - offset)) }
        var rest = size
        while rest > 0 {
            try fill(min(rest, Self.windowSize))
            if count == 0 { return }
            let step = min(rest, count)
            skip(step)
            rest -= step
        }
    }

    /// The window's bytes, valid only inside the closure.
    func withWindow<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        if isPacked {
            return try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        }
        return try file.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + length])) }
    }

    /// What readers ask for at a time.
    static let windowSize = 1 << 23

    /// The longest first line that is read.
    static let longestLine = 1 << 26
}
