import FileAccess

/// One source of a corpus, opened.
enum CorpusInput {
    /// A plain file, mapped.
    case text(MappedFile)
    /// Standard input or a pipe: can be read once, from front to back.
    case stream(ByteStream)
    /// A gzip file, opened again when its turn comes: there may be more of them than descriptors.
    case packed(String)
    /// Sentences from a program.
    case sentences(@Sendable () -> any IteratorProtocol<[String]>)

    init(_ source: Corpus.Source) throws {
        switch source {
        case .standardInput: self = .stream(try ByteStream(duplicating: 0, name: source.name))
        case .sentences(let make): self = .sentences(make)
        case .file(let path):
            let stream = try ByteStream(path: path)
            guard stream.isRegularFile else {
                // Directories fail at the first read, with the system's words for it.
                self = .stream(stream)
                return
            }
            let file = try MappedFile(path: path)
            self = file.withSpan { Gzip.isGzip($0) } ? .packed(path) : .text(file)
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
