import ArgumentParser
import EmbeddingVisualization

/// `w2v train`: from text to word vectors.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains word vectors on text.",
        discussion: """
            A line is a sentence; words are separated by white space. Beside the vectors a file with the ending \
            .vocab is written: each word and how often it occurs. An output that ends with .w2v is a model: vectors, \
            counts and all that is needed to go on training, in one file. Ctrl-C writes the vectors so far.
            """)

    /// The formats under the names of the option.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case bin
        case text
        case w2v
    }

    @Argument(help: "Text files in UTF-8, plain or gzip; - is standard input.", completion: .file())
    var corpus: [String]

    @Option(
        name: .shortAndLong, help: "File for the vectors. (default: vectors.bin, vectors.txt or vectors.w2v)",
        completion: .file())
    var output: String?

    @Option(help: "Components of each vector. (default: 100, or those of --from)")
    var dimensions: Int?

    @OptionGroup(title: "Going on")
    var continuing: ContinueOptions

    @Option(help: "Largest distance between a word and its context.")
    var window = 5

    @Flag(help: "Use the whole window for each word, not a part of it that is drawn anew. (default: off)")
    var wholeWindow = false

    @Flag(help: "Continuous bag of words: the mean of the words around predicts the word. (default: skip-gram)")
    var cbow = false

    @Option(
        help: """
            Negative samples for each true pair; with --hierarchical-softmax they are trained besides it. (default: 5, \
            none with --hierarchical-softmax)
            """)
    var negative: Int?

    @Option(parsing: .unconditional, help: "Power of the words' counts by which negatives are drawn.")
    var nsExponent = 0.75

    @Flag(help: "Hierarchical softmax, in place of negative sampling unless --negative is given. (default: off)")
    var hierarchicalSoftmax = false

    @Option(help: "Leave out words that occur less often.")
    var minCount = 5

    @Option(help: "Keep only that many words, the most frequent ones. (default: none left out)")
    var maxVocabulary: Int?

    @Option(help: "File of words to leave out, separated by white space or line ends.", completion: .file())
    var stopWords: String?

    @Option(
        help: "Take words and counts from this file, which --save-vocabulary wrote, not from the text.",
        completion: .file())
    var vocabulary: String?

    @Option(help: "Write the vocabulary, a word and its count a line, before training begins.", completion: .file())
    var saveVocabulary: String?

    @Option(
        help: """
            Memory for counting words, such as 512M or 4G; what it does not hold goes to a temporary file, the result is \
            the same. (default: no limit)
            """)
    var maxMemory: MemorySize?

    @Option(help: "Threshold for leaving out occurrences of frequent words; 0 keeps all.")
    var sample = 1e-3

    @Option(help: "Passes over the text.")
    var epochs = 5

    @Option(help: "Learning rate at the start; it falls linearly.")
    var learningRate = 0.025

    @Option(help: "Learning rate at the end.")
    var minLearningRate = 1e-4

    @Option(help: "Threads. (default: one for each processor)")
    var threads: Int?

    @Flag(
        help: """
            The same seed gives the same vectors at any number of threads. Skip-gram with negative sampling only; \
            everything else then trains on one thread. (default: off)
            """)
    var deterministic = false

    @Option(help: "Deterministic training: words whose pairs are kept in memory at once.")
    var chunkWords = 1_000_000

    @Option(help: "Random seed; the same seed gives the same vectors with --deterministic or --threads 1.")
    var seed: UInt64 = 1

    @Flag(help: "Put all words into lower case. (default: off)")
    var lowercase = false

    @Option(
        help: """
            How text is cut into words: whitespace, or unicode, which leaves out punctuation and keeps "don't" and 3.14 \
            whole.
            """)
    var tokenizer = TokenizerName.whitespace

    @Option(
        help: """
            Format of the vectors: bin (word2vec binary), text (word2vec text) or w2v (a model). (default: w2v for an \
            output that ends with .w2v, else bin)
            """)
    var format: Format?

    @OptionGroup(title: "Keeping and measuring the work")
    var care: CareOptions

    @OptionGroup(title: "Watching the work")
    var watching: WatchOptions

    @Option(
        help: "Up to 8 words whose neighbours the charts show, with commas between them. (default: chosen by frequency)"
    )
    var probeWords: String?

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        guard let probes else { return }
        if !watching.watches { throw ValidationError("--probe-words goes with --ui, --stats or --remote-ui.") }
        if !(1...8).contains(probes.count) {
            throw ValidationError("--probe-words: expected 1 to 8 words, found \(probes.count).")
        }
    }

    func run() throws {
        var configuration = try makeConfiguration()
        let start = try continuing.read(configuration, quiet: quiet)
        if dimensions == nil, let start { configuration.dimensions = start.vectors.dimensions }
        let format = format ?? (output?.hasSuffix(".w2v") == true ? .w2v : .bin)
        let path = output ?? "vectors." + (format == .text ? "txt" : format.rawValue)
        // Hours of training must not end at a folder that is not there, nor eat the text that they read.
        let hasCompanion = format != .w2v && OutputCheck.isReplaced(path)
        let outputs = hasCompanion ? [path, VocabularyFile.companion(of: path)] : [path]
        try OutputCheck.canWrite(
            outputs + watching.outputs + [saveVocabulary].compactMap { $0 },
            reading: corpus + [stopWords, vocabulary].compactMap { $0 })

        let evaluation = try care.evaluation()
        let interruption = Interruption()
        let watch = try Watch(watching, quiet: quiet)
        defer { watch.close() }
        let prepared = try read(configuration, start, interruption.cancellation)
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setStart(start)
        word2vec.setCheckpoints(care.checkpoints)
        word2vec.setEvaluation(evaluation)
        care.sayBeginning(quiet: quiet)
        if let probes {
            word2vec.setProbeWords(probes)
            for word in probes where prepared.vocabulary.number(of: word) == nil {
                Console.say("w2v: warning: --probe-words: the vocabulary lacks \(printable(word))")
            }
        }
        let line = ProgressLine(averagesScore: true, Self.describe)
        word2vec.setListeners((quiet ? [] : [FigureLines(), line]) + watch.listeners)
        if deterministic, !configuration.rotatesBlocks, !quiet {
            Console.say("--deterministic: this objective trains on one thread")
        }
        let stopwatch = Stopwatch()
        let model =
            format == .w2v ? try word2vec.fitModel(prepared, cancellation: interruption.cancellation) : nil
        let vectors = try model?.vectors ?? word2vec.fit(prepared, cancellation: interruption.cancellation)
        let seconds = stopwatch.seconds
        interruption.protectWriting()
        let outcome = word2vec.outcome
        var paths = [path]
        if let model {
            try model.write(to: path)
        } else {
            paths = try vectors.writeWithVocabulary(to: path, format: format == .bin ? .binary : .text)
        }
        let written = paths.map(printable).joined(separator: " and ")
        care.sayOutcome(outcome, epochs: epochs, quiet: quiet)
        if word2vec.wasStopped {
            Console.say("stopped early; wrote \(written)")
        } else if !quiet {
            Console.say("wrote \(written)")
        }
        if !quiet {
            let words = max(0, word2vec.wordsTrained - outcome.resumedWords)
            let rate = grouped(Int(Double(words) / max(seconds, 1e-9)))
            Console.say("trained \(grouped(words)) words in \(fixed(seconds, 2)) s (\(rate) words/s)")
        }
        watch.finish(interruption)
        if let divergence = outcome.divergence {
            Console.say(
                "w2v: \(divergence); what was written is the last good state, after \(grouped(outcome.goodWords)) words"
            )
            throw ExitCode.failure
        }
        if word2vec.wasStopped { throw ExitCode(Interruption.exitStatus) }
    }

    private var probes: [String]? { probeWords?.split(separator: ",").map(String.init) }

    private func makeConfiguration() throws -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.dimensions = dimensions ?? 100
        configuration.window = window
        configuration.shrinksWindow = !wholeWindow
        configuration.continuousBagOfWords = cbow
        configuration.hierarchicalSoftmax = hierarchicalSoftmax
        if let negative {
            configuration.negative = negative
            configuration.bothObjectives = hierarchicalSoftmax && negative > 0
        }
        configuration.negativeExponent = nsExponent
        configuration.minCount = minCount
        configuration.maxVocabulary = maxVocabulary
        configuration.sample = sample
        configuration.epochs = epochs
        configuration.learningRate = learningRate
        configuration.minLearningRate = minLearningRate
        configuration.threads = threads ?? 0
        configuration.seed = seed
        configuration.deterministic = deterministic
        configuration.chunkWords = chunkWords
        configuration.lowercase = lowercase
        configuration.tokenizer = tokenizer.kind
        configuration.stopWords = try stopWords.map { try WordList.read(path: $0) } ?? []
        configuration.maxMemory = maxMemory?.bytes
        try configuration.validate()
        return configuration
    }

    /// Reads the text, saying how far it is and what was found.
    private func read(
        _ configuration: Word2Vec.Configuration, _ start: StartingPoint?, _ cancellation: Cancellation
    ) throws -> PreparedCorpus {
        let stopwatch = Stopwatch()
        let drawsMeter = !quiet && Console.isTerminal
        let prepared: PreparedCorpus
        do {
            let known = try vocabulary.map { try VocabularyFile.readCounted(path: $0) }
            prepared = try Corpus(paths: corpus).prepare(
                configuration, vocabulary: known.map { .fixed($0) } ?? start?.vocabularySource ?? .text,
                cancellation: cancellation,
                progress: drawsMeter ? Self.drawMeter : nil)
        } catch is CancellationError {
            Console.say("stopped while reading; nothing was written")
            throw ExitCode(Interruption.exitStatus)
        }
        if prepared.invalidSequences > 0 {
            Console.say("w2v: warning: \(grouped(prepared.invalidSequences)) invalid UTF-8 sequences became U+FFFD")
        }
        if prepared.overlongWords > 0 {
            Console.say(
                "w2v: warning: \(grouped(prepared.overlongWords)) words of more than 65,535 bytes were left out")
        }
        if prepared.looksUnsegmented { Console.say(Self.unsegmented) }
        if let saveVocabulary { try VocabularyFile.write(prepared.vocabulary, to: saveVocabulary) }
        if !quiet {
            Console.say(
                "read \(grouped(prepared.wordsInText)) words in \(fixed(stopwatch.seconds, 2)) s: "
                    + "\(grouped(prepared.vocabulary.count)) of \(grouped(prepared.distinctWords)) different words kept, "
                    + "\(grouped(prepared.wordsInVocabulary)) to train in each of \(configuration.epochs) epochs")
            if let start {
                let known = start.known(in: prepared.vocabulary)
                let new = prepared.vocabulary.count - known
                Console.say(
                    "\(counted(known, "word")) begin with the vectors of --from, \(grouped(new)) \(new == 1 ? "is" : "are") new"
                )
            }
        }
        return prepared
    }

    /// What to do about text whose words have no blanks between them.
    static let unsegmented = """
        w2v: warning: this Chinese or Japanese text seems to have no blanks between its words, so whole phrases become \
        words; cut it first: apt-get install mecab mecab-ipadic-utf8, then mecab -O wakati text.txt > words.txt \
        (Chinese: pip install jieba, then python3 -m jieba -d ' ' text.txt > words.txt)
        """

    @Sendable private static func drawMeter(_ done: Int, _ all: Int?) {
        let share = all.map { "of \(grouped($0 >> 20)) MiB" } ?? "MiB"
        Console.redraw("reading: \(grouped(done >> 20)) \(share)")
    }

    @Sendable private static func describe(_ progress: TrainingProgress) -> String {
        let rate = grouped(Int(progress.unitsPerSecond))
        let loss = progress.score.map { "  loss \(fixed($0, 4))" } ?? ""
        return "\(rate) words/s  learning rate \(fixed(progress.learningRate, 5))\(loss)"
    }
}
