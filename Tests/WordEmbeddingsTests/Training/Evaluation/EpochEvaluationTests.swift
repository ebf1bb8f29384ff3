import Foundation
import LinearAlgebra
import Synchronization
import TestSupport
import Testing
import Training

@testable import WordEmbeddings

@Suite struct EpochEvaluationTests {
    private static func configuration(
        _ change: (inout Word2Vec.Configuration) -> Void = { _ in }
    ) -> Word2Vec.Configuration {
        CheckpointTests.configuration {
            $0.epochs = 6
            change(&$0)
        }
    }

    private func evaluation(_ sentences: [[String]], patience: Int? = nil) -> EpochEvaluation {
        var evaluation = EpochEvaluation()
        evaluation.validation = Corpus(sentences: sentences)
        evaluation.patience = patience
        return evaluation
    }

    /// Sentences without any order: what a model of neighbours predicts is wrong there, more so the more it learns.
    private var noise: [[String]] {
        var random = Philox(seed: 77)
        return (0..<300).map { _ in (0..<12).map { _ in "w\(random.next32() % 700)" } }
    }

    private func losses(_ outcome: TrainingOutcome) -> [Double] {
        outcome.epochs.compactMap { $0.first { $0.kind == .validationLoss }?.value }
    }

    @Test(arguments: CheckpointTests.setups)
    func theHeldOutLossFallsWhereThereIsSomethingToLearn(setup: CheckpointTests.Setup) throws {
        var configuration = setup.configuration
        configuration.epochs = 6
        let word2vec = Word2Vec(configuration: configuration)
        word2vec.setEvaluation(evaluation(neighborSentences(300, words: 700, seed: 99)))
        let recorder = Recorder()
        word2vec.setListeners(recorder)
        let vectors = try word2vec.fit(NeighborCorpus.prepared)
        let losses = losses(word2vec.outcome)
        #expect(losses.count == 6 && losses == losses.sorted(by: >))
        let limit = configuration.bothObjectives ? 13 : 6.5
        #expect(losses[0] < limit && losses[5] > 0.1, "six logistic regressions or a path lose some nats")
        let told = recorder.reports.withLock { $0 }.filter { !$0.figures.isEmpty }
        #expect(told.map(\.epoch) == [1, 2, 3, 4, 5, 6] && told.map(\.figures) == word2vec.outcome.epochs)
        // Looking does not change what is looked at.
        let unwatched = try Word2Vec(configuration: configuration).fit(NeighborCorpus.prepared)
        #expect(vectors.vectors.elements == unwatched.vectors.elements)
    }

    @Test func theLossOfMeansAndPathsIsThatOfPlainSums() throws {
        let corpus = try NeighborCorpus.prepared
        let counts = try #require(corpus.vocabulary.counts)
        let sentences = neighborSentences(50, words: 900, seed: 5)
        let configuration = Self.configuration {
            ($0.hierarchicalSoftmax, $0.continuousBagOfWords, $0.shrinksWindow, $0.window) = (true, true, false, 2)
        }
        let objective = Objective(configuration, counts: counts)
        let tree = try #require(objective.tree)
        let tables = try ModelTables(
            inputRows: counts.count, outputRows: objective.outputRows, dimensions: 20, seed: 3, threads: 1)
        var random = Philox(seed: 8)
        for row in 0..<objective.outputRows {
            for d in 0..<20 { tables.outputs.base[row * tables.stride + d] = 20 * (random.nextUniform() - 0.5) }
        }
        func row(_ table: AlignedBuffer<Float>, _ number: UInt32) -> [Double] {
            (0..<20).map { Double(table.base[Int(number) * tables.stride + $0]) }
        }
        var (sum, pairs) = (0.0, 0)
        for sentence in sentences {
            let words = sentence.compactMap { corpus.vocabulary.number(of: $0).map { UInt32($0) } }
            guard words.count > 1 else { continue }
            for (place, word) in words.enumerated() {
                let around = words.indices.filter { $0 != place && abs($0 - place) <= 2 }.map {
                    row(tables.inputs, words[$0])
                }
                let mean = (0..<20).map { d in around.reduce(0) { $0 + $1[d] } / Double(around.count) }
                pairs += 1
                for (node, label) in tree.path(of: Int(word)) {
                    let logit = zip(mean, row(tables.outputs, node)).reduce(0) { $0 + $1.0 * $1.1 }
                    let z = label == 1 ? -logit : logit
                    sum += max(z, 0) + log1p(exp(-abs(z)))
                }
            }
        }
        let heldOut = try HeldOutText(
            Corpus(sentences: sentences), vocabulary: corpus.vocabulary, configuration: configuration, keepBelow: nil,
            cancellation: nil)
        let expected = sum / Double(pairs)
        #expect(pairs > 300 && abs(heldOut.meanLoss(tables, objective) - expected) < 1e-5 * expected)
    }

