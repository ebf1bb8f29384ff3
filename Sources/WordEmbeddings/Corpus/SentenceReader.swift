import FileAccess

/// Reads the sentences of one chunk as numbers of the vocabulary.
struct SentenceReader {
    /// Longest sentence in words; longer lines are cut, as gensim does.
    static let longestSentence = 10_000

    private let corpus: PreparedCorpus
    private var tokenizer: Tokenizer?
    private var numbers = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
    private var next = 0

    /// Calls `body` with a reader of the chunk; the mapping stays alive meanwhile.
    static func withReader(
        of chunk: PreparedCorpus.Chunk, corpus: PreparedCorpus, _ body: (inout SentenceReader) -> Void
    ) {
        var reader = SentenceReader(corpus: corpus)
        switch chunk {
        case .text(let file, let range):
            file.withBytes { raw in
                reader.tokenizer = Tokenizer(
                    bytes: raw.bindMemory(to: UInt8.self), range: range, lowercase: corpus.lowercase,
                    kind: corpus.tokenizer)
                body(&reader)
            }
        case .spool(let file, let range):
            file.withBytes { raw in
                reader.numbers = UnsafeBufferPointer(rebasing: raw.bindMemory(to: UInt32.self)[range])
                body(&reader)
            }
        }
    }

    private init(corpus: PreparedCorpus) {
        self.corpus = corpus
    }

    /// Fills `sentence` with the known words of the next sentence that has any.
    /// - Returns: false at the end of the chunk.
    mutating func next(into sentence: inout [UInt32]) -> Bool {
        sentence.removeAll(keepingCapacity: true)
        return tokenizer != nil ? nextOfText(&sentence) : nextOfSpool(&sentence)
    }

    private mutating func nextOfText(_ sentence: inout [UInt32]) -> Bool {
        while sentence.count < Self.longestSentence {
            switch tokenizer?.next() {
            case .word(let word):
                let number =
                    word.count <= ShortWords.longest ? corpus.shortWords.find(word) : corpus.vocabulary.index.find(word)
                if number >= 0 { sentence.append(UInt32(number)) }
            case .endOfLine:
                if !sentence.isEmpty { return true }
            case .endOfText, nil:
                return !sentence.isEmpty
            }
        }
        return true
    }

    private mutating func nextOfSpool(_ sentence: inout [UInt32]) -> Bool {
        while next < numbers.count, sentence.count < Self.longestSentence {
            let number = numbers[next]
            next += 1
            if number == TokenSpool.endOfSentence {
                if !sentence.isEmpty { return true }
            } else {
                let known = corpus.spoolNumbers[Int(number)]
                if known != .max { sentence.append(known) }
            }
        }
        return !sentence.isEmpty
    }
}
