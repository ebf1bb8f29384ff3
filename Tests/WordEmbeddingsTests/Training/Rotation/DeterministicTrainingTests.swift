import LinearAlgebra
import Synchronization
import TestSupport
import Testing
import Training

@testable import WordEmbeddings

@Suite struct DeterministicTrainingTests {
    private static func configuration(
        _ change: (inout Word2Vec.Configuration) -> Void = { _ in }
    ) -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.deterministic = true
        configuration.dimensions = 24
        configuration.minCount = 1
        configuration.epochs = 2
        configuration.threads = 1
        configuration.chunkWords = 20_000
        change(&configuration)
        return configuration
    }

    private func train(_ change: (inout Word2Vec.Configuration) -> Void = { _ in }) throws -> [Float] {
        let word2vec = Word2Vec(configuration: Self.configuration(change))
        let vectors = try word2vec.fit(NeighborCorpus.prepared)
        #expect(word2vec.wordsTrained == 72_000 * word2vec.configuration.epochs && !word2vec.wasStopped)
        return vectors.vectors.elements
    }

    @Test func theSameSeedGivesTheSameBytesAtAnyNumberOfThreads() throws {
        let one = try train()
        for threads in [2, 3, 8] { #expect(try train { $0.threads = threads } == one) }
        #expect(try train { $0.seed = 2 } != one)
        #expect(try train { $0.blocks = 4 } != one)
    }

    @Test(arguments: [1, 5, 63, 64, 200, 10_000]) func chunksHoldAllPieces(pieces: Int) {
        for limit in [1_000, 100_000, 1_000_000_000] {
            let chunks = RotationTrainer.chunks(pieces: pieces, words: 5_000 * pieces, limit: limit)
            #expect(chunks.flatMap(Array.init) == Array(0..<pieces))
            #expect(chunks.allSatisfy { $0.count == 1 || 5_000 * $0.count <= limit })
            #expect(chunks.count >= min(32, pieces) && (limit > 1_000 || chunks.count == pieces))
        }
    }

    @Test(arguments: Word2VecTests.objectives.dropFirst()) func otherObjectivesTrainOnOneThread(
        objective: Word2VecTests.Setting
    ) throws {
        let one = try train(objective.change)
        let three = try train {
            objective.change(&$0)
            $0.threads = 3
        }
        #expect(three == one)
        #expect(try train() != one)
    }

    @Test func wholeWindowsAndExponentsRotateToo() throws {
        let plain = try train()
        let whole = try train { $0.shrinksWindow = false }
        #expect(try train { ($0.shrinksWindow, $0.threads) = (false, 3) } == whole && whole != plain)
        #expect(try train { $0.negativeExponent = 0 } != plain)
    }

    @Test(arguments: [1, 3]) func wordsOfAGroupComeTogether(threads: Int) throws {
        let configuration = Self.configuration {
            $0.threads = threads
            $0.epochs = 10
            $0.sample = 0
        }
        let vectors = try Word2Vec(configuration: configuration, corpus: Corpus(sentences: groupSentences(1_000))).fit()
        #expect(groupPurity(vectors) > 0.95, "24 words are one block")
    }

    @Test func neighboursComeTogetherAcrossBlocks() throws {
        let configuration = Self.configuration { $0.epochs = 20 }
        let corpus = try NeighborCorpus.prepared
        let recorder = Recorder()
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setListeners(recorder)
        let vectors = try word2vec.fit(corpus)
        let rows = vectors.vectors.normalizedRows()
        let near = (0..<100).reduce(0.0) { sum, place in
            guard let one = vectors.vocabulary.number(of: "w\(place)"),
                let next = vectors.vocabulary.number(of: "w\(place + 1)"),
                let far = vectors.vocabulary.number(of: "w\(place + 300)")
            else { return -.infinity }
            return sum + Double(dot(rows[one], rows[next]) - dot(rows[one], rows[far]))
        }
        #expect(near / 100 > 0.4)
        let end = try #require(recorder.ends.withLock { $0 }.last)
        #expect(end.completedUnits == end.totalUnits && end.epoch == 20)
        #expect(end.examples > 0)
    }

    /// Wants everything all the time.
    private final class Curious: TrainingListener {
        let layers = Mutex<[[LayerValues]]>([])
        func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail { [.score, .layers] }
        func iterationDone(_ progress: TrainingProgress) { layers.withLock { $0.append(progress.layers) } }
    }

    @Test func aSampleChangesNothing() throws {
        let corpus = try NeighborCorpus.prepared
        let configuration = Self.configuration { $0.threads = 2 }
        let unwatched = try Word2Vec(configuration: configuration).fit(corpus)
        let curious = Curious()
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setListeners(curious)
        #expect(try word2vec.fit(corpus).vectors.elements == unwatched.vectors.elements)
        let samples = curious.layers.withLock { $0 }.filter { $0.count == 2 && !$0[0].updates.isEmpty }
        #expect(samples.count >= 10)
        for layer in samples.joined() {
            let sizes = [layer.parameters, layer.gradients, layer.updates].map(\.count)
            #expect(Set(sizes).count == 1 && sizes[0] % 24 == 0 && !layer.activations.isEmpty)
            // An update goes down its gradient.
            let along = zip(layer.gradients, layer.updates).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(along < 0)
        }
    }

    private func dot(_ one: [Float], _ other: [Float]) -> Float { zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension Matrix {
    fileprivate func normalizedRows() -> [[Float]] {
        (0..<rows).map { number in
            let values = Array(row(number))
            let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / norm }
        }
    }
}
