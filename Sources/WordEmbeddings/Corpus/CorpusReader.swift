import FileAccess
import LinearAlgebra
import Synchronization
import Training

/// The one pass over a corpus that counts its words and makes it ready for training.
struct CorpusReader {
    let configuration: Word2Vec.Configuration
    let cancellation: Cancellation?
    let progress: (@Sendable (Int, Int?) -> Void)?

    private let builder: VocabularyBuilder
    private var counter = WordCounter()
    private var texts: [MappedFile] = []
    private var spooled = WordCounter()
    private var tally = Tally()
    private var bytesRead = 0
    private var bytesInAll: Int?

    init(
        configuration: Word2Vec.Configuration, vocabulary: VocabularySource, cancellation: Cancellation?,
        progress: (@Sendable (Int, Int?) -> Void)?
    ) throws {
        self.configuration = configuration
        builder = try VocabularyBuilder(configuration, source: vocabulary)
        self.cancellation = cancellation
        self.progress = progress
    }

    /// What the pass counts besides words.
    private struct Tally {
        var words = 0
        var invalidSequences = 0
        var overlongWords = 0
        var firstNull: Int?
        var ideographs = 0
        var ideographsInLongRuns = 0

        /// Counts a word of the text.
        @inline(__always)
        mutating func add(_ word: UnsafeBufferPointer<UInt8>) {
            words += 1
            // U+3000 to U+9FFF have these first bytes and are three bytes long.
            guard let first = word.first, first >= 0xE3, first <= 0xE9 else { return }
            ideographs += word.count / 3
            if word.count >= 27 { ideographsInLongRuns += word.count / 3 }
        }

        mutating func add(_ findings: TextCounter.Findings) {
            invalidSequences += findings.invalidSequences
            overlongWords += findings.overlongWords
            if let null = findings.firstNull { firstNull = min(null, firstNull ?? null) }
        }

        mutating func add(_ other: Tally) {
            words += other.words
            ideographs += other.ideographs
            ideographsInLongRuns += other.ideographsInLongRuns
            invalidSequences += other.invalidSequences
            overlongWords += other.overlongWords
            if let null = other.firstNull { firstNull = min(null, firstNull ?? null) }
        }
    }

    /// Reads all of the corpus.
    mutating func read(_ corpus: Corpus) throws -> PreparedCorpus {
        guard !corpus.sources.isEmpty else { throw WordEmbeddingError.nothingToTrain(reason: "no corpus is given") }
        // All files are opened before the first is read, so that a wrong name is told at once.
        var inputs: [CorpusInput] = []
        for source in corpus.sources { inputs.append(try CorpusInput(source)) }
        bytesInAll = inputs.reduce(0) { sum, input in sum.flatMap { total in input.size.map { total + $0 } } }
        var spool: MappedFile?
        for case .text(let file) in inputs { try count(file) }
        if inputs.count > texts.count, builder.isBounded {
            let copier = TextCopier(cancellation: cancellation)
            for input in inputs { if let file = try copier.copy(input) { try count(file) } }
        } else if inputs.count > texts.count {
            var writer = try TokenSpool()
            for input in inputs {
                switch input {
                case .text: continue
                case .stream(let stream): try self.spool(stream, into: &writer)
                case .packed(let path): try self.spool(ByteStream(path: path), into: &writer)
                case .sentences(let make): try self.spool(sentences: make(), into: &writer)
                }
            }
            spool = try writer.finish()
        }
        return try prepared(spool: spool, names: corpus.sources)
    }

