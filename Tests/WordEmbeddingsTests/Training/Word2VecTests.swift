import LinearAlgebra
import Synchronization
import Testing
import Training

@testable import WordEmbeddings

/// Sentences in which words of a group stand together: groups of six words, four groups.
func groupSentences(_ count: Int, seed: UInt64 = 9) -> [[String]] {
    var random = Philox(seed: seed)
    return (0..<count).map { _ in
        let group = Int(random.next32() % 4)
        return (0..<10).map { _ in "g\(group)w\(random.next32() % 6)" }
    }
}

/// Share of each word's five nearest words that are of its group.
func groupPurity(_ vectors: WordVectors) -> Double {
    let rows = (0..<vectors.count).map { row in
        let values = Array(vectors.vectors.row(row))
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / norm }
    }
    var same = 0
    for (number, row) in rows.enumerated() {
        let others = rows.indices.filter { $0 != number }
        let nearest = others.sorted { a, b in
            zip(rows[a], row).reduce(0) { $0 + $1.0 * $1.1 } > zip(rows[b], row).reduce(0) { $0 + $1.0 * $1.1 }
        }
        same +=
            nearest.prefix(5).filter { vectors.vocabulary[$0].prefix(2) == vectors.vocabulary[number].prefix(2) }.count
    }
    return Double(same) / Double(5 * rows.count)
}

final class Recorder: TrainingListener {
    let reports = Mutex<[TrainingProgress]>([])
    let ends = Mutex<[TrainingProgress]>([])
    func iterationDone(_ progress: TrainingProgress) { reports.withLock { $0.append(progress) } }
    func trainingEnded(_ progress: TrainingProgress) { ends.withLock { $0.append(progress) } }
}

