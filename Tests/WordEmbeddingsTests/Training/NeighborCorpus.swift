import TestSupport
import WordEmbeddings

/// 72,000 words, all of which are kept: read once for all tests that train on them.
enum NeighborCorpus {
    private static let read = Result {
        var configuration = Word2Vec.Configuration()
        configuration.minCount = 1
        return try Corpus(sentences: neighborSentences(6_000, words: 700)).prepare(configuration)
    }

    static var prepared: PreparedCorpus { get throws { try read.get() } }
}
