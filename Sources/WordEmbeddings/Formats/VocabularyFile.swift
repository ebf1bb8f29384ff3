import FileAccess

/// The list of words with their counts that lies beside a vector file: a line `word count` for each vector, in the
/// same order, as word2vec's `-save-vocab` and gensim's `fvocab` have it.
public enum VocabularyFile {
    /// The path of the list that belongs to a vector file: `vectors.vocab` for `vectors.bin`, `vectors.txt.gz` or
    /// `vectors`.
    public static func companion(of path: String) -> String {
        let directoryEnd = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
        var name = path[(directoryEnd ?? path.startIndex)...]
        func dropExtension() {
            guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return }
            name = name[..<dot]
        }
        if name.hasSuffix(".gz") { dropExtension() }
        dropExtension()
        let companion = String(path[..<name.startIndex]) + name + ".vocab"
        return companion == path ? path + ".vocab" : companion
    }

    /// Writes words and counts (0 when they are not known).
    /// - Throws: `WordEmbeddingError.malformed` for a word that a line cannot hold, `FileError` when the file cannot be
    ///   written; an old file is then as it was.
    public static func write(_ vocabulary: Vocabulary, to path: String) throws {
        try check(vocabulary, path: path)
        var file = try AtomicFileWriter(path: path)
        try write(vocabulary, to: &file)
        try file.commit()
    }

    /// Writes words and counts, which `check` has seen, into an open file.
    static func write(_ vocabulary: Vocabulary, to file: inout AtomicFileWriter) throws {
        // A reader takes a byte order mark off: it must not be the word's own.
        if vocabulary.count > 0, vocabulary[0].utf8.starts(with: byteOrderMark) { try file.write(byteOrderMark) }
        let counts = vocabulary.counts
        for number in 0..<vocabulary.count {
            try file.write("\(vocabulary[number]) \(counts?[number] ?? 0)\n")
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Reads words and counts.
    /// - Throws: `WordEmbeddingError.malformed` with the line that is no word and count, `FileError` when the file
    ///   cannot be read.
    public static func read(path: String) throws -> Vocabulary {
        var index = WordIndex()
        var counts: [Int] = []
        try forEachLine(path) { word, count, _ in
            let word = word.bindMemory(to: UInt8.self)
            index.append(word, hash: WordIndex.hash(word))
            counts.append(count)
            return true
        }
        return Vocabulary(index: index, counts: counts)
    }

    /// Reads words and counts to train with.
    /// - Throws: as `read(path:)`, and `WordEmbeddingError.malformed` with the line of a word that came before, whose count
    ///   is 0, or that is no UTF-8; for a file with fewer than two words.
    public static func readCounted(path: String) throws -> Vocabulary {
        var counter = WordCounter()
        var fault: (line: Int, found: String)?
        try forEachLine(path) { word, count, line in
            if let wrong = WordBytes.fault(word) {
                fault = (line, wrong.found)
            } else if count < 1 || count > 1 << 48 {
                fault = (line, "the count \(count)")
            } else if counter.add(word.bindMemory(to: UInt8.self), occurrences: count) != counter.counts.count - 1
                || counter.counts.last != count
            {
                fault = (line, "\(WordBytes.excerpt(word)), which came before")
            }
            return fault == nil
        }
        let expected = "a new word and its count of 1 to 2^48"
        if let fault {
            throw WordEmbeddingError.malformed(
                file: path, place: "line \(fault.line)", expected: expected, found: fault.found)
        }
        guard counter.counts.count > 1 else {
            throw WordEmbeddingError.malformed(
                file: path, place: "the whole file", expected: "two words or more", found: "\(counter.counts.count)")
        }
        return Vocabulary(index: counter.index, counts: counter.counts)
    }

    /// The counts of words from the companion file, when it is there and has the same words in the same order; what
    /// hinders it becomes a note.
    ///
    /// - Parameter word: gives the bytes of a word of the vectors.
    static func counts(
        _ path: String, count: Int, isPart: Bool, notes: inout [String],
        word: (_ number: Int, _ body: (UnsafeRawBufferPointer) -> Void) -> Void
    ) -> [Int]? {
        guard fileExists(path) else { return nil }
        var counts: [Int] = []
        counts.reserveCapacity(count)
        var mismatch: String?
        do {
            try forEachLine(path) { listed, occurrences, line in
                guard counts.count < count else {
                    if !isPart { mismatch = "it has more words than the vectors" }
                    return false
                }
                word(counts.count) { word in
                    guard !word.elementsEqual(listed) else { return }
                    mismatch =
                        "line \(line) has \(WordBytes.excerpt(listed)) where the vectors have \(WordBytes.excerpt(word))"
                }
                if mismatch != nil { return false }
                counts.append(occurrences)
                return true
            }
        } catch {
            notes.append("the counts are not used: \(error)")
            return nil
        }
        if mismatch == nil, counts.count < count { mismatch = "it has fewer words than the vectors" }
        if let mismatch {
            notes.append("the counts of \(printable(path)) are not used: \(printable(mismatch))")
            return nil
        }
        return counts
    }

    /// The words of a matrix from the companion file, the first `limit` of them, when it is there and has a word for
    /// each row; what hinders it becomes a note.
    static func words(_ path: String, rows: Int, limit: Int, notes: inout [String]) -> Vocabulary? {
        guard fileExists(path) else { return nil }
        do {
            let vocabulary = try read(path: path)
            guard vocabulary.count == rows else {
                notes.append("\(printable(path)) is not used: it has \(vocabulary.count) words for \(rows) rows")
                return nil
            }
            return vocabulary.prefix(limit)
        } catch {
            notes.append("the words are not used: \(error)")
            return nil
        }
    }

    /// - Throws: `WordEmbeddingError.malformed` for a word that is empty, too long, or has white space or NUL in it.
    static func check(_ vocabulary: Vocabulary, path: String) throws {
        for number in 0..<vocabulary.count {
            let word = vocabulary[number]
            func malformed(_ found: String) -> WordEmbeddingError {
                .malformed(
                    file: path, place: "word \(number + 1)",
                    expected: "a word of 1 to \(WordBytes.longest) bytes without white space (.w2v holds any, "
                        + "w2v convert --blanks _ replaces it)", found: found)
            }
            if word.isEmpty { throw malformed("an empty one") }
            if word.utf8.count > WordBytes.longest { throw malformed("one of \(word.utf8.count) bytes") }
            let isPlain = word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x80 }
            if !isPlain, word.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0 == "\0" }) {
                throw malformed(Array(word.utf8).withUnsafeBytes { WordBytes.excerpt($0) })
            }
        }
    }

    /// Gives each line's word, count and number until `body` returns false.
    private static func forEachLine(
        _ path: String, _ body: (_ word: UnsafeRawBufferPointer, _ count: Int, _ line: Int) -> Bool
    ) throws {
        let source = try ByteSource(path: path)
        var lines = try LineReader(source: source)
        var emptyLine: Int?
        while true {
            let number = lines.line + 1
            func malformed(_ found: String) -> WordEmbeddingError {
                .malformed(file: path, place: "line \(number)", expected: "a word, a blank and its count", found: found)
            }
            let goesOn = try lines.next { line in
                let columns = VectorHeader.columns(line, most: .max)
                if columns.isEmpty {
                    // Fine at the end of the file, and only there.
                    emptyLine = emptyLine ?? number
                    return true
                }
                if let emptyLine {
                    throw WordEmbeddingError.malformed(
                        file: path, place: "line \(emptyLine)", expected: "a word, a blank and its count",
                        found: "an empty line")
                }
                guard columns.count >= 2, columns[0].lowerBound == 0 else {
                    throw malformed(WordBytes.excerpt(line))
                }
                let last = columns[columns.count - 1]
                let text = String(decoding: line[last], as: UTF8.self)
                guard let count = Int(text), count >= 0 else {
                    throw malformed("the count \(WordBytes.excerpt(UnsafeRawBufferPointer(rebasing: line[last])))")
                }
                let wordEnd = columns[columns.count - 2].upperBound
                return body(UnsafeRawBufferPointer(rebasing: line[..<wordEnd]), count, number)
            }
            if goesOn != true { return }
        }
    }
}
