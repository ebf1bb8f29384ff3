import LinearAlgebra
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads lines of a word and its components: word2vec text, fastText `.vec`, GloVe.
///
/// A window of whole lines at a time: their beginnings are found in order, their numbers read on all threads, their
/// words added in order. Columns are separated by blanks and tabs, so a word may hold any other character.
struct VectorTextReader {
    private let source: ByteSource
    /// The promised number of rows; `nil` without a header.
    private let promised: Int?
    private let dimensions: Int
    private let limit: Int?
    private let firstLine: Int
    /// A file too small for what its header promises is read for its first error, and nothing is kept.
    private let isTooShort: Bool

    private var rows: VectorRows
    private var rowsRead = 0
    private var blankLine: Int?
    /// Words that hold blanks, which GloVe's Common Crawl files have.
    private(set) var wordsWithBlanks = 0

    /// One line in the window, without its end.
    private struct Line {
        var range: Range<Int>
        var wordLength: Int
    }

    /// - Parameters:
    ///   - source: stands at the first row.
    ///   - header: `nil` when the file has none; then `dimensions` comes from the first row.
    init(source: ByteSource, header: VectorHeader?, dimensions: Int, limit: Int?) {
        self.source = source
        self.dimensions = dimensions
        self.limit = limit
        promised = header?.rows
        firstLine = header == nil ? 1 : 2
        // A row has a character of its word, a blank and a digit a component, and a line end.
        let smallest = (header?.rows ?? 1).multipliedReportingOverflow(by: 2 * dimensions + 2)
        isTooShort = smallest.overflow || smallest.partialValue - 1 > source.largestSize - source.offset
        rows = VectorRows(dimensions: dimensions)
    }

    /// Reads the rows.
    /// - Throws: `WordEmbeddingError.malformed` for the first line that is not as it should be.
    mutating func read() throws -> VectorRows {
        if isTooShort, source.isPacked { throw tooFew() }
        let wanted = min(promised ?? .max, isTooShort ? .max : limit ?? .max)
        if let promised, !isTooShort { rows.reserve(rows: min(promised, wanted), storedSize: source.storedSize) }
        var size = ByteSource.windowSize
        while rowsRead < wanted {
            try source.fill(size)
            let taken = try source.withWindow { try readLines(of: $0, wanted: wanted) }
            if taken == 0 {
                if source.isAtEnd { break }
                // A word and numbers of up to 128 characters.
                guard size < 2 * WordBytes.longest + 128 * dimensions else {
                    throw malformed(row: rowsRead, "a line end within \(size) bytes", "none")
                }
                size *= 2
            } else {
                source.skip(taken)
                size = ByteSource.windowSize
            }
        }
        if let promised, rowsRead < promised, rowsRead < wanted { throw tooFew() }
        if limit == nil, promised != nil { try checkEnd() }
        if rowsRead == 0 { throw malformed(row: 0, "a word and its vector", "the end of the file") }
        return rows
    }

    /// Reads the whole lines of a window.
    /// - Returns: bytes read.
    private mutating func readLines(of window: UnsafeRawBufferPointer, wanted: Int) throws -> Int {
        var lines: [Line] = []
        var position = 0
        var problem: (() -> WordEmbeddingError)?
        while position < window.count, rowsRead + lines.count < wanted, problem == nil {
            guard let line = nextLine(of: window, at: position) else { break }
            let range = line.range.lowerBound..<trimmedEnd(window, line.range)
            let row = rowsRead + lines.count
            if range.isEmpty {
                blankLine = blankLine ?? row
            } else if let blankLine {
                problem = { [self] in malformed(row: blankLine, "a word and its vector", "an empty line") }
            } else if range.count < 2 * dimensions + 1 {
                // Too short for its columns: no room is made for it.
                let columns = VectorHeader.columns(UnsafeRawBufferPointer(rebasing: window[range]), most: .max)
                problem = { [self] in wrongColumns(row: row, found: columns.count - 1) }
            } else {
                lines.append(Line(range: range, wordLength: 0))
            }
            position = line.next
        }
        try read(&lines, of: window)
        if let problem { throw problem() }
        return position
    }

