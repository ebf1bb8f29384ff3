/// Reads the text files of evaluations.
enum EvaluationText {
    /// Gives each line with its number, counted from 1.
    /// - Throws: `WordEmbeddingError.malformed` for what is no UTF-8 text, and what `body` throws.
    static func forEachLine(_ path: String, _ body: (_ number: Int, _ line: String) throws -> Void) throws {
        var lines = try LineReader(source: ByteSource(path: path))
        while let line = try lines.next({ String(decoding: $0, as: UTF8.self) }) {
            try body(lines.line, line)
        }
    }

    /// The columns of a line: between tabs when it has some, else between white space.
    static func columns(_ line: String) -> [String] {
        line.utf8.contains(0x09)
            ? line.unicodeScalars.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            : words(line)
    }

    /// The words of a line, between white space.
    static func words(_ line: String) -> [String] {
        line.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
    }

    /// A finite number with white space around it.
    static func number(_ text: String) -> Double? {
        let words = words(text)
        guard words.count == 1, let value = Double(words[0]), value.isFinite else { return nil }
        return value
    }
}
