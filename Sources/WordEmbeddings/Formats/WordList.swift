/// A list of words in a text file.
public enum WordList {
    /// Reads words that stand between white space and line ends, in the order of the file.
    /// - Throws: `WordEmbeddingError.malformed` for what is no UTF-8 text, with the line, or a word of more than 65,535
    ///   bytes; `FileError` when the file cannot be read.
    public static func read(path: String) throws -> [String] {
        let source = try ByteSource(path: path)
        try FileKind.check(source, expected: "a list of words in UTF-8 text")
        if try FileKind.startsWithByteOrderMark(source) { source.skip(3) }
        var words: [String] = []
        var lines = try LineReader(source: source)
        while true {
            let line = lines.line + 1
            func malformed(_ found: String) -> WordEmbeddingError {
                .malformed(file: path, place: "line \(line)", expected: "words in UTF-8 text", found: found)
            }
            let found: Void? = try lines.next { bytes in
                if let fault = WordBytes.fault(bytes) { throw malformed(fault.found) }
                let bytes = bytes.bindMemory(to: UInt8.self)
                var tokenizer = Tokenizer(bytes: bytes, range: 0..<bytes.count, lowercase: false)
                while case .word(let word) = tokenizer.next() { words.append(String(decoding: word, as: UTF8.self)) }
                if tokenizer.overlongWords > 0 { throw malformed("a word of more than \(Tokenizer.longestWord) bytes") }
            }
            if found == nil { return words }
        }
    }
}