    /// Reads the numbers of lines on all threads, then adds their words.
    private mutating func read(_ lines: inout [Line], of window: UnsafeRawBufferPointer) throws {
        guard !lines.isEmpty else { return }
        for index in lines.indices {
            let line = UnsafeRawBufferPointer(rebasing: window[lines[index].range])
            lines[index].wordLength = line.firstIndex(where: WordBytes.isBlank) ?? line.count
        }
        var vectors = [Float](repeating: 0, count: lines.count * dimensions)
        let fault = RowFault()
        let longWords = Mutex<[Int: Int]>([:])
        // Read only, and only until this call returns.
        nonisolated(unsafe) let window = window
        let reader = RowReader(dimensions: dimensions, allowsBlanksInWords: promised == nil)
        let (place, batch) = (self.place, lines)
        vectors.parallelUpdate(width: dimensions, threads: availableProcessors, grain: 256) { range, vectors in
            for row in range {
                let line = UnsafeRawBufferPointer(rebasing: window[batch[row].range])
                var wordLength = batch[row].wordLength
                if let problem = reader.read(
                    line, wordLength: &wordLength, into: &vectors, at: (row - range.lowerBound) * reader.dimensions)
                {
                    fault.note(row: row) { place.error(row: row, offset: batch[row].range.lowerBound, problem) }
                    return
                }
                if wordLength != batch[row].wordLength { longWords.withLock { [wordLength] in $0[row] = wordLength } }
            }
        }
        try fault.check()
        for (row, length) in longWords.withLock({ $0 }) { lines[row].wordLength = length }
        wordsWithBlanks += longWords.withLock { $0.count }
        rowsRead += lines.count
        if isTooShort { return }
        for line in lines {
            rows.append(word: UnsafeRawBufferPointer(rebasing: window[line.range.prefix(line.wordLength)]))
        }
        rows.append(vectors: vectors)
    }

    /// The line at `position` and where the next one begins; `nil` when its end is not in the window yet.
    private func nextLine(of window: UnsafeRawBufferPointer, at position: Int) -> (range: Range<Int>, next: Int)? {
        guard position < window.count, let base = window.baseAddress else { return nil }
        if let found = memchr(base + position, 0x0A, window.count - position) {
            let end = UnsafeRawPointer(found) - base
            return (position..<end, end + 1)
        }
        return source.isAtEnd ? (position..<window.count, window.count) : nil
    }

    private func trimmedEnd(_ window: UnsafeRawBufferPointer, _ line: Range<Int>) -> Int {
        var end = line.upperBound
        while end > line.lowerBound, WordBytes.isSpace(window[end - 1]) { end -= 1 }
        return end
    }

    /// Refuses rows beyond the promised ones.
    private func checkEnd() throws {
        while true {
            try source.fill(ByteSource.windowSize)
            if source.count == 0 { return }
            let hasMore = try source.withWindow { !$0.allSatisfy(WordBytes.isSpace) }
            if hasMore {
                throw malformed(row: rowsRead, "the end of the file after \(rowsRead) vectors, as line 1 says", "more")
            }
            source.skip(source.count)
        }
    }

    private var place: RowPlace {
        RowPlace(
            file: source.path, firstLine: firstLine + rowsRead, firstWord: 1 + rowsRead, offset: source.offset,
            dimensions: dimensions)
    }

    private func tooFew() -> WordEmbeddingError {
        let expected = "\(promised ?? 0) vectors of \(dimensions) dimensions, as the first line says"
        if source.isPacked, isTooShort {
            return malformed(line: 1, expected, "a file too small for that (\(source.storedSize) bytes packed)")
        }
        return malformed(line: firstLine + rowsRead, expected, "the end of the file after \(rowsRead)")
    }

    private func wrongColumns(row: Int, found: Int) -> WordEmbeddingError {
        malformed(row: row, "a word and \(dimensions) numbers", found == 0 ? "one column" : "a word and \(found)")
    }

    private func malformed(row: Int, _ expected: String, _ found: String) -> WordEmbeddingError {
        malformed(line: firstLine + row, expected, found)
    }

    private func malformed(line: Int, _ expected: String, _ found: String) -> WordEmbeddingError {
        .malformed(file: source.path, place: "line \(line)", expected: expected, found: found)
    }
}
