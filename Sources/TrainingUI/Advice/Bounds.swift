/// Where healthy statistics of a layer lie. What DL4J's page gives for dense layers does not hold for the tables of a
/// skip-gram model, of which a step touches few rows; theirs were measured (docs/tuning.md, "Watching a training").
struct Bounds: Sendable {
    /// Mean magnitude of the updates over that of the parameters, while the learning rate is at least half of its
    /// highest.
    var ratio: ClosedRange<Double>
    /// Standard deviation of the activations.
    var activations: ClosedRange<Double>
    /// Root mean square of a row's length above which parameters head to infinity.
    var rowLength = Double.infinity
    /// Distance of the farthest parameter from the mean, in standard deviations.
    var parameterReach = 12.0
    /// Excess kurtosis of the parameters up to which their histogram counts as bell-shaped.
    var kurtosis = 10.0
    /// Skewness of the parameters up to which their histogram counts as symmetric.
    var skewness = 1.0

    /// Dense layers: DL4J's page.
    static let dense = Bounds(ratio: 1e-4...1e-2, activations: 0.5...2)

    /// The coordinates of a map. Its updates and its extent have rules of their own.
    static let tsne = Bounds(ratio: 0...Double.infinity, activations: 0...Double.infinity)

    /// The input table of a skip-gram model, whose activations are rows: what is alike in all runs is a row's length, so
    /// that the standard deviation of its numbers depends on how many they are.
    static func skipGramInput(dimensions: Double, hierarchicalSoftmax: Bool) -> Bounds {
        let root = max(1, dimensions).squareRoot()
        return Bounds(
            ratio: hierarchicalSoftmax ? 6e-3...0.16 : 2.5e-3...0.09, activations: 1 / root...10 / root, rowLength: 20)
    }

    /// The output table of a skip-gram model: words, or nodes of the Huffman tree. Activations are logits.
    static func skipGramOutput(hierarchicalSoftmax: Bool) -> Bounds {
        Bounds(ratio: hierarchicalSoftmax ? 2.5e-3...0.09 : 2e-3...0.06, activations: 0.5...5, rowLength: 20)
    }
}
