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
/// existing destination stays as it was. A destination that is no regular file (a device, a named pipe) is written to
/// directly, and so are `/dev/stdout`, `/dev/stderr` and `/dev/fd/N`, wherever they lead.
public struct AtomicFileWriter: ~Copyable {
    /// The destination, for messages.
    public let path: String
    private let destination: Destination
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    /// What is to be packed, when the file is gzip.
    private var unpacked: [UInt8]?
    /// Why nothing more can be written: a write went wrong half-way.
    private var failure: FileError?
    private static let bufferSize = 1 << 18
    private static let packingSize = 16 * Gzip.pieceSize

    private enum Destination {
        case direct
        case beside(temporary: String, target: String)
    }

    /// Opens the temporary file in the destination's directory.
    /// - Parameters:
    ///   - path: the destination.
    ///   - packed: whether what is written is packed with gzip. Default: `false`.
    /// - Throws: `FileError.system` when the directory does not exist or cannot be written to.
    public init(path: String, packed: Bool = false) throws {
        try FileError.check(path: path, action: "write it")
        let opened = try Self.open(path)
        self.path = path
        descriptor = opened.descriptor
        destination = opened.destination
        unpacked = packed ? [] : nil
        buffer.reserveCapacity(Self.bufferSize)
    }

    /// Whether a regular file is replaced or made; else the bytes go to a device, a pipe or an open descriptor at once.
    public var replacesFile: Bool {
        if case .beside = destination { true } else { false }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        // After the renaming nothing is there any more; the name is random enough to be nobody else's.
        if case .beside(let temporary, _) = destination { unlink(temporary) }
    }

    /// Appends bytes.
    /// - Throws: `FileError.system` when the disk is full and the like; then also at every later call.
    public mutating func write(_ bytes: some Sequence<UInt8>) throws {
        let large: Void? = try bytes.withContiguousStorageIfAvailable { contiguous in
            try append(UnsafeRawBufferPointer(contiguous))
        }
        if large == nil {
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.bufferSize { try flush() }
        }
    }

    /// Appends a string as UTF-8.
    /// - Throws: as `write(_:)` of bytes.
    public mutating func write(_ text: String) throws {
        try write(text.utf8)
    }

    /// Appends the little-endian bytes of 32-bit floats.
    /// - Throws: as `write(_:)` of bytes.
    public mutating func write(floats: Span<Float>) throws {
        #if _endian(little)
            try floats.withUnsafeBytes { try append($0) }
        #else
            for index in floats.indices {
                withUnsafeBytes(of: floats[index].bitPattern.littleEndian) { buffer.append(contentsOf: $0) }
                if buffer.count >= Self.bufferSize { try flush() }
            }
        #endif
    }

    /// Writes what is left and closes the file; then `commit()` only has to rename it, so that files which belong
    /// together are replaced only when all of them are complete. Nothing may be written afterwards.
    /// - Throws: `FileError.system`, after which the destination is as it was.
    public mutating func finish() throws {
        try flush()
        guard descriptor >= 0 else { return }
        try pack(all: true)
        if case .beside = destination, fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP {
            throw FileError.last(file: path, action: "write it")
        }
        let file = descriptor
        descriptor = -1
        // Network file systems tell of a failed write here.
        guard close(file) == 0 else {
            let error = FileError.last(file: path, action: "write it")
            failure = error
            throw error
        }
    }

    /// Writes what is left and puts the file in its place.
    /// - Throws: `FileError.system`, after which the destination is as it was.
    public consuming func commit() throws {
        try finish()
        if case .beside(let temporary, let target) = destination, rename(temporary, target) != 0 {
            throw FileError.last(file: path, action: "put it in its place")
        }
    }

