/// Reads one line of a text vector file.
struct RowReader {
    let dimensions: Int
    /// Whether further columns belong to the word when they are no numbers.
    let allowsBlanksInWords: Bool

    /// What is wrong with a line.
    enum Problem {
        case columns(found: Int)
        case number(word: String, column: Int, found: String, isFinite: Bool)
        case word(number: Int, position: Int, expected: String, found: String)
    }

    /// Reads the numbers behind the word.
    ///
    /// - Parameters:
    ///   - line: neither empty nor ending in white space.
    ///   - wordLength: bytes to the first blank; made longer when the word holds blanks.
    ///   - vectors: gets `dimensions` numbers from element `start`.
    func read(
        _ line: UnsafeRawBufferPointer, wordLength: inout Int, into vectors: inout MutableSpan<Float>, at start: Int
    ) -> Problem? {
        if let problem = checkWord(line, wordLength) { return problem }
        var problem = readNumbers(line, from: wordLength, into: &vectors, at: start)
        if problem != nil, allowsBlanksInWords, let longer = longerWord(line) {
            wordLength = longer
            problem = checkWord(line, longer) ?? readNumbers(line, from: longer, into: &vectors, at: start)
        }
        return problem
    }

    private func readNumbers(
        _ line: UnsafeRawBufferPointer, from wordLength: Int, into vectors: inout MutableSpan<Float>, at start: Int
    ) -> Problem? {
        var position = wordLength
        for column in 0..<dimensions {
            while position < line.count, WordBytes.isBlank(line[position]) { position += 1 }
            if position == line.count { return .columns(found: column) }
            let tokenStart = position
            switch DecimalNumber.parse(line, at: &position) {
            case .finite(let value): vectors[start + column] = value
            case let other:
                return .number(
                    word: WordBytes.excerpt(UnsafeRawBufferPointer(rebasing: line[..<wordLength])),
                    column: column + 1,
                    found: WordBytes.excerpt(UnsafeRawBufferPointer(rebasing: line[tokenStart..<position])),
                    isFinite: other != .notFinite)
            }
        }
        if position < line.count {
            return .columns(found: VectorHeader.columns(line, most: .max).count - 1)
        }
        return nil
    }

    /// The length of a word that holds blanks: all but the last `dimensions` columns, when there are more columns and
    /// the last one of the word is no number.
    private func longerWord(_ line: UnsafeRawBufferPointer) -> Int? {
        let columns = VectorHeader.columns(line, most: .max)
        guard columns.count > dimensions + 1 else { return nil }
        let last = columns[columns.count - dimensions - 1]
        var position = 0
        let token = UnsafeRawBufferPointer(rebasing: line[last])
        guard DecimalNumber.parse(token, at: &position) == .notANumber else { return nil }
        return last.upperBound
    }

    private func checkWord(_ line: UnsafeRawBufferPointer, _ length: Int) -> Problem? {
        let word = UnsafeRawBufferPointer(rebasing: line[..<length])
        if length == 0 { return .word(number: 0, position: 0, expected: "a word", found: "a blank") }
        if length > WordBytes.longest {
            return .word(
                number: 0, position: 0, expected: "a word of at most \(WordBytes.longest) bytes",
                found: "one of \(length)")
        }
        return WordBytes.fault(word).map {
            .word(number: 0, position: $0.position, expected: "UTF-8 without NUL", found: $0.found)
        }
    }
}

/// Where a batch of rows lies in its file: makes the errors of its rows.
struct RowPlace: Sendable {
    let file: String
    /// Line of row 0, counted from 1; `nil` in a binary file.
    let firstLine: Int?
    /// Number of the word of row 0, counted from 1.
    let firstWord: Int
    /// Where the batch begins in the file.
    let offset: Int
    let dimensions: Int

    /// - Parameter offset: where the row begins in the batch.
    func error(row: Int, offset: Int, _ problem: RowReader.Problem) -> WordEmbeddingError {
        let line = firstLine.map { "line \($0 + row), " } ?? ""
        switch problem {
        case .columns(let found):
            return .malformed(
                file: file, place: "line \((firstLine ?? 0) + row)", expected: "a word and \(dimensions) numbers",
                found: "a word and \(found)")
        case .number(let word, let column, let found, let isFinite):
            return .malformed(
                file: file, place: "\(line)word \(firstWord + row), column \(column)",
                expected: isFinite ? "a number" : "a finite 32-bit number", found: "\(found) of the word \(word)")
        case .word(_, let position, let expected, let found):
            return .malformed(
                file: file, place: "\(line)word \(firstWord + row) (byte \(self.offset + offset + position))",
                expected: expected, found: found)
        }
    }
}
