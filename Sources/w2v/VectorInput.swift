import ArgumentParser
import EmbeddingVisualization

/// The vectors that a command asks.
struct VectorInput: ParsableArguments {
    @Argument(help: "File of vectors: word2vec, GloVe, .vec or .npy, plain or gzip, or .w2v.", completion: .file())
    var vectors: String

    @Option(help: "Words for the rows of a .npy, one a line.", completion: .file())
    var labels: String?

    @Option(help: "Use only that many words, the first of the file; or: all.")
    var words = WordLimit.all

    @Flag(help: "Answer in JSON. (default: off)")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing but answers and errors.")
    var quiet = false

    /// Reads the words and their vectors, and tells what is odd about them.
    func read() throws -> WordVectors {
        let stopwatch = Stopwatch()
        let file =
            try words.limit.map { try VectorFile.read(path: vectors, limit: $0) } ?? VectorFile.open(path: vectors)
        if !quiet {
            for note in file.notes { Console.say("w2v: note: \(printable(note))") }
            if file.hasUnsavedIndex, stopwatch.seconds > 0.5 {
                Console.say(
                    "w2v: note: indexing took \(fixed(stopwatch.seconds, 1)) s; w2v index \(printable(vectors)) saves that"
                )
            }
        }
        switch file.content {
        case .words(let words):
            guard labels == nil else {
                throw ValidationError("--labels goes with a .npy; this file has words of its own.")
            }
            return words
        case .matrix(let matrix):
            guard let labels else {
                throw ValidationError("A .npy has no words: give them with --labels FILE, one a line.")
            }
            let names = try LabelFile.read(path: labels, count: file.totalRows ?? matrix.rows)
            return WordVectors(vocabulary: Vocabulary(words: names.prefix(matrix.rows)), vectors: matrix)
        }
    }
}

extension ScoredWord {
    /// The answer as a line of a table: the word, a tab, its score.
    var row: String { "\(printable(word))\t\(fixed(Double(similarity), 4))" }

    /// The answer as JSON; its score under the given name.
    func json(score: String) -> JSON {
        .object([("word", .text(word)), (score, .float(similarity))])
    }
}
