import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v tsne` for what is written, and of which words.
struct MapFileOptions: ParsableArguments {
    @Option(help: "Interactive HTML page to write.", completion: .file())
    var plot: String?

    @Option(help: "CSV file to write: word, coordinates, rank, count.", completion: .file())
    var csv: String?

    @Option(
        help: """
            Further columns of the CSV, separated by commas: kept (share of the point's 10 true neighbours that are among \
            its 10 nearest on the map), continuity, cluster.
            """)
    var csvColumns = CSVColumns()

    @Option(
        help: """
            Find so many groups of vectors (1 to 256, or: auto) by k-means, named by their most frequent words, and colour \
            the plot by them. (default: none; auto with --csv-columns cluster)
            """)
    var clusters: ClusterCount?

    @Flag(help: "In the CSV, put ' before words that a spreadsheet would take for formulas. (default: off)")
    var csvNeutralizeFormulas = false

    @Option(help: "Labels for the rows of a .npy, one a line. (default: row numbers)")
    var labels: String?

    @Option(help: "Map only that many words, the most frequent ones; or: all.")
    var words = WordLimit.first(LookupTable.defaultPlotWords)

    func validate() throws {
        if outputs.isEmpty { throw ValidationError("Nothing to write: give --plot FILE, --csv FILE or both.") }
    }

    /// The files that are written: the page, the table.
    var outputs: [String] { [plot, csv].compactMap { $0 } }

    /// Whether groups of the vectors are wanted.
    var wantsGroups: Bool { clusters != nil || csvColumns.names.contains(.cluster) }

    /// Writes the table and the page of a map.
    func write(
        _ coordinates: Matrix, _ input: MapInput, groups: ScatterPlot.Groups? = nil,
        columns: [EmbeddingCSV.Column] = [],
        title: String, summary: ScatterPlot.Summary
    ) throws {
        if let csv { try table(coordinates, input, columns).write(to: csv) }
        if let plot {
            try ScatterPlot(
                coordinates: coordinates, labels: input.labels, counts: input.counts, groups: groups, title: title,
                summary: summary
            ).writeHTML(to: plot)
        }
    }

    /// Writes the tables of the maps on the way, each beside that of the finished one.
    func write(_ snapshots: [Embedding.Snapshot], _ input: MapInput) throws {
        guard let csv else { return }
        for snapshot in snapshots {
            try table(snapshot.coordinates, input).write(
                to: PhaseOptions.snapshotPath(csv, iteration: snapshot.iteration))
        }
    }

    private func table(_ coordinates: Matrix, _ input: MapInput, _ columns: [EmbeddingCSV.Column] = []) -> EmbeddingCSV
    {
        EmbeddingCSV(
            coordinates: coordinates, labels: input.labels, counts: input.counts,
            neutralizeFormulas: csvNeutralizeFormulas, columns: columns)
    }
}