    @Test func theLossIsThatOfPlainSumsAtAnyNumberOfThreads() throws {
        let corpus = try NeighborCorpus.prepared
        let text = Corpus(sentences: neighborSentences(200, words: 900, seed: 5))
        let counts = try #require(corpus.vocabulary.counts)
        let tables = try ModelTables(
            inputRows: counts.count, outputRows: counts.count, dimensions: 20, seed: 3, threads: 1)
        var random = Philox(seed: 8)
        for row in 0..<counts.count {
            for d in 0..<20 { tables.outputs.base[row * tables.stride + d] = random.nextUniform() - 0.5 }
            for d in 0..<20 { tables.inputs.base[row * tables.stride + d] = random.nextUniform() - 0.5 }
        }
        func loss(threads: Int, seed: UInt64 = 1, negative: Int = 5) throws -> Double {
            let configuration = Self.configuration { ($0.threads, $0.seed, $0.negative) = (threads, seed, negative) }
            let heldOut = try HeldOutText(
                text, vocabulary: corpus.vocabulary, configuration: configuration, keepBelow: nil, cancellation: nil)
            #expect(heldOut.words > 1_000 && heldOut.words < 2_400, "the text has words that the training lacks")
            return heldOut.meanLoss(tables, Objective(configuration, counts: counts))
        }
        let one = try loss(threads: 1)
        #expect(try loss(threads: 3) == one)
        #expect(try loss(threads: 1, seed: 2) != one)
        // Random rows: each of the six terms has the mean of log(1 + e^z) over products z of random rows, and of
        // log(1 + e^−z), which is the same. Its value by the rows of all words:
        var sum = 0.0
        for input in 0..<counts.count {
            for output in 0..<counts.count {
                let z = tables.logit(UInt32(input), UInt32(output))
                sum += max(z, 0) + log1p(exp(-abs(z)))
            }
        }
        let expected = 6 * sum / Double(counts.count * counts.count)
        #expect(abs(one - expected) < 0.05 * expected)
        let more = try loss(threads: 1, negative: 20)
        #expect(abs(more - expected * 21 / 6) < 0.05 * expected * 21 / 6)
    }

    @Test func patienceEndsTheTrainingWithTheBestState() throws {
        let corpus = try NeighborCorpus.prepared
        for keepsCheckpoints in [false, true] {
            let folder = try TestFolder()
            let word2vec = Word2Vec(configuration: Self.configuration { $0.epochs = 40 })
            word2vec.setEvaluation(evaluation(noise, patience: 2))
            if keepsCheckpoints { word2vec.setCheckpoints(Checkpoints(folder: folder["c"])) }
            let model = try word2vec.fitModel(corpus)
            let losses = losses(word2vec.outcome)
            let least = try #require(losses.min())
            #expect(word2vec.outcome.endedEarly && !word2vec.wasStopped)
            #expect(word2vec.outcome.bestEpoch == losses.count - 2 && losses[losses.count - 3] == least)
            let isFinite = model.vectors.vectors.elements.allSatisfy { $0.isFinite }
            #expect(isFinite)
            if keepsCheckpoints {
                let best = try TrainedModel.read(path: folder["c/best.w2v"])
                #expect(best.vectors.vectors.elements == model.vectors.vectors.elements)
                #expect(best.outputs == model.outputs && best.wordsTrained == 72_000 * (losses.count - 2))
            }
        }
    }

    @Test func patienceGoesOnAfterAResumption() throws {
        let corpus = try NeighborCorpus.prepared
        let folder = try TestFolder()
        func word2vec(_ folder: String?) -> Word2Vec {
            let word2vec = Word2Vec(configuration: Self.configuration { $0.epochs = 40 })
            word2vec.setEvaluation(evaluation(noise, patience: 3))
            if let folder {
                var checkpoints = Checkpoints(folder: folder)
                checkpoints.interval = .words(1)
                checkpoints.resumes = true
                word2vec.setCheckpoints(checkpoints)
            }
            return word2vec
        }
        let whole = word2vec(nil)
        let expected = try whole.fit(corpus)
        let epochs = whole.outcome.epochs.count
        for epoch in 1..<epochs {
            let part = word2vec(folder["c"])
            let canceller = Canceller(after: 72_000 * epoch - 20_000)
            part.setListeners(canceller)
            _ = try part.fit(corpus, cancellation: canceller.cancellation)
        }
        let rest = word2vec(folder["c"])
        let vectors = try rest.fit(corpus)
        #expect(rest.outcome.endedEarly && rest.outcome.bestEpoch == whole.outcome.bestEpoch)
        #expect(vectors.vectors.elements == expected.vectors.elements)
    }

