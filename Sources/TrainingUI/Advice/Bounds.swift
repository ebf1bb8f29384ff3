/// Where healthy statistics of a layer lie. What DL4J's page gives for dense layers does not hold for the tables of a
/// skip-gram model, of which a step touches few rows; theirs were measured (docs/tuning.md, "Watching a training").
struct Bounds: Sendable {
    /// Mean magnitude of the updates over that of the parameters.
    var ratio: ClosedRange<Double>
    /// Standard deviation of the activations.
    var activations: ClosedRange<Double>
    /// Root mean square of a row's length above which parameters head to infinity.
    var rowLength: Double
    /// Distance of the farthest parameter from the mean, in standard deviations.
    var parameterReach: Double
    /// Excess kurtosis of the parameters up to which their histogram counts as bell-shaped.
    var kurtosis: Double
    /// Skewness of the parameters up to which their histogram counts as symmetric.
    var skewness: Double

    /// Dense layers: DL4J's page, and for shapes what a normal distribution of some thousand values has.
    static let dense = Bounds(
        ratio: 1e-4...1e-2, activations: 0.5...2, rowLength: .infinity, parameterReach: 12,
        kurtosis: 10, skewness: 2)
    /// The input table of a skip-gram model.
    static let skipGramInput = Bounds(
        ratio: 1e-4...1e-1, activations: 0.02...1, rowLength: 20, parameterReach: 12, kurtosis: 10,
        skewness: 2)
    /// The output table of a skip-gram model: words, or nodes of the Huffman tree.
    static let skipGramOutput = Bounds(
        ratio: 1e-4...1e-1, activations: 0.3...5, rowLength: 20, parameterReach: 12, kurtosis: 10,
        skewness: 2)
    /// The coordinates of a map. Its updates and its extent have rules of their own.
    static let tsne = Bounds(
        ratio: 0...Double.infinity, activations: 0...Double.infinity, rowLength: .infinity, parameterReach: 12,
        kurtosis: 10, skewness: 2)
}
