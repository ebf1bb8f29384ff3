/// What a model was measured by, after an epoch.
public struct TrainingFigure: Sendable, Codable, Equatable {
    /// What a figure is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Mean loss over the pairs of a text that is not trained on; lower is better.
        case validationLoss
        /// Spearman's rank correlation with people's judgements, −1…1.
        case pairs
        /// Share of analogies that are completed rightly, 0…1.
        case analogies
    }

    /// What it is.
    public var kind: Kind
    /// What it was measured with, such as the name of a file; may be empty.
    public var name: String
    /// The figure.
    public var value: Double

    /// The figure as given.
    public init(kind: Kind, name: String, value: Double) {
        (self.kind, self.name, self.value) = (kind, name, value)
    }
}
