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

    @Flag(help: "Answer the words one by one, not together. (default: off)")
    var oneByOne = false

    @Flag(help: "Say how long opening the file and answering took. (default: off)")
    var time = false

    func validate() throws {
        if count < 1 { throw ValidationError("--count: expected 1 or more, found \(count).") }
    }

    func run() throws {
        let stopwatch = Stopwatch()
        let vectors = try input.read()
        let opened = stopwatch.seconds
        // The first question computes the lengths of all vectors.
        if time { _ = try vectors.nearest(to: asked[0], count: count) }
        let prepared = stopwatch.seconds
        let answers =
            oneByOne
            ? try asked.map { try vectors.nearest(to: $0, count: count) }
            : try vectors.nearest(toEach: asked, count: count)
        if time {
            Console.say(
                "opened in \(fixed(1000 * opened, 2)) ms, first answer after \(fixed(1000 * (prepared - opened), 2)) ms, "
                    + "\(counted(asked.count, "answer")) in \(fixed(1000 * (stopwatch.seconds - prepared), 3)) ms")
        }
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
