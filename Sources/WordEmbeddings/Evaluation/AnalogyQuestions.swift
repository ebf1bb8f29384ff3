/// Questions "a is to b as c is to what?" with their answers, in sections: Mikolov's `questions-words.txt` and the like.
public struct AnalogyQuestions: Sendable {
    /// Four words; the last one is the answer.
    public struct Question: Sendable, Equatable {
        /// The word that is to `b`
        public let a: String
        /// as
        public let b: String
        /// this one is
        public let c: String
        /// to this one.
        public let answer: String

        /// A question as given.
        public init(_ a: String, _ b: String, _ c: String, answer: String) {
            (self.a, self.b, self.c, self.answer) = (a, b, c, answer)
        }
    }

    /// Questions of one kind.
    public struct Section: Sendable, Equatable {
        /// The heading.
        public let name: String
        /// The questions below it.
        public let questions: [Question]

        /// A section as given.
        public init(name: String, questions: [Question]) {
            (self.name, self.questions) = (name, questions)
        }
    }

    /// The sections in the order of the file.
    public let sections: [Section]
    /// Numbers, from 1, of the lines that are neither heading, question nor empty.
    public let skippedLines: [Int]
    /// The file, for messages.
    public let source: String

    /// Sections as given.
    public init(_ sections: [Section], source: String = "the questions") {
        (self.sections, self.source, skippedLines) = (sections, source, [])
    }

    /// Reads lines of four words, with white space between them, under headings such as `: capitals`.
    ///
    /// Empty lines are passed over; lines of more or fewer words are left out and told in `skippedLines`.
    /// - Throws: `WordEmbeddingError.malformed` for what is no UTF-8 text, for a question before the first heading, and
    ///   for a file without questions; `FileError` when the file cannot be read.
    public init(path: String) throws {
        var sections: [Section] = []
        var name: String?
        var questions: [Question] = []
        var skipped: [Int] = []
        var isEmpty = true
        func close() {
            if let name { sections.append(Section(name: name, questions: questions)) }
            questions = []
        }
        try EvaluationText.forEachLine(path) { number, line in
            let words = EvaluationText.words(line)
            if line.hasPrefix(": ") {
                close()
                name = words.dropFirst().joined(separator: " ")
            } else if words.count == 4 {
                guard name != nil else {
                    throw WordEmbeddingError.malformed(
                        file: path, place: "line \(number)", expected: "a heading such as \": capitals\"", found: line)
                }
                questions.append(Question(words[0], words[1], words[2], answer: words[3]))
                isEmpty = false
            } else if !words.isEmpty {
                skipped.append(number)
            }
        }
        close()
        guard !isEmpty else {
            throw WordEmbeddingError.malformed(
                file: path, place: skipped.first.map { "line \($0)" } ?? "the whole file",
                expected: "four words under a heading such as \": capitals\"", found: "no such line")
        }
        (self.sections, skippedLines, source) = (sections, skipped, path)
    }
}
