import ArgumentParser
import EmbeddingVisualization

/// The command line: parsing, progress, messages. All work is done by the library.
@main
struct W2V: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "w2v",
        abstract: "Trains word vectors and draws maps of them.",
        discussion: """
            w2v train corpus.txt --output vectors.bin
            w2v tsne vectors.bin --plot map.html --csv map.csv
            """,
        subcommands: [Train.self, Tsne.self])

    static func main() {
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
            case is WordEmbeddingError, is FileError, is TsneError, is PlotError:
                Console.say("w2v: \(error)")
                exit(withError: ExitCode.failure)
            default:
                // Help, wrong usage, an exit status of our own.
                exit(withError: error)
            }
        }
    }
}
