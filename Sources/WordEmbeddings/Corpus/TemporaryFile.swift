import FileAccess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A temporary file that has no name any more: it goes away with the process, however that ends, and takes no anonymous
/// memory.
final class TemporaryFile {
    private let descriptor: Int32
    private let directory: String
    /// Bytes written so far.
    private(set) var count = 0

    /// Creates the file in `TMPDIR`, else in `/var/tmp`, else in `/tmp`.
    init() throws {
        let wanted = getenv("TMPDIR").map { String(cString: $0) }
        for directory in [wanted, "/var/tmp", "/tmp"].compactMap({ $0 }) where !directory.isEmpty {
            guard let (descriptor, path) = Self.create(in: directory) else { continue }
            unlink(path)
            self.descriptor = descriptor
            self.directory = directory
            return
        }
        throw FileError.system(
            file: wanted ?? "/tmp", action: "create a temporary file", reason: String(cString: strerror(errno)))
    }

    /// Opens a new file that only this user may read and that programs started meanwhile do not inherit. (mkostemp would
    /// do it, but Glibc's module hides it.)
    private static func create(in directory: String) -> (descriptor: Int32, path: String)? {
        for _ in 0..<100 {
            let path = "\(directory)/w2v-\(hex(UInt64.random(in: 0 ... .max)))"
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 { return (descriptor, path) }
            guard errno == EEXIST || errno == EINTR else { return nil }
        }
        return nil
    }

    deinit {
        close(descriptor)
    }

    /// Appends bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count {
            #if canImport(Glibc)
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            #else
                let count = Darwin.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError.system(
                    file: "temporary file in \(directory)", action: "write it (TMPDIR names another directory)",
                    reason: String(cString: strerror(errno)))
            }
            written += count
        }
        count += written
    }

    /// Maps what was written.
    /// - Parameter name: the name for messages. Default: that it is a temporary file.
    func map(name: String? = nil) throws -> MappedFile {
        try MappedFile(descriptor: descriptor, path: name ?? "temporary file in \(directory)")
    }
}
