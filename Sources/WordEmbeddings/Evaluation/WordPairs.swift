/// Pairs of words with a human judgement of how similar they are: WordSim-353, SimLex-999 and the like.
public struct WordPairs: Sendable {
    /// Two words and their score.
    public struct Pair: Sendable, Equatable {
        /// A word.
        public let first: String
        /// Another word.
        public let second: String
        /// People's judgement; higher is more similar.
        public let score: Double

        /// A pair as given.
        public init(_ first: String, _ second: String, score: Double) {
            (self.first, self.second, self.score) = (first, second, score)
        }
    }

    /// The pairs in the order of the file.
    public let pairs: [Pair]
    /// Numbers, from 1, of the lines that are no pair, comment or empty line.
    public let skippedLines: [Int]
    /// The file, for messages.
    public let source: String

    /// Pairs as given.
    public init(_ pairs: [Pair], source: String = "the pairs") {
        (self.pairs, self.source, skippedLines) = (pairs, source, [])
    }

    /// Reads lines of two words and a number with tabs between them, or with blanks where a line has no tab.
    ///
    /// Lines that begin with `#` and empty ones are passed over; lines that are something else, such as a heading, are
    /// left out and told in `skippedLines`.
    /// - Throws: `WordEmbeddingError.malformed` for what is no UTF-8 text or holds no pair, `FileError` when the file
    ///   cannot be read.
    public init(path: String) throws {
        var pairs: [Pair] = []
        var skipped: [Int] = []
        try EvaluationText.forEachLine(path) { number, line in
            guard !line.hasPrefix("#"), !line.allSatisfy(\.isWhitespace) else { return }
            let columns = EvaluationText.columns(line)
            guard columns.count == 3, let score = EvaluationText.number(columns[2]) else {
                skipped.append(number)
                return
            }
            pairs.append(Pair(columns[0], columns[1], score: score))
        }
        guard !pairs.isEmpty else {
            throw WordEmbeddingError.malformed(
                file: path, place: skipped.first.map { "line \($0)" } ?? "the whole file",
                expected: "two words and a number with tabs between them", found: "no such line")
        }
        (self.pairs, skippedLines, source) = (pairs, skipped, path)
    }
}
