import FileAccess

/// What training, reading or writing word vectors can refuse, with the place and what was expected and found.
public enum WordEmbeddingError: Error, CustomStringConvertible, Sendable, Equatable {
    /// A file's content is not what its format demands. `place` is "line 3", "byte 120", "word 7 (byte 4096)".
    case malformed(file: String, place: String, expected: String, found: String)
    /// A configuration value is out of its range.
    case invalidConfiguration(name: String, expected: String, found: String)
    /// The corpus has no words to train on.
    case nothingToTrain(reason: String)
    /// The work would need more memory or address space than there can be.
    case tooLarge(what: String, limit: String)
    /// A word is not in the vocabulary; words that are spelt nearly so, the nearest first.
    case unknownWord(String, suggestions: [String] = [])
    /// The vectors became NaN or infinite.
    case diverged(epoch: Int, wordsTrained: Int)
    /// Vectors were asked for before `fit()`.
    case notTrained

    /// One line for a terminal, with control characters escaped.
    public var description: String {
        switch self {
        case .malformed(let file, let place, let expected, let found):
            "\(printable(file)): \(place): expected \(expected), found \(printable(found))"
        case .invalidConfiguration(let name, let expected, let found):
            "\(name): expected \(expected), found \(printable(found))"
        case .nothingToTrain(let reason):
            reason
        case .tooLarge(let what, let limit):
            "\(what) is too large: \(limit)"
        case .unknownWord(let word, let suggestions):
            "the word \"\(printable(word))\" is not in the vocabulary"
                + (suggestions.isEmpty ? "" : "; near spellings: \(suggestions.map(printable).joined(separator: ", "))")
        case .diverged(let epoch, let wordsTrained):
            "the vectors became NaN or infinite in epoch \(epoch) after \(wordsTrained) words; lower the learning rate"
        case .notTrained:
            "there are no vectors yet: call fit() first"
        }
    }
}
