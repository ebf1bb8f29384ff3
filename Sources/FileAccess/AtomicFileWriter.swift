#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes a file beside its destination and renames it at the end: readers see the old file or the whole new one.
///
/// Call `commit()` when all is written. Without it (an error, a cancelled run) the temporary file is removed and an
/// existing destination stays as it was. A destination that is no regular file (`/dev/stdout`, a named pipe) is
/// written to directly.
public struct AtomicFileWriter: ~Copyable {
    /// The destination, for messages.
    public let path: String
    private let temporaryPath: String?
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 18

    /// Opens the temporary file in the destination's directory.
    /// - Throws: `FileError.system` when the directory does not exist or cannot be written to.
    public init(path: String) throws {
        let opened = try Self.openBeside(path)
        self.path = path
        descriptor = opened.descriptor
        temporaryPath = opened.temporaryPath
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            if let temporaryPath { unlink(temporaryPath) }
        }
    }

    /// Appends bytes.
    public mutating func write(_ bytes: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Appends a string as UTF-8.
    public mutating func write(_ text: String) throws {
        try write(text.utf8)
    }

    /// Appends the little-endian bytes of 32-bit floats.
    public mutating func write(floats: Span<Float>) throws {
        #if _endian(little)
            floats.withUnsafeBytes { buffer.append(contentsOf: $0) }
        #else
            for index in floats.indices {
                withUnsafeBytes(of: floats[index].bitPattern.littleEndian) { buffer.append(contentsOf: $0) }
            }
        #endif
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes what is left and puts the file in its place.
    /// - Throws: `FileError.system`, after which the destination is as it was.
    public consuming func commit() throws {
        try flush()
        let file = descriptor
        if let temporaryPath {
            guard fsync(file) == 0 || errno == EINVAL else { throw FileError.last(file: path, action: "write it") }
            guard rename(temporaryPath, Self.resolved(path)) == 0 else {
                throw FileError.last(file: path, action: "put it in its place")
            }
        }
        descriptor = -1
        guard close(file) == 0 else { throw FileError.last(file: path, action: "close it") }
    }

    /// Opens what is written to: a temporary file for a regular destination, else the destination itself.
    private static func openBeside(_ path: String) throws -> (descriptor: Int32, temporaryPath: String?) {
        guard !path.isEmpty else {
            throw FileError.system(file: path, action: "write it", reason: "the file name is empty")
        }
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
            throw FileError.system(file: path, action: "write it", reason: "it is a directory")
        }
        if exists, status.st_mode & S_IFMT != S_IFREG {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError.last(file: path, action: "write it") }
            return (descriptor, nil)
        }
        if exists, access(path, W_OK) != 0 { throw FileError.last(file: path, action: "write it") }
        // A symbolic link keeps its place: the file that it names is replaced, not the link.
        let target = exists ? resolved(path) : path
        let temporary = "\(target).\(getpid()).\(UInt32.random(in: 0 ... .max)).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError.last(file: path, action: "write it") }
        if exists { fchmod(descriptor, status.st_mode & 0o7777) }
        return (descriptor, temporary)
    }

    private mutating func flush() throws {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                #if canImport(Darwin)
                    Darwin.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #elseif canImport(Glibc)
                    Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #else
                    Musl.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError.last(file: path, action: "write it")
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// The path with symbolic links followed; itself when nothing is there yet.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}

/// Writes all the bytes to `path` at once, as `AtomicFileWriter` does.
public func writeAtomically(_ bytes: some Sequence<UInt8>, to path: String) throws {
    var writer = try AtomicFileWriter(path: path)
    try writer.write(bytes)
    try writer.commit()
}
