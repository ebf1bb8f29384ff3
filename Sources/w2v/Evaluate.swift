import ArgumentParser
import EmbeddingVisualization

/// `w2v evaluate`: word similarity and analogies.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures vectors by word similarity and analogies.",
        discussion: """
            w2v evaluate vectors.bin --pairs wordsim353.tsv --pairs simlex999.txt --analogies questions-words.txt

            The figures are those of gensim's evaluate_word_pairs and evaluate_word_analogies.
            """)

    @OptionGroup var input: VectorInput

    @Option(
        help: "File of lines of two words and a judgement with tabs between them; may come several times.",
        completion: .file())
    var pairs: [String] = []

    @Option(
        help: "File of lines of four words under headings such as \": capitals\"; may come several times.",
        completion: .file())
    var analogies: [String] = []

    @Option(help: "Know only that many words, the first of the file.")
    var vocabulary = 300_000

    @Flag(help: "Tell upper from lower case. (default: off)")
    var caseSensitive = false

    @Flag(help: "Take what has unknown words for wrong, in place of leaving it out. (default: off)")
    var countUnknown = false

    func validate() throws {
        if pairs.isEmpty, analogies.isEmpty {
            throw ValidationError("Nothing to measure by: give --pairs FILE, --analogies FILE or both.")
        }
        if vocabulary < 1 { throw ValidationError("--vocabulary: expected 1 or more, found \(vocabulary).") }
    }

    func run() throws {
        let pairs = try pairs.map { try WordPairs(path: $0) }
        let analogies = try analogies.map { try AnalogyQuestions(path: $0) }
        for list in pairs { tellSkipped(list.skippedLines, of: list.source, expected: "two words and a number") }
        for list in analogies { tellSkipped(list.skippedLines, of: list.source, expected: "four words") }
        let vectors = try input.read()
        var options = EvaluationOptions()
        options.vocabularyLimit = vocabulary
        options.isCaseSensitive = caseSensitive
        options.countsUnknown = countUnknown
        let similar = try pairs.map { try vectors.evaluate($0, options: options) }
        let completed = analogies.map { vectors.evaluate($0, options: options) }
        try vectors.vocabulary.checkDamage()
        if input.json {
            try StandardOutput.write([
                JSON.object([
                    ("pairs", .list(zip(pairs, similar).map { Self.json($0.source, $1) })),
                    ("analogies", .list(zip(analogies, completed).map { Self.json($0.source, $1) })),
                ]).line
            ])
        } else {
            try StandardOutput.write(
                zip(pairs, similar).map { Self.row($0.source, $1) }
                    + zip(analogies, completed).flatMap { Self.rows($0.source, $1) })
        }
    }

    private func tellSkipped(_ lines: [Int], of file: String, expected: String) {
        guard let first = lines.first, !input.quiet else { return }
        Console.say(
            "w2v: note: \(printable(file)): left out \(counted(lines.count, "line")) without \(expected), "
                + "the first is line \(first)")
    }

    private static func row(_ file: String, _ result: PairEvaluation) -> String {
        "\(printable(file)): Spearman \(fixed(result.spearman, 4)), Pearson \(fixed(result.pearson, 4)), "
            + "\(counted(result.pairs, "pair")), \(grouped(result.unknown)) with unknown words"
    }

    private static func rows(_ file: String, _ result: AnalogyEvaluation) -> [String] {
        func share(_ correct: Int, _ asked: Int) -> String {
            "\(fixed(asked == 0 ? 0 : 100 * Double(correct) / Double(asked), 2)) %, "
                + "\(grouped(correct)) of \(grouped(asked))"
        }
        return result.sections.map { "  \(printable($0.name)): \(share($0.correct, $0.asked))" }
            + [
                "\(printable(file)): \(share(result.correct, result.asked)) analogies right, "
                    + "\(grouped(result.unknown)) with unknown words"
            ]
    }

    private static func json(_ file: String, _ result: PairEvaluation) -> JSON {
        .object([
            ("file", .text(file)), ("spearman", .number(result.spearman)), ("pearson", .number(result.pearson)),
            ("pairs", .whole(result.pairs)), ("unknown", .whole(result.unknown)),
        ])
    }

    private static func json(_ file: String, _ result: AnalogyEvaluation) -> JSON {
        let sections = result.sections.map { section in
            JSON.object([
                ("name", .text(section.name)), ("accuracy", .number(section.accuracy)),
                ("correct", .whole(section.correct)), ("asked", .whole(section.asked)),
            ])
        }
        return .object([
            ("file", .text(file)), ("accuracy", .number(result.accuracy)), ("correct", .whole(result.correct)),
            ("asked", .whole(result.asked)), ("unknown", .whole(result.unknown)), ("sections", .list(sections)),
        ])
    }
}
