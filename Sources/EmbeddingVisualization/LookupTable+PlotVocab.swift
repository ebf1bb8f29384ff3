public import EmbeddingPlots
import NearestNeighbors
public import TSNE
public import Training
public import WordEmbeddings

/// What `plotVocab` wrote, and the map itself.
public struct VocabularyPlot: Sendable {
    /// The interactive page.
    public let htmlPath: String
    /// The table of coordinates.
    public let csvPath: String
    /// The words on the map, the most frequent first.
    public let vocabulary: Vocabulary
    /// The map with its quality: the Kullback-Leibler divergence and the share of true neighbours kept.
    public let embedding: Embedding
}

extension LookupTable {
    /// Words that a map shows unless told otherwise, the most frequent ones.
    public static let defaultPlotWords = 20_000

    /// Draws a map of the vocabulary: runs t-SNE on the vectors of the most frequent words and writes
    /// `vocabulary.html` and `vocabulary.csv`.
    ///
    ///     try vectors.lookupTable().plotVocab(BarnesHutTsne())
    ///
    /// Distances are cosine distances unless the configuration of `tsne` names another metric.
    /// - Parameters:
    ///   - tsne: the trainer of the map with all its values.
    ///   - words: how many words, the most frequent ones. Default 20,000.
    ///   - destination: path of the files to write, without their endings. Default `vocabulary`, in the working
    ///     directory.
    ///   - dimensions: 2 or 3 in place of what `tsne` says.
    ///   - cancellation: stops early; the map so far is written.
    /// - Throws: `TsneError` for wrong values or vectors that are not finite, `WordEmbeddingError` for fewer than one
    ///   word, `PlotError` and `FileError` when a file cannot be written.
    @discardableResult
    public func plotVocab(
        _ tsne: BarnesHutTsne, words: Int = defaultPlotWords, to destination: String = "vocabulary",
        dimensions: Int? = nil, cancellation: Cancellation? = nil
    ) throws -> VocabularyPlot {
        guard words > 0 else {
            throw WordEmbeddingError.invalidConfiguration(name: "words", expected: "1 or more", found: "\(words)")
        }
        let table = prefix(words)
        let mapper = dimensions.map { tsne.withDimensions($0) } ?? tsne
        let labels = table.vocabulary.words
        let map = try mapper.fit(table.vectors, metric: .cosine, labels: labels, cancellation: cancellation)
        let plot = VocabularyPlot(
            htmlPath: destination + ".html", csvPath: destination + ".csv", vocabulary: table.vocabulary,
            embedding: map)
        let counts = table.vocabulary.counts
        try ScatterPlot(
            coordinates: map.coordinates, labels: labels, counts: counts, title: "vocabulary",
            summary: ScatterPlot.Summary(map, totalPoints: vocabulary.count)
        ).writeHTML(to: plot.htmlPath)
        try EmbeddingCSV(coordinates: map.coordinates, labels: labels, counts: counts).write(to: plot.csvPath)
        return plot
    }
}

extension ScatterPlot.Summary {
    /// The facts of a map.
    /// - Parameter totalPoints: size of the whole vocabulary, when the map shows a part of it.
    public init(_ map: Embedding, totalPoints: Int? = nil) {
        self.init(
            perplexity: map.perplexityUsed, klDivergence: map.klDivergence, iterations: map.iterations,
            neighborsKept: map.neighborsKept, metric: map.configuration.metric?.rawValue, seed: map.configuration.seed,
            totalPoints: totalPoints, notes: map.warnings)
    }
}

extension Embedding {
    /// Writes the map as CSV, one row a label: DL4J's `saveAsFile`, with a header and correct quoting.
    /// - Parameters:
    ///   - labels: one a point.
    ///   - path: the file to write.
    /// - Throws: `PlotError` when there are not as many labels as points, `FileError` when the file cannot be written.
    public func saveAsFile(_ labels: [String], _ path: String) throws {
        try EmbeddingCSV(coordinates: coordinates, labels: labels).write(to: path)
    }
}

extension BarnesHutTsne {
    /// Writes the map of the last `fit` as CSV, one row a label: DL4J's `saveAsFile`, with a header and correct
    /// quoting.
    /// - Parameters:
    ///   - labels: one a point.
    ///   - path: the file to write.
    /// - Throws: `TsneError.notFitted` before any `fit`, `PlotError` when there are not as many labels as points,
    ///   `FileError` when the file cannot be written.
    public func saveAsFile(_ labels: [String], _ path: String) throws {
        guard let embedding else { throw TsneError.notFitted }
        try embedding.saveAsFile(labels, path)
    }
}
