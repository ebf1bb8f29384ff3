import ArgumentParser
import EmbeddingVisualization

/// The options of a training that begins with vectors that are there already.
struct ContinueOptions: ParsableArguments {
    @Option(
        help: """
            Begin with these vectors: a model (.w2v) goes on with all it has; of other files the vectors are taken, with \
            counts beside them (.vocab) all their words, else those that the text has, too.
            """, completion: .file())
    var from: String?

    @Flag(help: "With --from: keep those vectors as they are; only new words learn. (default: off)")
    var lockOld = false

    func validate() throws {
        if lockOld, from == nil { throw ValidationError("--lock-old goes with --from.") }
    }

    /// Reads the vectors to begin with, and tells what is odd about them.
    func read(_ configuration: Word2Vec.Configuration, quiet: Bool) throws -> StartingPoint? {
        guard let from else { return nil }
        guard try VectorOutline(path: from).kind == .model else {
            return StartingPoint(try WordVectors.read(path: from), locksVectors: lockOld)
        }
        let model = try TrainedModel.read(path: from)
        let start = StartingPoint(model, locksVectors: lockOld)
        if !quiet {
            if model.cpuLevel != .current {
                Console.say(
                    "w2v: note: \(printable(from)) was made at the CPU level \(model.cpuLevel.rawValue), this is "
                        + "\(CPULevel.current.rawValue): numbers round differently")
            }
            if start.outputs == nil || !configuration.samplesNegatives {
                Console.say("w2v: note: the output table of \(printable(from)) cannot be used; a new one learns")
            } else if configuration.hierarchicalSoftmax {
                Console.say("w2v: note: the inner nodes of the tree are learnt anew")
            }
        }
        return start
    }
}

extension StartingPoint {
    /// How many words of a vocabulary have a vector already.
    func known(in vocabulary: Vocabulary) -> Int {
        vocabulary.words.count { vectors.vocabulary.number(of: $0) != nil }
    }
}
