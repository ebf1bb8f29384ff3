import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v tsne` for the distances and similarities of the vectors.
struct NeighborOptions: ParsableArguments {
    @Option(
        help: """
            Distance: cosine, euclidean, manhattan or dot (largest inner product). (default: cosine for words, euclidean \
            for .npy)
            """)
    var metric: MetricName?

    @Option(
        help:
            "Effective number of neighbours of each point; several, separated by commas, are taken together. (default: 30; 5 with --onto)"
    )
    var perplexity: NumberList?

    @Option(
        help: """
            How neighbours are sought: exact, approximate (a share of them is missed; it is measured and printed) or \
            auto (approximate above 150,000 points).
            """)
    var neighbors = NeighborMethodName.auto

    @Option(
        help: "File of the rows' neighbours, as w2v neighbors --graph writes it: nothing is sought then.",
        completion: .file())
    var neighborGraph: String?

    @Flag(inversion: .prefixedNo, help: "Centre the columns and divide all by the largest absolute value.")
    var normalize = true

    @Flag(help: "Reduce the vectors to 50 dimensions by PCA first. (default: off)")
    var pca = false

    func apply(to configuration: inout BarnesHutTsne.Configuration) {
        configuration.metric = metric?.metric
        if let numbers = perplexity?.numbers {
            configuration.perplexity = numbers[0]
            if numbers.count > 1 { configuration.perplexities = numbers }
        }
        configuration.neighborMethod = neighbors.method
        configuration.normalize = normalize
        configuration.usePca = pca
    }
}