    private func prepared(spool: MappedFile?, names: [Corpus.Source]) throws -> PreparedCorpus {
        var all = counter
        let merged = all.merge(spooled)
        let built = try builder.build(all)
        let (vocabulary, numbers) = (built.vocabulary, built.numbers)
        let name = names.count == 1 ? names[0].name : "the \(names.count) corpus files"
        guard tally.words > 0 else {
            throw WordEmbeddingError.nothingToTrain(
                reason: "\(name): expected words, found none (empty, or only white space)")
        }
        let hint =
            PreparedCorpus.looksUnsegmented(tally.ideographs, inLongRuns: tally.ideographsInLongRuns)
            ? "; this Chinese or Japanese text seems to have no blanks between its words: cut it first, for example with "
                + "mecab -O wakati" : ""
        guard vocabulary.count > 0 else {
            throw WordEmbeddingError.nothingToTrain(
                reason:
                    "\(name): none of the \(built.distinctWords) different words occurs \(configuration.minCount) times "
                    + "or more; lower the minimum count" + hint)
        }
        guard built.occurrences > 0 else {
            throw WordEmbeddingError.nothingToTrain(
                reason: "\(name): none of its words is in the given vocabulary")
        }
        guard vocabulary.count > 1 else {
            throw WordEmbeddingError.nothingToTrain(
                reason:
                    "\(name): expected at least two different words that occur \(configuration.minCount) times or more, found "
                    + "one: \"\(printable(vocabulary[0]))\"" + hint)
        }
        var chunks: [PreparedCorpus.Chunk] = []
        for text in texts {
            let size = Self.chunkSize(text.count)
            let ranges = text.withBytes { textChunks($0.bindMemory(to: UInt8.self), size: size) }
            chunks += ranges.map { .text(text, $0) }
        }
        if let spool {
            let ranges = spool.withBytes { spoolChunks($0.bindMemory(to: UInt32.self)) }
            chunks += ranges.map { .spool(spool, $0) }
        }
        return PreparedCorpus(
            chunks: chunks, spoolNumbers: merged.map { numbers[Int($0)] }, lowercase: configuration.lowercase,
            tokenizer: configuration.tokenizer, knownWords: KnownWords(vocabulary.index), vocabulary: vocabulary,
            wordsInText: tally.words, wordsInVocabulary: built.occurrences, distinctWords: built.distinctWords,
            invalidSequences: tally.invalidSequences, overlongWords: tally.overlongWords,
            ideographs: tally.ideographs, ideographsInLongRuns: tally.ideographsInLongRuns)
    }

    /// Bytes of text in a chunk: many enough for the threads to end together, large enough to cost nothing.
    private static func chunkSize(_ bytes: Int) -> Int {
        min(1 << 20, max(1 << 14, bytes / 64))
    }

    /// Pieces of a spool, cut behind sentences where there is one near.
    private func spoolChunks(_ numbers: UnsafeBufferPointer<UInt32>) -> [Range<Int>] {
        let size = min(1 << 18, max(1 << 12, numbers.count / 64))
        var chunks: [Range<Int>] = []
        var start = 0
        while start < numbers.count {
            let nominal = min(numbers.count, start + size)
            let limit = min(numbers.count, nominal + size)
            let end = numbers[nominal..<limit].firstIndex(of: TokenSpool.endOfSentence).map { $0 + 1 } ?? limit
            chunks.append(start..<end)
            start = end
        }
        return chunks
    }

    // MARK: Mapped text

