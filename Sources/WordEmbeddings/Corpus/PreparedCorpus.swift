import FileAccess

/// A corpus whose words are counted: the vocabulary, and the text in pieces that threads take one by one.
public struct PreparedCorpus: Sendable {
    /// A piece of the text.
    enum Chunk: Sendable {
        /// Bytes of a mapped text.
        case text(MappedFile, Range<Int>)
        /// Positions in a spool of 32-bit numbers.
        case spool(MappedFile, Range<Int>)
    }

    let chunks: [Chunk]
    /// From a word's number in the spool to its number in the vocabulary; `UInt32.max` when it is not in it.
    let spoolNumbers: [UInt32]
    let lowercase: Bool
    let tokenizer: TokenizerKind
    /// The vectors that training begins with.
    var start: StartingPoint?
    /// The words of the vocabulary, for looking them up.
    let knownWords: KnownWords

    /// The words to train, most frequent first, with their counts.
    public let vocabulary: Vocabulary
    /// Words in the text, rare ones included.
    public let wordsInText: Int
    /// Words of the text that are in the vocabulary: what one epoch reads.
    public let wordsInVocabulary: Int
    /// Different words in the text; with a given vocabulary, the words of that.
    public let distinctWords: Int
    /// Ill-formed UTF-8 sequences that were replaced by U+FFFD.
    public let invalidSequences: Int
    /// Words of more than 65,535 bytes, which were left out.
    public let overlongWords: Int
    /// Chinese and Japanese characters in the text.
    public let ideographs: Int
    /// Those of them in runs too long for words.
    public let ideographsInLongRuns: Int

    /// Whether the text is Chinese or Japanese and seems to have no blanks between its words: a third of its characters
    /// and a hundred at least lie in runs of nine or more.
    public var looksUnsegmented: Bool { Self.looksUnsegmented(ideographs, inLongRuns: ideographsInLongRuns) }

    static func looksUnsegmented(_ ideographs: Int, inLongRuns: Int) -> Bool {
        inLongRuns >= 100 && inLongRuns * 3 > ideographs
    }
}
