/// A word that answers a question, with its score.
public struct ScoredWord: Sendable, Equatable {
    /// The word.
    public let word: String
    /// Its number in the vocabulary.
    public let number: Int
    /// Cosine of the angle between its vector and the one asked for, −1…1; 0 when one of them is zero. Of an analogy by
    /// 3CosMul: its score, 0 or more.
    public let similarity: Float

    /// An answer as given.
    public init(word: String, number: Int, similarity: Float) {
        self.word = word
        self.number = number
        self.similarity = similarity
    }
}
