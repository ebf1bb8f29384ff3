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

    @Argument(help: "Text files in UTF-8, plain or gzip; - is standard input.", completion: .file())
    var corpus: [String]

    @OptionGroup(title: "Text and vocabulary")
    var text: TextOptions

    @OptionGroup(title: "Objective")
    var objective: ObjectiveOptions

    @OptionGroup(title: "Training")
    var training: TrainingOptions

    @OptionGroup(title: "Going on with vectors")
    var continuing: ContinueOptions

    @OptionGroup(title: "Checkpoints and evaluation")
    var care: CareOptions

    @OptionGroup(title: "Output")
    var output: TrainOutputOptions

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
        if training.dimensions == nil, let start { configuration.dimensions = start.vectors.dimensions }
        // Hours of training must not end at a folder that is not there, nor eat the text that they read.
        try OutputCheck.canWrite(
            output.files + watching.outputs + [text.saveVocabulary].compactMap { $0 },
            reading: corpus + [text.stopWords, text.vocabulary].compactMap { $0 })

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
        if training.deterministic, !configuration.rotatesBlocks, !quiet {
            Console.say("--deterministic: this objective trains on one thread")
        }
        let stopwatch = Stopwatch()
        let model =
            output.format == .w2v ? try word2vec.fitModel(prepared, cancellation: interruption.cancellation) : nil
        let vectors = try model?.vectors ?? word2vec.fit(prepared, cancellation: interruption.cancellation)
        let seconds = stopwatch.seconds
        interruption.protectWriting()
        let outcome = word2vec.outcome
        let paths = try output.write(vectors, model)
        let written = paths.map(printable).joined(separator: " and ")
        care.sayOutcome(outcome, quiet: quiet)
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
        try text.apply(to: &configuration)
        objective.apply(to: &configuration)
        training.apply(to: &configuration)
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
            let known = try text.vocabulary.map { try VocabularyFile.readCounted(path: $0) }
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
        if let saveVocabulary = text.saveVocabulary {
            try VocabularyFile.write(prepared.vocabulary, to: saveVocabulary)
        }
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
