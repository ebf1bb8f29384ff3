import ArgumentParser
import EmbeddingVisualization

/// `w2v nearest`: the words nearest to others.
struct Nearest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the words nearest to a word, by cosine.",
        discussion: """
            w2v nearest vectors.bin king --count 5
            w2v nearest vectors.bin king queen --json

            A line is a word, a tab and the cosine; with several words, the word asked for stands before them.
            """)

    @OptionGroup var input: VectorInput

    @Argument(help: "Words to ask for; behind -- when one begins with a hyphen.")
    var asked: [String]

    @Option(help: "Answers for each word.")
    var count = 10

    func validate() throws {
        if count < 1 { throw ValidationError("--count: expected 1 or more, found \(count).") }
    }

    func run() throws {
        let vectors = try input.read()
        let answers = try vectors.nearest(toEach: asked, count: count)
        if input.json {
            let queries = zip(asked, answers).map { word, nearest in
                JSON.object([
                    ("word", .text(word)), ("nearest", .list(nearest.map { $0.json(score: "similarity") })),
                ])
            }
            try StandardOutput.write([JSON.object([("queries", .list(queries))]).line])
        } else {
            try StandardOutput.write(
                zip(asked, answers).flatMap { word, nearest in
                    nearest.map { (asked.count > 1 ? printable(word) + "\t" : "") + $0.row }
                })
        }
    }
}
