import ArgumentParser
import EmbeddingVisualization

/// `w2v index`: makes large files open at once.
struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Saves where the words of a word2vec binary file lie, so that it opens at once.",
        discussion: """
            w2v index vectors.bin

            Writes vectors.bin.index. The other commands then read no more of vectors.bin than they need; an index \
            that does not fit the file any more is passed over with a note, a damaged one is refused where it is damaged. \
            This command makes both anew.
            """)

    @Argument(help: "File in the word2vec binary format, not packed.", completion: .file())
    var vectors: String

    @Flag(help: "Answer in JSON. (default: off)")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
        let file = try VectorFile.open(path: vectors, isIndexChecked: true)
        guard let path = try file.saveIndex() else {
            throw ValidationError(
                "Only word2vec binary files that are not packed have an index; w2v convert makes one.")
        }
        if !quiet { for note in file.notes { Console.say("w2v: note: \(printable(note))") } }
        if json {
            try StandardOutput.write([JSON.object([("written", .list([.text(path)]))]).line])
        } else if !quiet {
            Console.say("wrote \(printable(path))")
        }
    }
}
