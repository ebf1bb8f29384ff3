import ArgumentParser
import EmbeddingVisualization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The command line: parsing, progress, messages. All work is done by the library.
@main
struct W2V: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "w2v",
        abstract: "Trains word vectors, asks them, draws maps of them, and shows how training goes.",
        discussion: """
            w2v train corpus.txt --output vectors.bin
            w2v nearest vectors.bin king
            w2v analogy vectors.bin king - man + woman
            w2v tsne vectors.bin --plot map.html --csv map.csv
            w2v train corpus.txt --ui --stats run.stats
            w2v ui run.stats
            """,
        subcommands: [
            Train.self, PhrasesCommand.self, Nearest.self, Analogy.self, Evaluate.self, Neighbors.self, Info.self,
            Convert.self, Index.self,
            Tsne.self,
            UI.self,
        ])

    /// The options of `w2v tsne` that are not named like the fields of the configuration.
    private static let mapOptions = [
        "dimensions": "--dims", "maxIterations": "--max-iter", "stopLyingIteration": "--stop-lying",
        "switchMomentumIteration": "--switch-momentum", "useAdaGrad": "--adagrad", "usePca": "--pca",
        "initialization": "--init", "neighborMethod": "--neighbors", "perplexities": "--perplexity",
        "lateExaggerationIteration": "--late-exaggeration-from", "degreesOfFreedom": "--dof",
        "snapshotInterval": "--snapshots",
    ]

    /// The option of a field: `minCount` is `--min-count`.
    private static func optionName(_ field: String) -> String {
        "--" + field.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
    }

    static func main() {
        // A reader that went away is an error of writing, not the end of an hour's training.
        signal(SIGPIPE, SIG_IGN)
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            exit(withError: error)
        }
        do {
            try command.run()
        } catch {
            switch error {
            case WordEmbeddingError.invalidConfiguration(let name, let expected, let found):
                exit(
                    withError: ValidationError("\(optionName(name)): expected \(expected), found \(printable(found))."))
            case TsneError.invalidConfiguration(let name, let expected, let found):
                let option = mapOptions[name] ?? optionName(name)
                exit(withError: ValidationError("\(option): expected \(expected), found \(printable(found))."))
            case FileError.system("/dev/stdout", _, String(cString: strerror(EPIPE))):
                // Who read has seen enough, as `head` has: the status of a program that the signal ends.
                exit(withError: ExitCode(128 + SIGPIPE))
            case is WordEmbeddingError, is NeighborError, is GraphFileError, is MapTableError, is CommandError,
                is FileError, is TsneError, is PlotError, is StatsError,
                is UIServerError:
                Console.say("w2v: \(error)")
                exit(withError: ExitCode.failure)
            default:
                // Help, wrong usage, an exit status of our own.
                exit(withError: error)
            }
        }
    }
}
