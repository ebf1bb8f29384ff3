import ArgumentParser
import EmbeddingVisualization

/// `w2v info`: what a file of vectors holds.
struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells what a file of vectors holds.",
        discussion: "The whole file is read and checked.")

    @Argument(help: "File of vectors: word2vec, GloVe, .vec or .npy, plain or gzip, or .w2v.")
    var file: String

    @Flag(help: "Answer in JSON. (default: off)")
    var json = false

    func run() throws {
        let content = try VectorFile.read(path: file)
        let facts = Self.facts(content, path: file)
        if json {
            try StandardOutput.write([JSON.object(facts.map { ($0.name, $0.value) }).line])
        } else {
            try StandardOutput.write(
                facts.filter { !$0.title.isEmpty }.map { "\($0.title): \($0.shown)" }
                    + content.notes.map { "note: \(printable($0))" })
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

    private static func facts(_ file: VectorFile, path: String) -> [Fact] {
        var facts = [
            Fact("file", printable(path), "file", .text(path)),
            Fact("format", file.kind.rawValue + (file.isPacked ? ", gzip" : ""), "format", .text(file.kind.rawValue)),
            Fact("", "", "gzip", .truth(file.isPacked)),
        ]
        let summary: VectorSummary
        switch file.content {
        case .words(let vectors):
            summary = VectorSummary(of: vectors)
            let first = (0..<min(8, vectors.count)).map { vectors.vocabulary[$0] }
            facts += [
                Fact("words", grouped(vectors.count), "words", .whole(vectors.count)),
                Fact("dimensions", "\(vectors.dimensions)", "dimensions", .whole(vectors.dimensions)),
                Fact(
                    "first words", first.map(printable).joined(separator: " "), "firstWords",
                    .list(first.map(JSON.text))),
            ]
            // A sum of hostile counts may exceed an integer.
            if let counts = vectors.vocabulary.counts {
                let total = counts.reduce(0.0) { $0 + Double($1) }
                facts.append(Fact("occurrences", fixed(total, 0), "occurrences", .number(total)))
            } else {
                facts.append(Fact("occurrences", "not known", "occurrences", .null))
            }
        case .matrix(let matrix):
            summary = VectorSummary(of: matrix)
            facts += [
                Fact("rows", grouped(matrix.rows) + ", without words", "rows", .whole(matrix.rows)),
                Fact("dimensions", "\(matrix.columns)", "dimensions", .whole(matrix.columns)),
            ]
        }
        facts += [
            Fact(
                "lengths",
                "\(fixed(summary.shortest, 4)) to \(fixed(summary.longest, 4)), mean \(fixed(summary.meanLength, 4))",
                "shortest", .number(summary.shortest)),
            Fact("", "", "longest", .number(summary.longest)),
            Fact("", "", "meanLength", .number(summary.meanLength)),
            Fact("zero vectors", grouped(summary.zeros), "zeroVectors", .whole(summary.zeros)),
            Fact("", "", "notes", .list(file.notes.map(JSON.text))),
        ]
        return facts
    }
}