    /// Counts the words of a mapped file on all threads.
    private mutating func count(_ file: MappedFile) throws {
        struct State {
            var idle: [TextCounter] = []
            var tally = Tally()
            var bytes = 0
        }
        try file.withBytes { raw in
            let start = UnsafeBufferPointer(rebasing: raw.bindMemory(to: UInt8.self).prefix(4))
            try refuseForeignEncoding(start, file: file.path)
        }
        // One piece of a bounded counter must not exceed its bounds by much.
        let pieceSize = builder.isBounded ? 1 << 18 : 1 << 21
        let ranges = file.withBytes { textChunks($0.bindMemory(to: UInt8.self), size: pieceSize) }
        let state = Mutex(State())
        // Words that are changed or chosen first are met one by one; where memory is bounded the table for many at a time
        // would only make more runs.
        let isPlain =
            configuration.tokenizer == .whitespace && !configuration.lowercase && !builder.source.isFixed
            && !builder.isBounded
        let (kind, builder) = (configuration.tokenizer, builder)
        let (lowercase, cancellation, progress) = (configuration.lowercase, cancellation, progress)
        let (before, inAll) = (bytesRead, bytesInAll)
        parallelFor(ranges.count, threads: configuration.resolvedThreads, grain: 1) { piece in
            if cancellation?.isCancelled == true { return }
            // A counter belongs to one thread at a time; there are never more of them than threads.
            let counter = state.withLock { $0.idle.popLast() } ?? TextCounter()
            var tally = Tally()
            let range = ranges[piece.lowerBound]
            let findings = file.withBytes { raw in
                let bytes = raw.bindMemory(to: UInt8.self)
                if isPlain { return counter.count(bytes, range) { tally.add($0) } }
                var tokenizer = Tokenizer(bytes: bytes, range: range, lowercase: lowercase, kind: kind)
                return counter.count(&tokenizer) { word in
                    tally.add(word)
                    return builder.counts(word)
                }
            }
            tally.add(findings)
            counter.relieve { builder.relieve(&$0, memory: $1) }
            let done = state.withLock { state in
                state.idle.append(counter)
                state.tally.add(tally)
                state.bytes += range.count
                return state.bytes
            }
            progress?(before + done, inAll)
        }
        try checkCancelled()
        let (counters, sums) = state.withLock { ($0.idle.map(\.counter), $0.tally) }
        if let null = sums.firstNull { throw nullByteError(file: file.path, offset: null) }
        for other in counters {
            counter.merge(other)
            builder.relieve(&counter)
        }
        tally.add(sums)
        bytesRead += file.count
        texts.append(file)
    }

    // MARK: Streams

    /// Reads a stream piece by piece into the spool.
    private mutating func spool(_ stream: ByteStream, into spool: inout TokenSpool) throws {
        var text: [UInt8] = []
        var offset = 0
        var isFirst = true
        while true {
            try checkCancelled()
            let ended = try !stream.read(into: &text, cancellation: cancellation)
            if isFirst, text.count >= 4 || ended {
                try refuseForeignEncoding(text, file: stream.name)
                isFirst = false
                if text.starts(with: [0xEF, 0xBB, 0xBF]) {
                    text.removeFirst(3)
                    offset = 3
                }
            }
            let usable = ended ? text.count : lastBoundary(text)
            try text.withUnsafeBufferPointer { bytes in
                try self.spool(
                    UnsafeBufferPointer(rebasing: bytes[..<usable]), name: stream.name, offset: offset, &spool)
            }
            text.removeFirst(usable)
            offset += usable
            bytesRead += usable
            progress?(bytesRead, bytesInAll)
            if ended { break }
            if text.count > 1 << 26 {
                throw WordEmbeddingError.malformed(
                    file: stream.name, place: "byte \(offset)", expected: "words separated by white space",
                    found: "64 MiB without any")
            }
        }
        try spool.append(TokenSpool.endOfSentence)
    }

    private mutating func spool(
        _ bytes: UnsafeBufferPointer<UInt8>, name: String, offset: Int, _ spool: inout TokenSpool
    ) throws {
        var tokenizer = Tokenizer(
            bytes: bytes, range: 0..<bytes.count, lowercase: configuration.lowercase, kind: configuration.tokenizer)
        reading: while true {
            switch tokenizer.next() {
            case .word(let word):
                tally.add(word)
                if builder.counts(word) { try spool.append(UInt32(spooled.add(word))) }
            case .endOfLine: try spool.append(TokenSpool.endOfSentence)
            case .endOfText: break reading
            }
        }
        if let null = tokenizer.firstNull { throw nullByteError(file: name, offset: offset + null) }
        tally.invalidSequences += tokenizer.invalidSequences
        tally.overlongWords += tokenizer.overlongWords
    }

    private mutating func spool(
        sentences: any IteratorProtocol<[String]>, into spool: inout TokenSpool
    ) throws {
        var sentences = sentences
        while let sentence = sentences.next() {
            for var word in sentence {
                try word.withUTF8 { try self.spool($0, name: "the sentences", offset: 0, &spool) }
            }
            try spool.append(TokenSpool.endOfSentence)
            try checkCancelled()
        }
    }

    private func checkCancelled() throws {
        if cancellation?.isCancelled == true { throw CancellationError() }
    }
}
