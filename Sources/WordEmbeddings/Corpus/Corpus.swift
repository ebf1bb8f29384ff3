public import Training

/// The text to train on: files, standard input, or sentences from a program.
///
/// A line of a file is a sentence; words are separated by Unicode white space. Nothing is read before `prepare`.
public struct Corpus: Sendable {
    enum Source: Sendable {
        case file(String)
        case standardInput
        case sentences(@Sendable () -> any IteratorProtocol<[String]>)
    }

    let sources: [Source]

    /// The text of one or several files, one after the other; `-` is standard input, gzip is unpacked.
    public init(paths: [String]) {
        sources = paths.map { $0 == "-" ? .standardInput : .file($0) }
    }

    /// The text of one file.
    public init(path: String) {
        self.init(paths: [path])
    }

    /// Sentences that are lists of words already; white space inside a word separates words here too.
    public init(sentences: some Sequence<[String]> & Sendable) {
        sources = [.sentences({ sentences.makeIterator() })]
    }

    /// Reads the text once: counts its words, chooses the vocabulary, and keeps the text ready for training.
    ///
    /// Plain files stay where they are, mapped; everything else is kept as numbers in a temporary file.
    /// - Parameters:
    ///   - configuration: `minCount`, `maxVocabulary`, `stopWords`, `lowercase`, `tokenizer`, `maxMemory` and `threads`
    ///     are obeyed.
    ///   - vocabulary: where the words come from. Default: the text.
    ///   - cancellation: when cancelled, `CancellationError` is thrown.
    ///   - progress: called now and then with the bytes read so far, and of how many when that is known.
    /// - Throws: `WordEmbeddingError.malformed` with file and byte for what is not UTF-8 text at all (NUL bytes,
    ///   UTF-16), `.nothingToTrain` when fewer than two words are left, `FileError` from the system.
    public func prepare(
        _ configuration: Word2Vec.Configuration, vocabulary: VocabularySource = .text,
        cancellation: Cancellation? = nil,
        progress: (@Sendable (_ bytesRead: Int, _ bytesInAll: Int?) -> Void)? = nil
    ) throws -> PreparedCorpus {
        try configuration.validate()
        var reader = try CorpusReader(
            configuration: configuration, vocabulary: vocabulary, cancellation: cancellation, progress: progress)
        return try reader.read(self)
    }
}