@Suite struct Word2VecTests {
    private func configuration(_ change: (inout Word2Vec.Configuration) -> Void = { _ in }) -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.dimensions = 20
        configuration.minCount = 1
        configuration.sample = 0
        configuration.epochs = 10
        configuration.threads = 1
        change(&configuration)
        return configuration
    }

    private func train(_ configuration: Word2Vec.Configuration) throws -> WordVectors {
        try Word2Vec(configuration: configuration, corpus: Corpus(sentences: groupSentences(1_000))).fit()
    }

    static let objectives = [
        Setting(testDescription: "skip-gram, negative sampling") { _ in },
        Setting(testDescription: "skip-gram, hierarchical softmax") { $0.hierarchicalSoftmax = true },
        Setting(testDescription: "skip-gram, both") {
            $0.hierarchicalSoftmax = true
            $0.bothObjectives = true
        },
        Setting(testDescription: "bag of words, negative sampling") {
            $0.continuousBagOfWords = true
            $0.epochs = 20
            $0.learningRate = 0.05
        },
        Setting(testDescription: "bag of words, hierarchical softmax") {
            $0.continuousBagOfWords = true
            $0.hierarchicalSoftmax = true
            $0.epochs = 20
            $0.learningRate = 0.05
        },
        Setting(testDescription: "bag of words, both") {
            $0.continuousBagOfWords = true
            $0.hierarchicalSoftmax = true
            $0.bothObjectives = true
            $0.epochs = 20
            $0.learningRate = 0.05
        },
    ]

    @Test(arguments: objectives, [1, 2, 3]) func wordsOfAGroupComeTogether(objective: Setting, threads: Int) throws {
        let vectors = try train(
            configuration {
                objective.change(&$0)
                $0.threads = threads
            })
        #expect(vectors.count == 24 && vectors.dimensions == 20)
        #expect(groupPurity(vectors) > 0.95)
    }

    @Test func theLossFallsFromThatOfIgnorance() throws {
        let recorder = Recorder()
        let word2vec = Word2Vec(
            configuration: configuration { $0.epochs = 40 }, corpus: Corpus(sentences: groupSentences(4_000)))
        word2vec.setListeners(recorder)
        try word2vec.fit()
        let reports = recorder.reports.withLock { $0 }
        let last = try #require(reports.last)
        #expect(last.completedUnits == last.totalUnits && last.totalUnits == 40 * 40_000)
        #expect(last.iteration == 160, "an iteration is 10,000 centre words")
        // Six logistic regressions that know nothing lose 6 ln 2; the best possible loss here is far above 0.
        let score = try #require(last.score)
        #expect(score < 6 * 0.6931 && score > 0.5)
        #expect(recorder.ends.withLock { $0.count } == 1)
        #expect(word2vec.wordsTrained == 40 * 40_000)
    }

    @Test func oneThreadAndOneSeedGiveTheSameVectors() throws {
        let first = try train(configuration())
        #expect(try train(configuration()).vectors == first.vectors)
        #expect(try train(configuration { $0.seed = 2 }).vectors != first.vectors)
    }

    struct Setting: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Word2Vec.Configuration) -> Void
    }

    @Test(arguments: [
        Setting(testDescription: "window") { $0.window = 2 },
        Setting(testDescription: "negative") { $0.negative = 3 },
        Setting(testDescription: "hierarchical softmax") { $0.hierarchicalSoftmax = true },
        Setting(testDescription: "both objectives") {
            $0.hierarchicalSoftmax = true
            $0.bothObjectives = true
        },
        Setting(testDescription: "bag of words") { $0.continuousBagOfWords = true },
        Setting(testDescription: "negative exponent") { $0.negativeExponent = 0 },
        Setting(testDescription: "whole windows") { $0.shrinksWindow = false },
        Setting(testDescription: "sample") { $0.sample = 1e-2 },
        Setting(testDescription: "epochs") { $0.epochs = 4 },
        Setting(testDescription: "learning rate") { $0.learningRate = 0.05 },
        Setting(testDescription: "min learning rate") { $0.minLearningRate = 0.01 },
        Setting(testDescription: "max vocabulary") { $0.maxVocabulary = 20 },
        Setting(testDescription: "dimensions") { $0.dimensions = 21 },
    ]) func everySettingChangesTheResult(setting: Setting) throws {
        let changed = try train(configuration(setting.change))
        #expect(try changed.vectors != train(configuration()).vectors)
    }

    @Test func theBuilderFillsTheConfiguration() {
        let built = Word2Vec.Builder().layerSize(33).windowSize(4).minWordFrequency(2).limitVocabularySize(99)
            .epochs(7).learningRate(0.03).minLearningRate(0.002).sampling(1e-4).negativeSample(8)
            .useHierarchicSoftmax(true).negativeExponent(0.5).elementsLearningAlgorithm(.cbow).shrinkWindow(false)
            .seed(12).workers(3).build().configuration
        var expected = Word2Vec.Configuration()
        expected.dimensions = 33
        expected.window = 4
        expected.minCount = 2
        expected.maxVocabulary = 99
        expected.epochs = 7
        expected.learningRate = 0.03
        expected.minLearningRate = 0.002
        expected.sample = 1e-4
        expected.negative = 8
        expected.hierarchicalSoftmax = true
        expected.bothObjectives = true
        expected.negativeExponent = 0.5
        expected.continuousBagOfWords = true
        expected.shrinksWindow = false
        expected.seed = 12
        expected.threads = 3
        #expect(built == expected)
        let tree = Word2Vec.Builder().useHierarchicSoftmax(true).build().configuration
        #expect(tree.hierarchicalSoftmax && !tree.bothObjectives, "negatives are trained when they are asked for")
    }

    @Test(arguments: [
        Setting(testDescription: "dimensions") { $0.dimensions = 0 },
        Setting(testDescription: "window") { $0.window = 0 },
        Setting(testDescription: "negative") { $0.negative = 0 },
        Setting(testDescription: "negativeExponent") { $0.negativeExponent = .infinity },
        Setting(testDescription: "minCount") { $0.minCount = 0 },
        Setting(testDescription: "maxVocabulary") { $0.maxVocabulary = 1 },
        Setting(testDescription: "sample") { $0.sample = -1 },
        Setting(testDescription: "epochs") { $0.epochs = 0 },
        Setting(testDescription: "threads") { $0.threads = -1 },
        Setting(testDescription: "learningRate") { $0.learningRate = .nan },
        Setting(testDescription: "minLearningRate") { $0.minLearningRate = 1 },
    ]) func wrongValuesAreRefusedByName(setting: Setting) {
        let wrong = configuration(setting.change)
        do {
            _ = try train(wrong)
            Issue.record("accepted")
        } catch {
            #expect("\(error)".hasPrefix(setting.testDescription + ": expected"), "\(error)")
        }
    }

    @Test func divergenceIsAnError() {
        #expect(throws: WordEmbeddingError.self) {
            try train(
                configuration {
                    $0.learningRate = 1e30
                    $0.minLearningRate = 1e30
                })
        }
    }

    @Test func modelsLargerThanTheMachineAreRefused() {
        do {
            _ = try ModelTables(inputRows: 1 << 32, outputRows: 1 << 32, dimensions: 65_536, seed: 1, threads: 1)
            Issue.record("accepted")
        } catch {
            #expect("\(error)".contains("too large"))
        }
    }

    @Test func cancellationKeepsTheVectorsSoFar() throws {
        final class Stopper: TrainingListener {
            let cancellation = Cancellation()
            func iterationDone(_ progress: TrainingProgress) { cancellation.cancel() }
        }
        let stopper = Stopper()
        stopper.cancellation.cancel()
        let corpus = try Corpus(sentences: groupSentences(20_000)).prepare(configuration())
        let word2vec = Word2Vec(configuration: configuration { $0.epochs = 1000 })
        let vectors = try word2vec.fit(corpus, cancellation: stopper.cancellation)
        #expect(vectors.count == 24)
        #expect(word2vec.wordsTrained < 1000 * corpus.wordsInVocabulary)
    }

    @Test func vectorsBeforeTrainingAreAnError() {
        #expect(throws: WordEmbeddingError.notTrained) { try Word2Vec().lookupTable() }
    }
}
