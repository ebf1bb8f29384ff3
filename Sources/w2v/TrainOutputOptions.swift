import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v train` for what is written.
struct TrainOutputOptions: ParsableArguments {
    /// The formats under the names of the option.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case bin
        case text
        case w2v
    }

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "File for the vectors. (default: vectors.bin, vectors.txt or vectors.w2v)", completion: .file())
    var givenPath: String?

    @Option(
        name: .customLong("format"),
        help: """
            Format of the vectors: bin (word2vec binary), text (word2vec text) or w2v (a model). (default: w2v for an \
            output that ends with .w2v, else bin)
            """)
    var givenFormat: Format?

    var format: Format { givenFormat ?? (givenPath?.hasSuffix(".w2v") == true ? .w2v : .bin) }

    /// Where the vectors go.
    var path: String { givenPath ?? "vectors." + (format == .text ? "txt" : format.rawValue) }

    /// All files that are written.
    var files: [String] {
        let hasCompanion = format != .w2v && OutputCheck.isReplaced(path)
        return hasCompanion ? [path, VocabularyFile.companion(of: path)] : [path]
    }

    /// Writes the model when there is one, else the vectors and their counts.
    /// - Returns: the paths of the files.
    func write(_ vectors: WordVectors, _ model: TrainedModel?) throws -> [String] {
        if let model {
            try model.write(to: path)
            return [path]
        }
        return try vectors.writeWithVocabulary(to: path, format: format == .bin ? .binary : .text)
    }
}
