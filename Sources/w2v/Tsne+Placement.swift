import ArgumentParser
import EmbeddingVisualization

extension Tsne {
    /// Places the vectors of the file on an existing map and writes them.
    func place(onto mapFile: String, reference: String) throws {
        let table = try readMap(mapFile, dimensions: descent.dims)
        let old = try MapInput.read(reference, limit: nil, labelFile: nil)
        let input = try MapInput.read(vectors, limit: files.words.limit, labelFile: files.labels)
        for note in old.notes + input.notes { Console.say("w2v: note: \(printable(note))") }
        guard old.matrix.columns == input.matrix.columns else {
            throw CommandError(
                "\(printable(reference)): expected vectors of \(input.matrix.columns) dimensions, as in "
                    + "\(printable(vectors)), found \(old.matrix.columns)")
        }
        // The words of the map that the reference has vectors of.
        let rows = Dictionary(old.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let known = table.words.enumerated().compactMap { place, word in rows[word].map { (place: place, row: $0) } }
        guard !known.isEmpty else {
            throw CommandError("\(printable(reference)): no word of the map \(printable(mapFile)) is in it")
        }
        if !quiet {
            Console.say(
                "placing \(grouped(input.matrix.rows)) \(input.unit) on a map of \(grouped(known.count)) "
                    + "(\(grouped(table.words.count - known.count)) of the map have no vector)")
        }
        let places = known.flatMap { table.coordinates.row($0.place) }
        let vectors = known.flatMap { old.matrix.row($0.row) }
        let map = Matrix(rows: known.count, columns: table.coordinates.columns, elements: places)
        let matrix = Matrix(rows: known.count, columns: old.matrix.columns, elements: vectors)
        var options = PlacementOptions()
        if let first = near.perplexity?.numbers.first { options.perplexity = first }
        if let maxIter = descent.maxIter { options.iterations = maxIter }
        let interruption = Interruption()
        let tsne = BarnesHutTsne(configuration: makeConfiguration())
        let placed = try tsne.transform(
            input.matrix, onto: map, of: matrix, metric: input.metric, options: options,
            cancellation: interruption.cancellation)
        guard let placed else {
            Console.say("stopped; nothing was written")
            throw ExitCode(Interruption.exitStatus)
        }
        interruption.protectWriting()
        try files.write(
            placed, input, groups: groups(of: input), title: fileName(self.vectors),
            summary: ScatterPlot.Summary(
                perplexity: options.perplexity, iterations: options.iterations,
                notes: ["placed on \(fileName(mapFile))"]))
        if !quiet { Console.say("wrote \(files.outputs.map(printable).joined(separator: " and "))") }
    }

    /// The places of an old map for the words of an input. Words that the map lacks start in the middle of their 10
    /// nearest words that are on it.
    func layout(from path: String, for input: MapInput) throws -> (layout: Matrix, known: [Int]) {
        let dims = descent.dimensions
        let table = try readMap(path, dimensions: dims)
        let places = Dictionary(table.words.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let known = input.labels.indices.filter { places[input.labels[$0]] != nil }
        let others = input.labels.indices.filter { places[input.labels[$0]] == nil }
        guard !known.isEmpty else {
            throw CommandError("\(printable(path)): none of the words to be mapped is on this map")
        }
        var layout = Matrix(rows: input.labels.count, columns: dims)
        for row in known {
            guard let place = places[input.labels[row]] else { continue }
            for d in 0..<dims { layout[row, d] = table.coordinates[place, d] }
        }
        if !others.isEmpty {
            func some(_ rows: [Int]) -> Matrix {
                Matrix(
                    rows: rows.count, columns: input.matrix.columns, elements: rows.flatMap { input.matrix.row($0) })
            }
            let search = ExactNeighbors(metric: near.metric?.metric ?? input.metric)
            let graph = try search.graph(of: some(others), in: some(known), k: 10)
            for (i, row) in others.enumerated() {
                for d in 0..<dims {
                    let values = graph.indices[graph.range(of: i)].map { layout[known[Int($0)], d] }
                    layout[row, d] = values.reduce(0, +) / Float(max(1, values.count))
                }
            }
        }
        if !quiet {
            Console.say(
                "starting from \(printable(path)): \(grouped(known.count)) words are on it, "
                    + "\(grouped(others.count)) start between their neighbours")
        }
        return (layout, known)
    }

    /// Reads the table of a map, of so many dimensions if they are given.
    private func readMap(_ path: String, dimensions: Int?) throws -> MapTable {
        let table = try MapTable.read(path: path)
        let found = table.coordinates.columns
        if let dimensions, dimensions != found {
            throw CommandError("\(printable(path)): expected a map of \(dimensions) dimensions, found \(found)")
        }
        return table
    }
}