    @Test func pairsAndAnalogiesAreMeasured() throws {
        var evaluation = EpochEvaluation()
        evaluation.pairs = [
            WordPairs(
                (0..<60).map { .init("w\($0)", "w\($0 + ($0 % 2 == 0 ? 1 : 200))", score: $0 % 2 == 0 ? 9 : 1) },
                source: "folder/near.tsv")
        ]
        evaluation.analogies = [
            AnalogyQuestions(
                [
                    .init(
                        name: "steps",
                        questions: (0..<40).map { .init("w\($0)", "w\($0 + 1)", "w\($0 + 2)", answer: "w\($0 + 3)") })
                ],
                source: "steps.txt")
        ]
        let word2vec = Word2Vec(configuration: Self.configuration { $0.epochs = 10 })
        word2vec.setEvaluation(evaluation)
        let vectors = try word2vec.fit(NeighborCorpus.prepared)
        let last = try #require(word2vec.outcome.epochs.last)
        #expect(last.map(\.kind) == [.pairs, .analogies] && last.map(\.name) == ["near.tsv", "steps.txt"])
        let spearman = try vectors.evaluate(evaluation.pairs[0]).spearman
        #expect(last[0].value == spearman && spearman > 0.7)
        #expect(last[1].value == vectors.evaluate(evaluation.analogies[0]).accuracy)
    }

    @Test func whatCannotBeMeasuredIsRefusedBeforeTheWork() throws {
        let corpus = try NeighborCorpus.prepared
        func refusal(_ change: (inout EpochEvaluation) -> Void) -> String {
            var evaluation = EpochEvaluation()
            change(&evaluation)
            let word2vec = Word2Vec(configuration: Self.configuration())
            word2vec.setEvaluation(evaluation)
            do {
                _ = try word2vec.fit(corpus)
                return "nothing was refused"
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal { $0.patience = 2 } == "patience: expected a validation text, found none")
        #expect(refusal { $0 = self.evaluation(noise, patience: 0) } == "patience: expected 1 or more epochs, found 0")
        #expect(refusal { $0 = self.evaluation([["un", "known"]]) }.contains("has no two words of the training's"))
        #expect(refusal { $0.pairs = [WordPairs([.init("a", "b", score: 1)])] }.contains("two or more pairs of known"))
    }
}

@Suite struct DivergenceTests {
    @Test(arguments: CheckpointTests.setups)
    func absurdRatesAreAnErrorWhenThereIsNoGoodState(setup: CheckpointTests.Setup) throws {
        let folder = try TestFolder()
        var configuration = setup.configuration
        configuration.learningRate = 1e30
        let word2vec = Word2Vec(configuration: configuration)
        for checkpoints in [nil, Checkpoints(folder: folder["c"])] {
            word2vec.setCheckpoints(checkpoints)
            let error = #expect(throws: WordEmbeddingError.self) {
                try word2vec.fit(NeighborCorpus.prepared)
            }
            guard case .diverged = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder["c/checkpoint.w2v"]), "nothing good was there")
    }

    /// A training with a checkpoint and a best state, whose tables then become NaN.
    @Test(arguments: [false, true]) func theLastGoodStateComesBack(hasPatience: Bool) throws {
        let corpus = try NeighborCorpus.prepared
        let folder = try TestFolder()
        let configuration = CheckpointTests.configuration()
        let counts = try #require(corpus.vocabulary.counts)
        let tables = try ModelTables(
            inputRows: counts.count, outputRows: counts.count, dimensions: 20, seed: 3, threads: 1)
        var evaluation = EpochEvaluation()
        if hasPatience {
            evaluation.validation = Corpus(sentences: neighborSentences(50, words: 700, seed: 6))
            evaluation.patience = 1
        }
        var checkpoints = Checkpoints(folder: folder["c"])
        checkpoints.interval = .words(100)
        let oversight = try TrainingOversight(
            checkpoints: hasPatience ? nil : checkpoints, evaluation: evaluation, trainer: .rotation, corpus: corpus,
            model: ModelInTraining(
                tables: tables, outputRows: counts.count, vocabulary: corpus.vocabulary, configuration: configuration),
            objective: Objective(configuration, counts: counts), keepBelow: nil, cancellation: nil)
        let error = WordEmbeddingError.diverged(epoch: 2, wordsTrained: 80_000)
        #expect(try oversight.recover(from: error) == nil)
        tables.inputs.base[5] = 1.25
        _ = try oversight.pause(position: 4, wordsDone: 72_000, epochEnded: 1, isLast: false)
        tables.inputs.base[5] = .nan
        tables.outputs.base[7] = .infinity
        #expect(throws: WordEmbeddingError.self) {
            try oversight.pause(position: 5, wordsDone: 80_000, epochEnded: 2, isLast: true)
        }
        #expect(try oversight.recover(from: error) == 72_000)
        #expect(tables.inputs.base[5] == 1.25 && tables.outputs.base[7] == 0)
        #expect(oversight.outcome.divergence == error && oversight.outcome.goodWords == 72_000)
    }
}
