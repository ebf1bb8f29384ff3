import CVectorKernels
import FileAccess

/// Reads the sentences of one chunk as numbers of the vocabulary.
struct SentenceReader {
    /// Longest sentence in words; longer lines are cut, as gensim does.
    static let longestSentence = 10_000

    /// What a chunk is read as.
    private enum Source {
        /// Words that are looked up as they stand in the text.
        case text(TextNumbers)
        /// Words that are changed or cut first.
        case tokens(Tokenizer, WordTable)
        /// Numbers of a spool, and the vocabulary's numbers for them.
        case spool(UnsafeBufferPointer<UInt32>, [UInt32])
    }

    private var source: Source
    private var next = 0

    /// Calls `body` with a reader of the chunk; the mapping stays alive meanwhile.
    static func withReader(
        of chunk: PreparedCorpus.Chunk, corpus: PreparedCorpus, _ body: (inout SentenceReader) -> Void
    ) {
        switch chunk {
        case .text(let file, let range):
            file.withBytes { raw in
                corpus.knownWords.withTable { table in
                    let bytes = raw.bindMemory(to: UInt8.self)
                    let isPlain = corpus.tokenizer == .whitespace && !corpus.lowercase
                    var reader = SentenceReader(
                        source: isPlain
                            ? .text(TextNumbers(bytes: bytes, range: range, table: table))
                            : .tokens(
                                Tokenizer(
                                    bytes: bytes, range: range, lowercase: corpus.lowercase, kind: corpus.tokenizer),
                                table))
                    body(&reader)
                }
            }
        case .spool(let file, let range):
            file.withBytes { raw in
                let numbers = UnsafeBufferPointer(rebasing: raw.bindMemory(to: UInt32.self)[range])
                var reader = SentenceReader(source: .spool(numbers, corpus.spoolNumbers))
                body(&reader)
            }
        }
    }

    private init(source: Source) {
        self.source = source
    }

    /// Fills `sentence` with the known words of the next sentence that has any.
    /// - Returns: false at the end of the chunk.
    mutating func next(into sentence: inout [UInt32]) -> Bool {
        sentence.removeAll(keepingCapacity: true)
        switch source {
        case .text(let numbers): return numbers.next(into: &sentence, limit: Self.longestSentence)
        case .tokens(var tokenizer, let table):
            let found = Self.next(of: &tokenizer, table, into: &sentence)
            source = .tokens(tokenizer, table)
            return found
        case .spool(let numbers, let known): return nextOfSpool(numbers, known, into: &sentence)
        }
    }

    private static func next(of tokenizer: inout Tokenizer, _ table: WordTable, into sentence: inout [UInt32]) -> Bool {
        while sentence.count < longestSentence {
            switch tokenizer.next() {
            case .word(let word):
                if let number = table.find(word) { sentence.append(number) }
            case .endOfLine:
                if !sentence.isEmpty { return true }
            case .endOfText:
                return !sentence.isEmpty
            }
        }
        return true
    }

    private mutating func nextOfSpool(
        _ numbers: UnsafeBufferPointer<UInt32>, _ known: [UInt32], into sentence: inout [UInt32]
    ) -> Bool {
        while next < numbers.count, sentence.count < Self.longestSentence {
            let number = numbers[next]
            next += 1
            if number == TokenSpool.endOfSentence {
                if !sentence.isEmpty { return true }
            } else {
                let word = known[Int(number)]
                if word != .max { sentence.append(word) }
            }
        }
        return !sentence.isEmpty
    }
}
