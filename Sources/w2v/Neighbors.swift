import ArgumentParser
import EmbeddingVisualization

/// `w2v neighbors`: the exact neighbours of every word.
struct Neighbors: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds the exact nearest words of every word, by cosine.",
        discussion: """
            w2v neighbors vectors.bin --count 10 --output all.csv

            The table has the columns word, rank, neighbor and similarity; with --json, a line is an object of a word \
            and its neighbours. Ctrl-C writes nothing.
            """)

    @OptionGroup var input: VectorInput

    @Option(help: "Neighbours of each word.")
    var count = 10

    @Option(name: .shortAndLong, help: "File to write. (default: standard output)", completion: .file())
    var output: String?

    @Option(
        help: "Write the neighbours to this file for w2v tsne --neighbor-graph, in place of a table.",
        completion: .file())
    var graph: String?

    @Option(help: "Threads. (default: one for each processor)")
    var threads: Int?

    func validate() throws {
        if graph != nil, output != nil || input.json {
            throw ValidationError("--graph goes without --output and --json.")
        }
        if count < 1 { throw ValidationError("--count: expected 1 or more, found \(count).") }
        if let threads, !(0...1024).contains(threads) {
            throw ValidationError("--threads: expected 0 to 1024, found \(threads).")
        }
    }

    func run() throws {
        let path = graph ?? output ?? "/dev/stdout"
        try OutputCheck.canWrite([path], reading: [input.vectors, input.labels].compactMap { $0 })
        let vectors = try input.read()
        let interruption = Interruption()
        let graph = try search(vectors, interruption.cancellation)
        interruption.protectWriting()
        if let target = self.graph {
            try graph.write(to: target)
            if !input.quiet { Console.say("wrote \(printable(target))") }
            return
        }
        var file = try AtomicFileWriter(path: path)
        if !input.json { try file.write("word,rank,neighbor,similarity\r\n") }
        for number in 0..<graph.count {
            try file.write(input.json ? Self.line(number, graph, vectors) : Self.rows(number, graph, vectors))
        }
        try vectors.vocabulary.checkDamage()
        try file.commit()
        if let output, !input.quiet { Console.say("wrote \(printable(output))") }
    }

    private func search(_ vectors: WordVectors, _ cancellation: Cancellation) throws -> NeighborGraph {
        let threads = resolvedThreads(threads)
        let drawsMeter = !input.quiet && Console.isTerminal
        do {
            let matrix = vectors.vectors
            try vectors.vocabulary.checkDamage()
            return try ExactNeighbors(metric: .cosine, threads: threads).graph(
                of: matrix, k: count, isCancelled: { cancellation.isCancelled },
                progress: { share in if drawsMeter { Console.redraw("comparing: \(fixed(100 * share, 0)) %") } })
        } catch NeighborError.cancelled {
            Console.say("stopped; nothing was written")
            throw ExitCode(Interruption.exitStatus)
        }
    }

    /// The neighbours of a word as lines of a table.
    private static func rows(_ number: Int, _ graph: NeighborGraph, _ vectors: WordVectors) -> [UInt8] {
        var rows: [UInt8] = []
        for (place, neighbor) in graph.range(of: number).enumerated() {
            appendCSVField(vectors.vocabulary[number].utf8, to: &rows)
            rows.append(contentsOf: ",\(place + 1),".utf8)
            appendCSVField(vectors.vocabulary[Int(graph.indices[neighbor])].utf8, to: &rows)
            rows.append(contentsOf: ",\(1 - graph.distances[neighbor])\r\n".utf8)
        }
        return rows
    }

    /// The neighbours of a word as an object on a line.
    private static func line(_ number: Int, _ graph: NeighborGraph, _ vectors: WordVectors) -> [UInt8] {
        let nearest = graph.range(of: number).map { neighbor in
            JSON.object([
                ("word", .text(vectors.vocabulary[Int(graph.indices[neighbor])])),
                ("similarity", .float(1 - graph.distances[neighbor])),
            ])
        }
        let word = JSON.text(vectors.vocabulary[number])
        return Array((JSON.object([("word", word), ("nearest", .list(nearest))]).line + "\n").utf8)
    }
}
