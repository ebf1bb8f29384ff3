import FileAccess
import LinearAlgebra
import Synchronization
import Training

/// The passes over a text that join its phrases.
struct PhraseWriter {
    let configuration: Phrases.Configuration
    let cancellation: Cancellation?

    private var threads: Int { resolvedThreads(configuration.threads) }

    /// Pieces of text that are written at a time, in their order.
    private static let batch = 32

    func write(_ corpus: Corpus, to path: String) throws -> [Phrases.Pass] {
        guard !corpus.sources.isEmpty else { throw WordEmbeddingError.nothingToTrain(reason: "no corpus is given") }
        let copier = TextCopier(cancellation: cancellation)
        var texts: [MappedFile] = []
        for source in corpus.sources {
            let input = try CorpusInput(source)
            if case .text(let file) = input {
                texts.append(file)
            } else if let file = try copier.copy(input) {
                texts.append(file)
            }
        }
        for text in texts { try text.withBytes { try refuseForeignEncoding($0.prefix(4), file: text.path) } }
        var passes: [Phrases.Pass] = []
        for pass in 1..<configuration.passes {
            let next = try TemporaryFile()
            passes.append(
                try join(texts, isFirst: pass == 1) { piece in
                    try piece.withUnsafeBytes { try next.write($0) }
                })
            texts = [try next.map()]
        }
        var file = try AtomicFileWriter(path: path, packed: path.hasSuffix(".gz"))
        passes.append(try join(texts, isFirst: configuration.passes == 1) { try file.write($0) })
        try file.commit()
        return passes
    }

    /// One pass: counts, chooses, writes.
    private func join(
        _ texts: [MappedFile], isFirst: Bool, _ write: ([UInt8]) throws -> Void
    ) throws -> Phrases.Pass {
        let runs = CountRuns()
        var counter = WordCounter()
        var words = 0
        for text in texts { words += try count(text, isFirst, runs, &counter) }
        if !runs.isEmpty { runs.add(counter) }
        let table = try PhraseTable(runs, counter, words: words, configuration: configuration)
        counter = WordCounter()
        var joined = 0
        for text in texts {
            let pieces = pieces(text, size: 1 << 20)
            for start in stride(from: 0, to: pieces.count, by: Self.batch) {
                if cancellation?.isCancelled == true { throw CancellationError() }
                let end = min(pieces.count, start + Self.batch)
                let written = parallelMap(end - start, threads: threads, grain: 1) { item in
                    let number = start + item.lowerBound
                    return rewrite(text, pieces[number], isFirst, isLast: number == pieces.count - 1, table)
                }
                for piece in written {
                    try write(piece.text)
                    joined += piece.joined
                }
            }
        }
        return Phrases.Pass(words: words, phrases: table.count, joined: joined)
    }

    private func pieces(_ text: MappedFile, size: Int) -> [Range<Int>] {
        text.withBytes { textChunks($0.bindMemory(to: UInt8.self), size: size) }
    }

    /// The words of a piece of text; later passes read what the first one cut.
    private func tokenizer(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ isFirst: Bool) -> Tokenizer {
        Tokenizer(
            bytes: bytes.bindMemory(to: UInt8.self), range: range, lowercase: isFirst && configuration.lowercase,
            kind: isFirst ? configuration.tokenizer : .whitespace)
    }

    // MARK: Counting

    /// Counts words and pairs of a text on all threads; returns the number of words.
    private func count(
        _ text: MappedFile, _ isFirst: Bool, _ runs: CountRuns, _ counter: inout WordCounter
    ) throws -> Int {
        struct State {
            var idle: [WordCounter] = []
            var words = 0
            var firstNull: Int?
        }
        let state = Mutex(State())
        let pieces = pieces(text, size: 1 << 18)
        // Sorting takes as much again, and arrays grow by doubling.
        let memory = configuration.maxMemory / 4 / threads
        let cancellation = cancellation
        parallelFor(pieces.count, threads: threads, grain: 1) { item in
            if cancellation?.isCancelled == true { return }
            var counter = state.withLock { $0.idle.popLast() } ?? WordCounter()
            let found = text.withBytes { bytes in
                count(tokenizer(bytes, pieces[item.lowerBound], isFirst), into: &counter)
            }
            runs.relieve(&counter, memory: memory)
            state.withLock { state in
                state.idle.append(counter)
                state.words += found.words
                if let null = found.null { state.firstNull = min(null, state.firstNull ?? null) }
            }
        }
        if cancellation?.isCancelled == true { throw CancellationError() }
        let (counters, words, null) = state.withLock { ($0.idle, $0.words, $0.firstNull) }
        if let null { throw nullByteError(file: text.path, offset: null) }
        for other in counters {
            counter.merge(other)
            runs.relieve(&counter, memory: memory)
        }
        return words
    }

    private func count(
        _ tokenizer: consuming Tokenizer, into counter: inout WordCounter
    ) -> (words: Int, null: Int?) {
        var words = 0
        var pair = PairBuffer()
        while true {
            switch tokenizer.next() {
            case .word(let word):
                words += 1
                counter.add(word)
                _ = pair.withPair(word) { counter.add($0) }
                pair.keep(word)
            case .endOfLine: pair.clear()
            case .endOfText: return (words, tokenizer.firstNull)
            }
        }
    }

    // MARK: Writing

    /// A piece of text with its phrases joined, from left to right; what was joined is not joined again.
    private func rewrite(
        _ text: MappedFile, _ range: Range<Int>, _ isFirst: Bool, isLast: Bool, _ table: PhraseTable
    ) -> (text: [UInt8], joined: Int) {
        text.withBytes { bytes in
            var tokenizer = tokenizer(bytes, range, isFirst)
            var written: [UInt8] = []
            written.reserveCapacity(range.count + range.count / 16)
            var joined = 0
            var pair = PairBuffer()
            var isLineEnd = true
            while true {
                switch tokenizer.next() {
                case .word(let word):
                    if pair.withPair(word, { table.joins($0) }) == true {
                        written.append(contentsOf: configuration.delimiter.utf8)
                        pair.clear()
                        joined += 1
                    } else {
                        if !isLineEnd { written.append(0x20) }
                        pair.keep(word)
                    }
                    written.append(contentsOf: word)
                    isLineEnd = false
                case .endOfLine:
                    written.append(0x0A)
                    pair.clear()
                    isLineEnd = true
                case .endOfText:
                    // A piece may end inside a long line.
                    if !isLineEnd { written.append(isLast ? 0x0A : 0x20) }
                    return (written, joined)
                }
            }
        }
    }
}

/// The last word, and room for another behind it.
private struct PairBuffer {
    private var bytes: [UInt8] = []

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func keep(_ word: UnsafeBufferPointer<UInt8>) {
        clear()
        bytes.append(contentsOf: word)
    }

    /// Gives the last word and this one with a blank between them; `nil` when there was none.
    mutating func withPair<Result>(
        _ word: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result? {
        guard !bytes.isEmpty else { return nil }
        let length = bytes.count
        bytes.append(0x20)
        bytes.append(contentsOf: word)
        defer { bytes.removeSubrange(length...) }
        return bytes.withUnsafeBufferPointer { body($0) }
    }
}
