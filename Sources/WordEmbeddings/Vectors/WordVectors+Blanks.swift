extension WordVectors {
    /// The same vectors with words that most formats can hold: each run of white space or NUL inside a word becomes the
    /// given text, at its ends it is dropped. An empty word becomes the text, too.
    ///
    /// - Returns: the vectors, and how many of the changed words are now equal to an earlier or unchanged word.
    public func replacingBlanks(by text: String) -> (vectors: WordVectors, collisions: Int) {
        let words = vocabulary.words
        let changed = words.map { word -> String in
            if word.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x80 }), !word.isEmpty { return word }
            let parts = word.unicodeScalars.split { $0.properties.isWhitespace || $0 == "\0" }
            return parts.isEmpty ? text : parts.map { String($0) }.joined(separator: text)
        }
        var seen = Set(zip(words, changed).lazy.filter { $0 == $1 }.map(\.0))
        var collisions = 0
        for (word, other) in zip(words, changed) where word != other {
            if !seen.insert(other).inserted { collisions += 1 }
        }
        return (
            WordVectors(vocabulary: Vocabulary(words: changed, counts: vocabulary.counts), vectors: vectors), collisions
        )
    }
}
