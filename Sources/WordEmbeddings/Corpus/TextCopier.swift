import FileAccess
import Training

/// Makes mapped text of what can be read only once or is packed.
///
/// Its words can then be counted as those of any file, in bounded memory; numbers of words, as the spool keeps them,
/// would need a table of all words.
struct TextCopier {
    let cancellation: Cancellation?

    /// A copy in a temporary file; `nil` of a text that is mapped already.
    func copy(_ input: CorpusInput) throws -> MappedFile? {
        switch input {
        case .text: return nil
        case .stream(let stream): return try copy(stream)
        case .packed(let path): return try copy(ByteStream(path: path))
        case .sentences(let make):
            let file = try TemporaryFile()
            var sentences = make()
            var text: [UInt8] = []
            while let sentence = sentences.next() {
                if cancellation?.isCancelled == true { throw CancellationError() }
                for word in sentence {
                    text.append(contentsOf: word.utf8)
                    text.append(0x20)
                }
                text.append(0x0A)
                if text.count > 1 << 20 { try flush(&text, file) }
            }
            try flush(&text, file)
            return try file.map(name: "the sentences")
        }
    }

    private func copy(_ stream: ByteStream) throws -> MappedFile {
        let file = try TemporaryFile()
        var text: [UInt8] = []
        while try stream.read(into: &text, cancellation: cancellation) {
            if cancellation?.isCancelled == true { throw CancellationError() }
            try flush(&text, file)
        }
        try flush(&text, file)
        return try file.map(name: stream.name)
    }

    private func flush(_ text: inout [UInt8], _ file: TemporaryFile) throws {
        try text.withUnsafeBytes { try file.write($0) }
        text.removeAll(keepingCapacity: true)
    }
}
