import FileAccess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Words of a text that can be read only once, kept as numbers in a temporary file that has no name any more.
///
/// The file is 32-bit numbers in the order of first occurrence; `endOfSentence` ends each sentence. It goes away with
/// the process, however that ends, and takes no anonymous memory.
struct TokenSpool: ~Copyable {
    /// Stands behind each sentence.
    static let endOfSentence = UInt32.max

    private let descriptor: Int32
    private let directory: String
    private var buffer: [UInt32] = []
    /// Numbers appended, ends of sentences included.
    private(set) var count = 0

    /// Creates the file in `TMPDIR`, else in `/var/tmp`, else in `/tmp`.
    init() throws {
        let opened = try Self.openUnlinked()
        descriptor = opened.descriptor
        directory = opened.directory
        buffer.reserveCapacity(1 << 16)
    }

    deinit {
        close(descriptor)
    }

    private static func openUnlinked() throws -> (descriptor: Int32, directory: String) {
        let wanted = getenv("TMPDIR").map { String(cString: $0) }
        for directory in [wanted, "/var/tmp", "/tmp"].compactMap({ $0 }) where !directory.isEmpty {
            var template = Array("\(directory)/w2v-XXXXXX".utf8CString)
            let descriptor = mkstemp(&template)
            guard descriptor >= 0 else { continue }
            unlink(template)
            return (descriptor, directory)
        }
        throw FileError.system(
            file: wanted ?? "/tmp", action: "create a temporary file", reason: String(cString: strerror(errno)))
    }

    /// Appends a word's number or `endOfSentence`.
    mutating func append(_ number: UInt32) throws {
        buffer.append(number)
        count += 1
        if buffer.count == 1 << 16 { try flush() }
    }

    /// Writes what is left and maps the whole.
    mutating func finish() throws -> MappedFile {
        try flush()
        return try MappedFile(descriptor: descriptor, path: "temporary file in \(directory)")
    }

    private mutating func flush() throws {
        try buffer.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw FileError.system(
                        file: "temporary file in \(directory)", action: "write it (TMPDIR names another directory)",
                        reason: String(cString: strerror(errno)))
                }
                written += count
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
