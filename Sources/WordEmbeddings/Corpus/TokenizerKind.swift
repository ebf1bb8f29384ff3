/// How text is cut into words.
public enum TokenizerKind: String, Codable, Sendable, CaseIterable {
    /// At Unicode white space; punctuation stays part of the words. For text that was cut before.
    case whitespace
    /// Letters, digits and what belongs between them, after the word boundaries of Unicode (UAX #29); punctuation and
    /// symbols are left out. For running text.
    case unicode
}
