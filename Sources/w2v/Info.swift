import ArgumentParser
import EmbeddingVisualization

/// `w2v info`: what a file of vectors holds.
struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells what a file of vectors holds.",
        discussion: """
            Model files, .npy, and word2vec binary files with an index are not read for that; --check reads all of any \
            file, looks at its checksums and numbers, and tells the lengths of the vectors.
            """)

    @Argument(
        help: "File of vectors: word2vec, GloVe, .vec or .npy, plain or gzip, or .w2v.", completion: .file())
    var file: String

    @Flag(help: "Read and check all of the file. (default: off)")
    var check = false

    @Flag(help: "Answer in JSON. (default: off)")
    var json = false

    func run() throws {
        let outline = try VectorOutline(path: file, isChecked: check)
        let facts = Self.facts(outline, path: file)
        try outline.vocabulary?.checkDamage()
        if json {
            try StandardOutput.write([JSON.object(facts.map { ($0.name, $0.value) }).line])
        } else {
            try StandardOutput.write(
                facts.filter { !$0.title.isEmpty }.map { "\($0.title): \($0.shown)" }
                    + outline.notes.map { "note: \(printable($0))" })
        }
    }

    /// One thing to know, for people and for programs.
    private struct Fact {
        let title: String
        let shown: String
        let name: String
        let value: JSON

        init(_ title: String, _ shown: String, _ name: String, _ value: JSON) {
            (self.title, self.shown, self.name, self.value) = (title, shown, name, value)
        }
    }

    private static func facts(_ file: VectorOutline, path: String) -> [Fact] {
        var facts = [
            Fact("file", printable(path), "file", .text(path)),
            Fact("format", file.kind.rawValue + (file.isPacked ? ", gzip" : ""), "format", .text(file.kind.rawValue)),
            Fact("", "", "gzip", .truth(file.isPacked)),
        ]
        let dimensions = Fact("dimensions", "\(file.dimensions)", "dimensions", .whole(file.dimensions))
        if let words = file.vocabulary {
            let first = (0..<min(8, words.count)).map { words[$0] }
            facts += [
                Fact("words", grouped(words.count), "words", .whole(words.count)), dimensions,
                Fact(
                    "first words", first.map(printable).joined(separator: " "), "firstWords",
                    .list(first.map(JSON.text))),
            ]
            // A sum of hostile counts may exceed an integer.
            if let total = file.occurrences {
                let whole = Int(exactly: total)
                facts.append(
                    Fact(
                        "occurrences", whole.map(grouped) ?? fixed(total, 0), "occurrences",
                        whole.map(JSON.whole) ?? .number(total)))
            } else {
                facts.append(Fact("occurrences", "not known", "occurrences", .null))
            }
        } else {
            facts += [Fact("rows", grouped(file.rows) + ", without words", "rows", .whole(file.rows)), dimensions]
        }
        if let model = file.model { facts += Self.facts(model) }
        facts += Self.facts(file.summary)
        return facts + [Fact("", "", "notes", .list(file.notes.map(JSON.text)))]
    }

    private static func facts(_ model: ModelFacts) -> [Fact] {
        [
            Fact(
                "output table", model.outputRows == 0 ? "none" : counted(model.outputRows, "row"), "outputRows",
                .whole(model.outputRows)),
            Fact(
                "trained words", model.wordsTrained.map { grouped($0) } ?? "not known", "wordsTrained",
                model.wordsTrained.map(JSON.whole) ?? .null),
            Fact("CPU level", model.cpuLevel.rawValue, "cpuLevel", .text(model.cpuLevel.rawValue)),
        ]
    }

    private static func facts(_ summary: VectorSummary?) -> [Fact] {
        guard let summary else {
            return [Fact("lengths", "not read (--check)", "shortest", .null), Fact("", "", "longest", .null)]
                + [Fact("", "", "meanLength", .null), Fact("", "", "zeroVectors", .null)]
        }
        return [
            Fact(
                "lengths",
                "\(fixed(summary.shortest, 4)) to \(fixed(summary.longest, 4)), mean \(fixed(summary.meanLength, 4))",
                "shortest", .number(summary.shortest)),
            Fact("", "", "longest", .number(summary.longest)),
            Fact("", "", "meanLength", .number(summary.meanLength)),
            Fact("zero vectors", grouped(summary.zeros), "zeroVectors", .whole(summary.zeros)),
        ]
    }
}
