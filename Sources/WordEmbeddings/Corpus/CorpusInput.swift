import FileAccess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One source of a corpus, opened.
enum CorpusInput {
    /// A plain file, mapped.
    case text(MappedFile)
    /// Standard input, a pipe, a gzip file: can be read once, from front to back.
    case stream(ByteStream)
    /// Sentences from a program.
    case sentences(@Sendable () -> any IteratorProtocol<[String]>)

    init(_ source: Corpus.Source) throws {
        switch source {
        case .standardInput: self = .stream(ByteStream(descriptor: dup(0), name: source.name))
        case .sentences(let make): self = .sentences(make)
        case .file(let path):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw FileError.system(file: path, action: "open it", reason: String(cString: strerror(errno)))
            }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                // Directories fail at the first read, with the system's words for it.
                self = .stream(ByteStream(descriptor: descriptor, name: path))
                return
            }
            defer { close(descriptor) }
            let file = try MappedFile(descriptor: descriptor, path: path)
            let isGzip = file.withSpan { Gzip.isGzip($0) }
            self = isGzip ? .stream(ByteStream(descriptor: dup(descriptor), name: path)) : .text(file)
        }
    }

    /// Bytes of text, when known beforehand.
    var size: Int? {
        if case .text(let file) = self { file.count } else { nil }
    }
}

extension Corpus.Source {
    /// The name for messages.
    var name: String {
        switch self {
        case .file(let path): printable(path)
        case .standardInput: "standard input"
        case .sentences: "the sentences"
        }
    }
}

/// Bytes that can be read once, unpacked when they are gzip.
final class ByteStream {
    let name: String
    private let descriptor: Int32
    private var decoder: GzipDecoder?
    private var isFirst = true
    private var block = [UInt8](repeating: 0, count: 1 << 20)

    /// Takes over the descriptor.
    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    deinit {
        close(descriptor)
    }

    /// Appends the next bytes.
    /// - Returns: false at the end.
    func read(into text: inout [UInt8]) throws -> Bool {
        var filled = try fill(from: 0)
        if isFirst {
            // A pipe may give its first bytes one by one, and gzip is told by three.
            while filled > 0, filled < 4 {
                let more = try fill(from: filled)
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

    private func fill(from start: Int) throws -> Int {
        while true {
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
                throw FileError.system(file: name, action: "read it", reason: String(cString: strerror(errno)))
            }
        }
    }
}

/// Behind the last white space of a text that goes on; 0 when it has none.
func lastBoundary(_ text: [UInt8]) -> Int {
    text.withUnsafeBufferPointer { bytes in
        var position = bytes.count
        while position > 0 {
            position -= 1
            let kind = ByteClass.table[Int(bytes[position])]
            if kind == ByteClass.space || kind == ByteClass.newline { return position + 1 }
            if kind == ByteClass.maybeSpace {
                let length = lengthOfWideSpace(bytes, at: position, end: bytes.count)
                if length > 0 { return position + length }
            }
        }
        return 0
    }
}
