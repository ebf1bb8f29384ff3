import LinearAlgebra
import Testing

@testable import WordEmbeddings

struct StartingPointTests {
    /// Lines of words of one of two topics, a0 … a9 and b0 … b9, and of the words that are given to each.
    static func text(lines: Int, extra: [String: [String]] = [:], seed: UInt64 = 1) -> [[String]] {
        var random = Philox(seed: seed)
        return (0..<lines).map { line in
            let topic = line % 2 == 0 ? "a" : "b"
            let words = (0..<10).map { "\(topic)\($0)" } + extra[topic, default: []]
            return (0..<10).map { _ in words[Int(random.next32()) % words.count] }
        }
    }

    private static func configuration() -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.dimensions = 16
        configuration.minCount = 2
        configuration.sample = 0
        configuration.epochs = 5
        configuration.learningRate = 0.05
        configuration.threads = 2
        return configuration
    }

    private static func model(_ configuration: Word2Vec.Configuration) throws -> TrainedModel {
        let corpus = try Corpus(sentences: text(lines: 2000)).prepare(configuration)
        return try Word2Vec(configuration: configuration).fitModel(corpus)
    }

    private static func goOn(
        _ model: TrainedModel, _ configuration: Word2Vec.Configuration, locked: Bool, text: [[String]]
    ) throws -> TrainedModel {
        let corpus = try Corpus(sentences: text).prepare(
            configuration, vocabulary: .extending(model.vectors.vocabulary))
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setStart(StartingPoint(model, locksVectors: locked))
        return try word2vec.fitModel(corpus)
    }

    /// New words find their place; locked vectors do not move by a bit, others do.
    @Test("training goes on with new words", arguments: [true, false], Word2VecTests.objectives)
    func newWords(locked: Bool, objective: Word2VecTests.Setting) throws {
        var configuration = Self.configuration()
        objective.change(&configuration)
        configuration.epochs = 5
        let model = try Self.model(configuration)
        let new = Self.text(lines: 1000, extra: ["a": ["anew", "again"], "b": ["bnew"]], seed: 9)
        let longer = try Self.goOn(model, configuration, locked: locked, text: new)
        let old = model.vectors.vocabulary.words
        #expect(Set(longer.vectors.vocabulary.words) == Set(old + ["anew", "again", "bnew"]))
        let unmoved = old.filter { longer.vectors[$0] == model.vectors[$0] }
        #expect(unmoved.count == (locked ? old.count : 0))
        for (word, topic) in [("anew", "a"), ("again", "a"), ("bnew", "b")] {
            let near = try longer.vectors.nearest(to: word, count: 8).map(\.word)
            #expect(near.allSatisfy { $0.hasPrefix(topic) }, "\(word): \(near)")
        }
        // Counts are added up.
        let counts = try #require(longer.vectors.vocabulary.counts)
        let number = try #require(longer.vectors.vocabulary.number(of: "a3"))
        let before = try #require(model.vectors.vocabulary.counts)[
            try #require(model.vectors.vocabulary.number(of: "a3"))]
        #expect(counts[number] == before + new.joined().count { $0 == "a3" })
        #expect(longer.wordsTrained == model.wordsTrained.map { $0 + 5 * 10_000 })
    }

    @Test("both tables are taken over", arguments: [false, true])
    func tables(bothObjectives: Bool) throws {
        var configuration = Self.configuration()
        (configuration.hierarchicalSoftmax, configuration.bothObjectives) = (bothObjectives, bothObjectives)
        let model = try Self.model(configuration)
        configuration.epochs = 1
        configuration.learningRate = 1e-9
        configuration.minLearningRate = 0
        configuration.deterministic = true
        for deterministic in [false, true] {
            configuration.deterministic = deterministic
            let longer = try Self.goOn(model, configuration, locked: false, text: Self.text(lines: 100))
            let (old, new) = (try #require(model.outputs), try #require(longer.outputs))
            for (number, word) in longer.vectors.vocabulary.words.enumerated() {
                let before = try #require(model.vectors.vocabulary.number(of: word))
                for (one, other) in zip(old.row(before), new.row(number)) { #expect(abs(one - other) < 1e-5) }
                for (one, other) in zip(model.vectors[word] ?? [], longer.vectors[word] ?? []) {
                    #expect(abs(one - other) < 1e-5)
                }
            }
            #expect(new.elements.contains { abs($0) > 0.1 }, "the output table had learned something")
        }
    }

    @Test("vectors from elsewhere begin a training, and can stay")
    func foreign() throws {
        let configuration = Self.configuration()
        let foreign = try Self.model(configuration).vectors
        let known = foreign.first(12)
        let corpus = try Corpus(sentences: Self.text(lines: 1000)).prepare(configuration)
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setStart(StartingPoint(known, locksVectors: true))
        let vectors = try word2vec.fit(corpus)
        for word in known.vocabulary.words { #expect(vectors[word] == known[word]) }
        for word in vectors.vocabulary.words where known.vocabulary.number(of: word) == nil {
            let near = try vectors.nearest(to: word, count: 5).map { $0.word.prefix(1) }
            #expect(near.allSatisfy { $0 == word.prefix(1) })
        }
        let built = Word2Vec.Builder().layerSize(16).minWordFrequency(2).useExistingWordVectors(known)
            .iterate(Corpus(sentences: Self.text(lines: 10))).learningRate(1e-9).minLearningRate(0).epochs(1).build()
        let same = try built.fit()
        for word in known.vocabulary.words {
            for (one, other) in zip(same[word] ?? [1], known[word] ?? []) { #expect(abs(one - other) < 1e-5) }
        }
    }

    @Test("what does not go together is refused by name")
    func refusals() throws {
        var configuration = Self.configuration()
        let model = try Self.model(configuration)
        configuration.dimensions = 17
        let wide = #expect(throws: WordEmbeddingError.self) {
            try Self.goOn(model, configuration, locked: false, text: Self.text(lines: 10))
        }
        #expect(wide?.description.contains("expected 16, as the vectors to begin with have") == true)
        configuration.dimensions = 16
        configuration.deterministic = true
        let locked = #expect(throws: WordEmbeddingError.self) {
            try Self.goOn(model, configuration, locked: true, text: Self.text(lines: 10))
        }
        #expect(locked?.description.contains("deterministic") == true)
    }
}
