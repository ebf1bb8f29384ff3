import ArgumentParser
import EmbeddingVisualization

/// `w2v analogy`: words joined by plus and minus.
struct Analogy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Completes an analogy: king - man + woman.",
        discussion: """
            w2v analogy vectors.bin king - man + woman

            Signs stand alone, with blanks around them. A line is a word, a tab and its score: the cosine with the sum \
            of the directions (add), or the product and quotient of similarities (mul).
            """)

    /// How words are joined, under the names of the option.
    enum Method: String, CaseIterable, ExpressibleByArgument {
        case add
        case mul
    }

    @OptionGroup var input: VectorInput

    @Argument(help: "Words with + or - between them.")
    var terms: [String]

    @Option(help: "Answers.")
    var count = 10

    @Option(help: "How the words are joined: add (3CosAdd) or mul (3CosMul).")
    var method = Method.add

    func validate() throws {
        if count < 1 { throw ValidationError("--count: expected 1 or more, found \(count).") }
        _ = try Self.parse(terms)
    }

    func run() throws {
        let (positive, negative) = try Self.parse(terms)
        let vectors = try input.read()
        let answers = try vectors.nearest(
            positive: positive, negative: negative, count: count, method: method == .add ? .add : .multiply)
        if input.json {
            let object = JSON.object([
                ("positive", .list(positive.map(JSON.text))), ("negative", .list(negative.map(JSON.text))),
                ("method", .text(method.rawValue)), ("answers", .list(answers.map { $0.json(score: "score") })),
            ])
            try StandardOutput.write([object.line])
        } else {
            try StandardOutput.write(answers.map(\.row))
        }
    }

    /// The words with plus and those with minus. A sign behind a sign is a word.
    private static func parse(_ terms: [String]) throws -> (positive: [String], negative: [String]) {
        var words = (positive: [String](), negative: [String]())
        var sign: String?
        for term in terms {
            if sign == nil, term == "+" || term == "-" {
                sign = term
            } else {
                if sign == "-" { words.negative.append(term) } else { words.positive.append(term) }
                sign = nil
            }
        }
        if let sign { throw ValidationError("A word is missing behind the last \(sign).") }
        return words
    }
}
