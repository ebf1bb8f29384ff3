extension PreparedCorpus {
    /// The same text with the words of another vocabulary; words that it lacks are passed over.
    func renumbered(by vocabulary: Vocabulary) -> PreparedCorpus {
        let numbers = (0..<self.vocabulary.count).map { number in
            vocabulary.number(of: self.vocabulary[number]).map { UInt32($0) } ?? .max
        }
        return PreparedCorpus(
            chunks: chunks, spoolNumbers: spoolNumbers.map { $0 == .max ? .max : numbers[Int($0)] },
            lowercase: lowercase, tokenizer: tokenizer, knownWords: KnownWords(vocabulary.index),
            vocabulary: vocabulary, wordsInText: wordsInText,
            wordsInVocabulary: zip(numbers, self.vocabulary.counts ?? []).reduce(0) { $1.0 == .max ? $0 : $0 + $1.1 },
            distinctWords: distinctWords, invalidSequences: invalidSequences, overlongWords: overlongWords,
            ideographs: ideographs, ideographsInLongRuns: ideographsInLongRuns)
    }
}
