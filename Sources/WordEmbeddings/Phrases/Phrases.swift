public import Training

/// Finds words that stand side by side more often than by chance, and joins them: `new york` becomes `new_york` (Mikolov
/// et al. 2013, "Distributed representations of words and phrases and their compositionality", section 4).
///
///     try Phrases().write(Corpus(path: "text.txt"), to: "phrases.txt")
///
/// Each pass reads the text twice, once to count words and pairs, once to write it; pairs that a pass joined can become
/// part of longer ones in the next. Memory is bounded: counts that it does not hold go to a temporary file, and the
/// result is the same.
public struct Phrases: Sendable {
    /// How strongly two words belong together.
    public enum Score: String, Codable, Sendable, CaseIterable {
        /// (count(ab) − minCount) · words / (count(a) · count(b)), as word2phrase has it; 100 is a common threshold.
        case word2phrase
        /// Normalised pointwise mutual information, −1 … 1: ln(p(ab) / (p(a) · p(b))) / −ln p(ab) (Bouma 2009); 0.5 is a
        /// common threshold.
        case npmi
    }

    /// Everything that decides about the phrases.
    public struct Configuration: Codable, Sendable, Equatable {
        /// Words and pairs that occur less often are left alone. Default 5.
        public var minCount = 5
        /// How pairs are scored. Default: as word2phrase does.
        public var score = Score.word2phrase
        /// Pairs with a greater score are joined; `nil` is 100 for word2phrase's score and 0.5 for NPMI. Default `nil`.
        public var threshold: Double?
        /// How many times pairs are joined: two passes make phrases of up to four words. Default 1.
        public var passes = 1
        /// What stands between joined words. Default `_`.
        public var delimiter = "_"
        /// Words are put into lower case. Default off.
        public var lowercase = false
        /// How text is cut into words. Default: at white space.
        public var tokenizer = TokenizerKind.whitespace
        /// Bytes that counting may take, 16 MiB or more. Default 1 GiB.
        public var maxMemory = 1 << 30
        /// Threads; 0 is one a processor. Default 0.
        public var threads = 0

        /// The defaults.
        public init() {}

        /// The threshold in force.
        public var resolvedThreshold: Double { threshold ?? (score == .npmi ? 0.5 : 100) }

        /// Refuses values that make no sense, by name.
        /// - Throws: `WordEmbeddingError.invalidConfiguration`.
        public func validate() throws {
            func check(_ name: String, _ isValid: Bool, _ expected: String, _ found: Any) throws {
                guard !isValid else { return }
                throw WordEmbeddingError.invalidConfiguration(name: name, expected: expected, found: "\(found)")
            }
            try check("minCount", minCount >= 1, "1 or more", minCount)
            try check("passes", (1...16).contains(passes), "1 to 16", passes)
            try check("maxMemory", maxMemory >= 1 << 24, "\(1 << 24) or more", maxMemory)
            try check("threads", (0...1_024).contains(threads), "0 to 1024", threads)
            try check(
                "threshold", resolvedThreshold.isFinite && (score != .npmi || abs(resolvedThreshold) <= 1),
                score == .npmi ? "a number from -1 to 1" : "a number", resolvedThreshold)
            try check(
                "delimiter",
                !delimiter.isEmpty
                    && !delimiter.unicodeScalars.contains { $0.properties.isWhitespace || $0 == "\0" },
                "some text without white space", "\"\(delimiter)\"")
        }
    }

    /// What a pass did.
    public struct Pass: Sendable, Equatable {
        /// Words that it read.
        public let words: Int
        /// Different pairs that it joined.
        public let phrases: Int
        /// How often it joined one.
        public let joined: Int
    }

    /// The values of this run.
    public let configuration: Configuration

    /// A finder of phrases.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Reads a text, joins its phrases and writes it: a line for each line, words separated by blanks. It is written
    /// beside the destination and renamed at the end.
    ///
    /// - Parameters:
    ///   - corpus: the text; what is no plain file is first copied to a temporary one.
    ///   - path: the file to write; with gzip when it ends with `.gz`.
    ///   - cancellation: when cancelled, `CancellationError` is thrown and nothing is written.
    /// - Returns: what each pass did.
    /// - Throws: `WordEmbeddingError` for wrong values and what is no text, `FileError`.
    @discardableResult
    public func write(_ corpus: Corpus, to path: String, cancellation: Cancellation? = nil) throws -> [Pass] {
        try configuration.validate()
        return try PhraseWriter(configuration: configuration, cancellation: cancellation).write(corpus, to: path)
    }
}
