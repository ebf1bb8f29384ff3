/// Which words a training knows.
public enum VocabularySource: Sendable {
    /// Those of its text, as the configuration chooses them.
    case text
    /// Given ones with their counts, whatever the text has; the configuration's choice applies to them. Their counts
    /// decide about subsampling and negative samples.
    case fixed(Vocabulary)
    /// Those of an earlier training, all of them, and the new ones of the text that the configuration chooses. Counts
    /// are added up. `maxVocabulary` limits how many there are in all, never the earlier ones.
    case extending(Vocabulary)

    /// The words that are known beforehand, in memory.
    var known: Vocabulary? {
        switch self {
        case .text: nil
        case .fixed(let words), .extending(let words): words
        }
    }

    /// Whether only known words are counted.
    var isFixed: Bool {
        if case .fixed = self { true } else { false }
    }
}
