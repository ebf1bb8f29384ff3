import FileAccess
import Training

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes that can be read once, unpacked when they are gzip.
final class ByteStream {
    let name: String
    private let descriptor: Int32
    private var decoder: GzipDecoder?
    private var isFirst = true
    private var block: [UInt8] = []

    /// Opens a file of any kind.
    init(path: String) throws {
        try FileError.check(path: path, action: "open it")
        // A named pipe that nobody writes to yet is opened at once: waiting for its bytes can be cancelled.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        name = path
        guard descriptor >= 0 else { throw Self.lastError(path, "open it") }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    }

    /// Reads from an open descriptor, which stays the caller's.
    init(duplicating other: Int32, name: String) throws {
        descriptor = fcntl(other, F_DUPFD_CLOEXEC, 0)
        self.name = name
        guard descriptor >= 0 else { throw Self.lastError(name, "open it") }
    }

    private static func lastError(_ name: String, _ action: String) -> FileError {
        .system(file: name, action: action, reason: String(cString: strerror(errno)))
    }

    /// Whether it is a plain file, whose bytes can be mapped.
    var isRegularFile: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends the next bytes, waiting for them if need be.
    /// - Returns: false at the end.
    /// - Throws: `CancellationError` when cancelled while waiting.
    func read(into text: inout [UInt8], cancellation: Cancellation?) throws -> Bool {
        if block.isEmpty { block = [UInt8](repeating: 0, count: 1 << 20) }
        var filled = try fill(from: 0, cancellation)
        if isFirst {
            // A pipe may give its first bytes one by one, and gzip is told by three.
            while filled > 0, filled < 4 {
                let more = try fill(from: filled, cancellation)
                if more == 0 { break }
                filled += more
            }
            isFirst = false
            if Gzip.isGzip(block.span.extracting(0..<filled)) { decoder = GzipDecoder(file: name) }
        }
        guard decoder != nil else {
            text.append(contentsOf: block[..<filled])
            return filled > 0
        }
        if filled == 0 {
            try decoder.take()?.finish()
            return false
        }
        try block.withUnsafeBytes { bytes in
            try decoder?.decode(UnsafeRawBufferPointer(rebasing: bytes[..<filled])) { piece in
                for index in piece.indices { text.append(piece[index]) }
            }
        }
        return true
    }

    private func fill(from start: Int, _ cancellation: Cancellation?) throws -> Int {
        while true {
            // A pipe may stay silent for ever, and Ctrl-C must not wait for it.
            var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while poll(&wish, 1, 200) == 0 {
                if cancellation?.isCancelled == true { throw CancellationError() }
            }
            let count = block.withUnsafeMutableBytes { bytes in
                #if canImport(Glibc)
                    Glibc.read(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
                #elseif canImport(Musl)
                    Musl.read(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
                #else
                    Darwin.read(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
                #endif
            }
            if count >= 0 { return count }
            if errno != EINTR {
                throw Self.lastError(name, "read it")
            }
        }
    }
}
