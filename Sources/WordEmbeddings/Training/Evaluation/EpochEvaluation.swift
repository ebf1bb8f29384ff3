/// What a training is measured by after every epoch.
public struct EpochEvaluation: Sendable {
    /// A text that the training does not read: the mean loss over its pairs is told after every epoch. Subsampling,
    /// windows and negatives are drawn from the seed alone, so that epochs can be compared. Default: none.
    public var validation: Corpus?
    /// The training ends when the held-out loss has not become smaller for that many epochs, and its result is the
    /// state of the smallest loss. Needs `validation`. Default `nil`: all epochs are trained.
    public var patience: Int?
    /// Judged pairs of words: Spearman's correlation is told. Default: none.
    public var pairs: [WordPairs] = []
    /// Analogies: the share of right answers is told. Default: none.
    public var analogies: [AnalogyQuestions] = []
    /// Which words pairs and analogies know.
    public var options = EvaluationOptions()

    /// Nothing is measured.
    public init() {}

    /// Refuses values that make no sense.
    /// - Throws: `WordEmbeddingError.invalidConfiguration`.
    public func validate() throws {
        guard let patience else { return }
        guard patience >= 1 else {
            throw WordEmbeddingError.invalidConfiguration(
                name: "patience", expected: "1 or more epochs", found: "\(patience)")
        }
        guard validation != nil else {
            throw WordEmbeddingError.invalidConfiguration(
                name: "patience", expected: "a validation text", found: "none")
        }
    }
}

/// The held-out losses of a training so far.
struct ValidationCourse: Codable, Sendable, Equatable {
    var patience: Int?
    /// Epoch of the smallest loss, from 1.
    var bestEpoch: Int?
    var bestLoss: Double?
    /// Epochs since.
    var epochsWithoutGain = 0

    /// Takes the loss after an epoch.
    /// - Returns: whether it is the best so far. An epoch that is trained again after a resumption is what it was.
    mutating func add(_ loss: Double, epoch: Int) -> Bool {
        if let bestLoss, loss >= bestLoss, epoch != bestEpoch {
            epochsWithoutGain += 1
            return false
        }
        (bestLoss, bestEpoch, epochsWithoutGain) = (loss, epoch, 0)
        return true
    }

    /// Whether patience is at its end.
    var isOver: Bool { patience.map { epochsWithoutGain >= $0 } ?? false }
}