    /// Appends to the buffer; what is larger than it goes to the file at once, so that nothing large is copied.
    private mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        if bytes.count >= Self.bufferSize {
            try flush()
            try writeOrPack(bytes)
        } else {
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.bufferSize { try flush() }
        }
    }

    private mutating func flush() throws {
        if let failure { throw failure }
        // Taken out meanwhile, since it is part of the writer that changes.
        var taken: [UInt8] = []
        swap(&taken, &buffer)
        try taken.withUnsafeBytes { try writeOrPack($0) }
        taken.removeAll(keepingCapacity: true)
        swap(&taken, &buffer)
    }

    /// Writes the bytes, or keeps them until there are enough of them to pack.
    private mutating func writeOrPack(_ bytes: UnsafeRawBufferPointer) throws {
        guard unpacked != nil else { return try writeOut(bytes) }
        unpacked?.append(contentsOf: bytes)
        try pack(all: false)
    }

    /// Packs what was written, in pieces whose borders do not depend on how it was written.
    private mutating func pack(all: Bool) throws {
        while let waiting = unpacked, all || waiting.count >= Self.packingSize {
            let taken = min(waiting.count, Self.packingSize)
            unpacked = taken == waiting.count && all ? nil : Array(waiting[taken...])
            for piece in Gzip.compressPieces(Array(waiting[..<taken])) {
                try piece.withUnsafeBytes { try writeOut($0) }
            }
        }
    }

    private mutating func writeOut(_ bytes: UnsafeRawBufferPointer) throws {
        if let failure { throw failure }
        do {
            try Self.writeAll(bytes, to: descriptor, path: path)
        } catch {
            failure = error
            throw error
        }
    }

    private static func writeAll(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
    ) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let start = bytes.baseAddress.map { $0 + written }
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, start, bytes.count - written)
            #elseif canImport(Glibc)
                let count = Glibc.write(descriptor, start, bytes.count - written)
            #else
                let count = Musl.write(descriptor, start, bytes.count - written)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError.last(file: path, action: "write it")
            }
            written += count
        }
    }

    /// Opens what is written to: a temporary file for a regular destination, else the destination itself.
    private static func open(_ path: String) throws -> (descriptor: Int32, destination: Destination) {
        func opened(_ descriptor: Int32, _ destination: Destination) throws -> (Int32, Destination) {
            guard descriptor >= 0 else { throw FileError.last(file: path, action: "write it") }
            return (descriptor, destination)
        }
        if let standard = standardDescriptor(path) {
            // A copy writes where the shell said, at its place in the file; opening anew would start at byte 0.
            return try opened(fcntl(standard, F_DUPFD_CLOEXEC, 3), .direct)
        }
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
            throw FileError.system(file: path, action: "write it", reason: "it is a directory")
        }
        if exists, status.st_mode & S_IFMT != S_IFREG {
            return try opened(openFile(path, O_WRONLY | O_CLOEXEC), .direct)
        }
        if exists, access(path, W_OK) != 0 { throw FileError.last(file: path, action: "write it") }
        // A symbolic link keeps its place: the file that it names is replaced or made, not the link.
        let target = linkTarget(path)
        let temporary = temporaryName(beside: target)
        let descriptor = openFile(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
        if exists, descriptor >= 0 { fchmod(descriptor, status.st_mode & 0o777) }
        return try opened(descriptor, .beside(temporary: temporary, target: target))
    }

    private static func openFile(_ path: String, _ flags: Int32) -> Int32 {
        #if canImport(Darwin)
            Darwin.open(path, flags, 0o666)
        #elseif canImport(Glibc)
            Glibc.open(path, flags, 0o666)
        #else
            Musl.open(path, flags, 0o666)
        #endif
    }

    /// The number of the open file that a path such as `/dev/stdout` stands for.
    private static func standardDescriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default:
            for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
                return Int32(path.dropFirst(prefix.count))
            }
            return nil
        }
    }

    /// A new name in the target's directory, no longer than file systems allow.
    private static func temporaryName(beside target: String) -> String {
        let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { target[...$0] } ?? ""
        var name = slash.map { target[target.utf8.index(after: $0)...] } ?? target[...]
        while name.utf8.count > 200 { name.removeLast() }
        return "\(directory)\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).partial"
    }

    /// The path with the symbolic links at its end followed, whether or not the last one leads anywhere.
    private static func linkTarget(_ path: String) -> String {
        var target = path
        // As many links as the system itself follows.
        for _ in 0..<40 {
            let link = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
                guard let start = buffer.baseAddress else { return String?.none }
                let count = readlink(target, start, buffer.count)
                guard count > 0, count < buffer.count else { return String?.none }
                return String(decoding: buffer[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            guard let link else { break }
            if link.hasPrefix("/") {
                target = link
            } else {
                let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
                target = (slash.map { String(target[...$0]) } ?? "") + link
            }
        }
        return target
    }
}

/// Writes all the bytes to `path` at once, as `AtomicFileWriter` does.
/// - Throws: `FileError.system`, after which the destination is as it was.
public func writeAtomically(_ bytes: some Sequence<UInt8>, to path: String) throws {
    var writer = try AtomicFileWriter(path: path)
    try writer.write(bytes)
    try writer.commit()
}
