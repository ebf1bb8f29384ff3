import ArgumentParser
import EmbeddingVisualization

/// `w2v convert`: from one format to another.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes vectors in another format.",
        discussion: """
            w2v convert glove.txt vectors.bin
            w2v convert vectors.bin vectors.vec.gz
            w2v convert vectors.npy vectors.bin --labels words.txt

            The ending of the output names the format: .bin (word2vec binary), .txt or .vec (word2vec text, as \
            fastText's), .glove (GloVe text), .npy, .w2v (the format of this program: holds any word, opens at once); with .gz \
            behind all but the last the file is packed. Counts, and the words of a .npy, go to a file of the same name \
            with the ending .vocab, which is read again with the vectors.

            Words with white space are refused by all but .w2v, which would tear them apart: --blanks _ writes New_York.
            """)

    /// The formats under the names of the option.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case bin, text, glove, npy, w2v

        var format: VectorFormat {
            switch self {
            case .bin: .binary
            case .text: .text
            case .glove: .glove
            case .npy: .numpy
            case .w2v: .model
            }
        }
    }

    @OptionGroup var input: VectorInput

    @Argument(help: "File to write.", completion: .file())
    var output: String

    @Option(help: "Format of the output: bin, text, glove, npy or w2v. (default: by its ending)")
    var format: Format?

    @Option(help: "Write this in place of white space inside words. (default: such words are refused)")
    var blanks: String?

    func validate() throws {
        if let blanks, blanks.isEmpty || blanks.unicodeScalars.contains(where: \.properties.isWhitespace) {
            throw ValidationError("--blanks: expected some text without white space, found \"\(printable(blanks))\".")
        }
        if resolvedFormat == .w2v, output.hasSuffix(".gz") {
            throw ValidationError("A .w2v is never packed.")
        }
        if resolvedFormat == nil {
            throw ValidationError("The ending of the output names no format: give --format.")
        }
    }

    func run() throws {
        guard let format = resolvedFormat else { return }
        let outputs = OutputCheck.isReplaced(output) ? [output, VocabularyFile.companion(of: output)] : [output]
        try OutputCheck.canWrite(outputs, reading: [input.vectors, input.labels].compactMap { $0 })
        var vectors = try input.read()
        if let blanks {
            let joined = vectors.replacingBlanks(by: blanks)
            try vectors.vocabulary.checkDamage()
            vectors = joined.vectors
            if joined.collisions > 0 {
                Console.say(
                    "w2v: warning: \(counted(joined.collisions, "word")) with white space became one that was there "
                        + "already; looking it up finds the first")
            }
        }
        let packed = output.hasSuffix(".gz")
        var written = [output]
        if format == .npy || vectors.vocabulary.counts != nil {
            written = try vectors.writeWithVocabulary(to: output, format: format.format, packed: packed)
        } else {
            try vectors.write(to: output, format: format.format, packed: packed)
        }
        if input.json {
            let object = JSON.object([
                ("words", .whole(vectors.count)), ("dimensions", .whole(vectors.dimensions)),
                ("written", .list(written.map(JSON.text))),
            ])
            try StandardOutput.write([object.line])
        } else if !input.quiet {
            Console.say(
                "wrote \(counted(vectors.count, "word")) of \(vectors.dimensions) dimensions to "
                    + written.map(printable).joined(separator: " and "))
        }
    }

    private var resolvedFormat: Format? {
        if let format { return format }
        let name = output.hasSuffix(".gz") ? output.dropLast(3) : output[...]
        let endings: [(String, Format)] = [
            (".bin", .bin), (".txt", .text), (".vec", .text), (".glove", .glove), (".npy", .npy),
            (".w2v", .w2v),
        ]
        return endings.first { name.hasSuffix($0.0) }?.1
    }
}
