import ArgumentParser
import EmbeddingVisualization

/// `w2v phrases`: joins words that belong together.
struct PhrasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phrases",
        abstract: "Joins words that stand together more often than by chance: new york becomes new_york.",
        discussion: """
            w2v phrases text.txt phrases.txt --passes 2

            A line of the output is a line of the text, words separated by blanks; an output that ends with .gz is packed.
            """)

    /// The scores under the names of the option.
    enum ScoreName: String, CaseIterable, ExpressibleByArgument {
        case word2phrase
        case npmi

        var score: Phrases.Score {
            switch self {
            case .word2phrase: .word2phrase
            case .npmi: .npmi
            }
        }
    }

    @Argument(help: "Text file in UTF-8, plain or gzip; - is standard input.", completion: .file())
    var input: String

    @Argument(help: "File to write.", completion: .file())
    var output: String

    @Option(help: "Leave words and pairs alone that occur less often.")
    var minCount = 5

    @Option(help: "How pairs are scored: word2phrase, or npmi (from -1 to 1).")
    var score = ScoreName.word2phrase

    @Option(help: "Join pairs with a greater score. (default: 100, or 0.5 for npmi)")
    var threshold: Double?

    @Option(help: "How many times pairs are joined; two passes make phrases of up to four words.")
    var passes = 1

    @Option(help: "What stands between joined words.")
    var delimiter = "_"

    @Flag(help: "Put all words into lower case. (default: off)")
    var lowercase = false

    @Option(help: "How text is cut into words: whitespace, or unicode, which leaves out punctuation.")
    var tokenizer = TokenizerName.whitespace

    @Option(help: "Memory for counting, such as 512M or 4G; what it does not hold goes to a temporary file.")
    var maxMemory = MemorySize.gibibyte

    @Option(help: "Threads. (default: one for each processor)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
        var values = Phrases.Configuration()
        values.minCount = minCount
        values.score = score.score
        values.threshold = threshold
        values.passes = passes
        values.delimiter = delimiter
        values.lowercase = lowercase
        values.tokenizer = tokenizer.kind
        values.maxMemory = maxMemory.bytes
        values.threads = threads ?? 0
        try values.validate()
        try OutputCheck.canWrite([output], reading: [input])
        let interruption = Interruption()
        let stopwatch = Stopwatch()
        let done: [Phrases.Pass]
        do {
            done = try Phrases(values).write(
                Corpus(path: input), to: output, cancellation: interruption.cancellation)
        } catch is CancellationError {
            Console.say("stopped; nothing was written")
            throw ExitCode(Interruption.exitStatus)
        }
        guard !quiet else { return }
        for (number, pass) in done.enumerated() {
            Console.say(
                "pass \(number + 1): read \(counted(pass.words, "word")), joined \(counted(pass.phrases, "pair")) "
                    + "in \(counted(pass.joined, "place"))")
        }
        Console.say("wrote \(printable(output)) in \(fixed(stopwatch.seconds, 2)) s")
    }
}
