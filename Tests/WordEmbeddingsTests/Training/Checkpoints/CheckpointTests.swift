import Foundation
import LinearAlgebra
import Synchronization
import TestSupport
import Testing
import Training

@testable import WordEmbeddings

/// Cancels a training once it has read so many words.
final class Canceller: TrainingListener {
    let cancellation = Cancellation()
    private let words: Int

    init(after words: Int) { self.words = words }

    /// Reports come often only when somebody wants something of them.
    func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail { .score }
    func iterationDone(_ progress: TrainingProgress) {
        if progress.completedUnits >= words { cancellation.cancel() }
    }
}

@Suite struct CheckpointTests {
    static func configuration(
        _ change: (inout Word2Vec.Configuration) -> Void = { _ in }
    ) -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.deterministic = true
        configuration.dimensions = 20
        configuration.minCount = 1
        configuration.epochs = 3
        configuration.threads = 2
        configuration.chunkWords = 10_000
        change(&configuration)
        return configuration
    }

    struct Setup: Sendable, CustomTestStringConvertible {
        var configuration: Word2Vec.Configuration
        var testDescription: String
    }

    static let setups = [
        Setup(configuration: configuration(), testDescription: "rotation"),
        Setup(
            configuration: configuration { $0.hierarchicalSoftmax = true },
            testDescription: "hierarchical softmax on one thread"),
        Setup(
            configuration: configuration { ($0.continuousBagOfWords, $0.shrinksWindow) = (true, false) },
            testDescription: "bag of words in whole windows on one thread"),
        Setup(
            configuration: configuration { ($0.hierarchicalSoftmax, $0.bothObjectives) = (true, true) },
            testDescription: "both objectives on one thread"),
        Setup(
            configuration: configuration { ($0.deterministic, $0.threads) = (false, 1) },
            testDescription: "the racing trainer on one thread"),
    ]

    private func checkpoints(_ folder: TestFolder, resumes: Bool) -> Checkpoints {
        var checkpoints = Checkpoints(folder: folder["checkpoints"])
        checkpoints.interval = .words(1)
        checkpoints.resumes = resumes
        return checkpoints
    }

    @Test(arguments: setups) func aResumedTrainingEndsAsOneThatWasNeverStopped(setup: Setup) throws {
        let corpus = try NeighborCorpus.prepared
        let whole = try Word2Vec(configuration: setup.configuration).fitModel(corpus)
        let folder = try TestFolder()
        var configuration = setup.configuration
        var wordsBefore = 0
        for stop in [30_000, 90_000, 150_000] {
            let word2vec = Word2Vec(configuration: configuration)
            word2vec.setCheckpoints(checkpoints(folder, resumes: true))
            let canceller = Canceller(after: stop)
            word2vec.setListeners(canceller)
            _ = try word2vec.fit(corpus, cancellation: canceller.cancellation)
            #expect(word2vec.wasStopped && word2vec.wordsTrained >= stop && word2vec.wordsTrained < 216_000)
            #expect(word2vec.outcome.resumedWords == wordsBefore)
            wordsBefore = word2vec.wordsTrained
            // Rotation goes on with any number of threads.
            if configuration.rotatesBlocks { configuration.threads += 1 }
        }
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setCheckpoints(checkpoints(folder, resumes: true))
        let resumed = try word2vec.fitModel(corpus)
        #expect(word2vec.outcome.resumedWords == wordsBefore && !word2vec.wasStopped)
        #expect(resumed.wordsTrained == 216_000)
        #expect(resumed.vectors.vectors.elements == whole.vectors.vectors.elements)
        #expect(resumed.outputs?.elements == whole.outputs?.elements)
        // The last checkpoint is the whole model; going on from it changes nothing.
        let kept = try TrainedModel.read(path: folder["checkpoints/checkpoint.w2v"])
        #expect(kept.vectors.vectors.elements == whole.vectors.vectors.elements && kept.outputs == whole.outputs)
        #expect(try word2vec.fit(corpus).vectors.elements == whole.vectors.vectors.elements)
    }

    @Test func manyThreadsGoOnFromWhatTheyHadDone() throws {
        let corpus = try NeighborCorpus.prepared
        let folder = try TestFolder()
        let configuration = Self.configuration { ($0.deterministic, $0.threads, $0.epochs) = (false, 3, 10) }
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setCheckpoints(checkpoints(folder, resumes: false))
        let canceller = Canceller(after: 300_000)
        word2vec.setListeners(canceller)
        _ = try word2vec.fit(corpus, cancellation: canceller.cancellation)
        let before = word2vec.wordsTrained
        #expect(before >= 300_000 && before < 720_000)
        word2vec.setCheckpoints(checkpoints(folder, resumes: true))
        word2vec.setListeners([])
        _ = try word2vec.fit(corpus)
        #expect(word2vec.outcome.resumedWords == before && word2vec.wordsTrained == 720_000)
    }

    @Test func withoutResumeTheTrainingBeginsAnew() throws {
        let corpus = try NeighborCorpus.prepared
        let folder = try TestFolder()
        let word2vec = Word2Vec(configuration: Self.configuration())
        word2vec.setCheckpoints(checkpoints(folder, resumes: false))
        let vectors = try word2vec.fit(corpus)
        #expect(try word2vec.fit(corpus).vectors.elements == vectors.vectors.elements)
        #expect(word2vec.outcome.resumedWords == 0)
    }

    @Test func checkpointsOfAnotherTrainingAreRefusedByName() throws {
        let corpus = try NeighborCorpus.prepared
        let folder = try TestFolder()
        func fit(_ configuration: Word2Vec.Configuration, _ corpus: PreparedCorpus, resumes: Bool) throws {
            let word2vec = Word2Vec(configuration: configuration)
            word2vec.setCheckpoints(checkpoints(folder, resumes: resumes))
            _ = try word2vec.fit(corpus)
        }
        func refusal(_ corpus: PreparedCorpus, _ change: (inout Word2Vec.Configuration) -> Void = { _ in }) -> String {
            do {
                try fit(Self.configuration(change), corpus, resumes: true)
                return "nothing was refused"
            } catch {
                return "\(error)"
            }
        }
        try fit(Self.configuration(), corpus, resumes: false)
        let path = folder["checkpoints/checkpoint.w2v"]
        #expect(refusal(corpus) { $0.seed = 7 } == "\(path): configuration: expected seed 7, found 1")
        #expect(refusal(corpus) { $0.dimensions = 32 } == "\(path): configuration: expected dimensions 32, found 20")
        #expect(refusal(corpus) { $0.deterministic = false }.contains("expected deterministic false, found true"))
        #expect(refusal(corpus) { $0.maxVocabulary = 900 }.contains("expected maxVocabulary 900, found none"))
        // The same words, as often, in another order.
        let shuffled = Array(neighborSentences(6_000, words: 700).reversed())
        let foreign = try Corpus(sentences: shuffled).prepare(Self.configuration())
        #expect(refusal(foreign).hasPrefix("\(path): corpus: expected the text of this training"))

        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in [3, 10, 20, 60, bytes.count / 2, bytes.count - 1] {
            var damaged = bytes
            damaged[place] ^= 0x40
            try damaged.write(to: URL(fileURLWithPath: path))
            #expect(refusal(corpus).hasPrefix("\(path): "), "byte \(place)")
        }
        for size in [0, 20, bytes.count / 3, bytes.count - 1] {
            try bytes.prefix(size).write(to: URL(fileURLWithPath: path))
            #expect(refusal(corpus).hasPrefix("\(path): "), "\(size) bytes")
        }
        let model = try Word2Vec(configuration: Self.configuration()).fitModel(corpus)
        try model.write(to: path)
        #expect(refusal(corpus) == "\(path): header: expected the state of a training, found a model without one")
    }

    @Test func foldersThatCannotBeAreRefusedBeforeTheWork() throws {
        let folder = try TestFolder()
        try Data().write(to: URL(fileURLWithPath: folder["file"]))
        let word2vec = Word2Vec(configuration: Self.configuration())
        for name in ["file", "file/below", "none/below"] {
            word2vec.setCheckpoints(Checkpoints(folder: folder[name]))
            #expect(throws: (any Error).self, "\(name)") { try word2vec.fit(NeighborCorpus.prepared) }
        }
    }

    @Test func intervalsAreTimesOrWords() {
        #expect(Checkpoints.Interval("30s") == .seconds(30))
        #expect(Checkpoints.Interval("5m") == .seconds(300))
        #expect(Checkpoints.Interval("0.5h") == .seconds(1_800))
        #expect(Checkpoints.Interval("1000000w") == .words(1_000_000))
        for text in ["", "5", "m", "-5m", "0s", "1.5w", "infm", "5 m", "nans"] {
            #expect(Checkpoints.Interval(text) == nil, "\(text)")
        }
    }
}
