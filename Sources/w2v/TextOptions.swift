import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v train` for how text is read and which words are trained.
struct TextOptions: ParsableArguments {
    @Option(
        help: """
            How text is cut into words: whitespace, or unicode, which leaves out punctuation and keeps "don't" and 3.14 \
            whole.
            """)
    var tokenizer = TokenizerName.whitespace

    @Flag(help: "Put all words into lower case. (default: off)")
    var lowercase = false

    @Option(help: "Leave out words that occur less often.")
    var minCount = 5

    @Option(help: "Keep only that many words, the most frequent ones. (default: none left out)")
    var maxVocabulary: Int?

    @Option(help: "File of words to leave out, separated by white space or line ends.", completion: .file())
    var stopWords: String?

    @Option(
        help: "Take words and counts from this file, which --save-vocabulary wrote, not from the text.",
        completion: .file())
    var vocabulary: String?

    @Option(help: "Write the vocabulary, a word and its count a line, before training begins.", completion: .file())
    var saveVocabulary: String?

    @Option(
        help: """
            Memory for counting words, such as 512M or 4G; what it does not hold goes to a temporary file, the result is \
            the same. (default: no limit)
            """)
    var maxMemory: MemorySize?

    /// - Throws: `WordEmbeddingError` or `FileError` when the stop words cannot be read.
    func apply(to configuration: inout Word2Vec.Configuration) throws {
        configuration.tokenizer = tokenizer.kind
        configuration.lowercase = lowercase
        configuration.minCount = minCount
        configuration.maxVocabulary = maxVocabulary
        configuration.stopWords = try stopWords.map { try WordList.read(path: $0) } ?? []
        configuration.maxMemory = maxMemory?.bytes
    }
}
