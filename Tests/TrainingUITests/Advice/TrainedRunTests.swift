import Foundation
import LinearAlgebra
import TSNE
import Testing
import TrainingStats
import WordEmbeddings

@testable import TrainingUI

/// The main rules on models that are really trained: on the small corpus, by one thread, so that all goes the same way
/// each time.
@Suite("Advice on trained models")
struct TrainedRunTests {
    /// A way to train, and the rules of which one at least must fire; none: nothing but good lines may appear.
    struct WordCase: CustomStringConvertible, Sendable {
        var description: String
        var expected: Set<Advice.Rule> = []
        var text = Text.asItIs
        var change: @Sendable (inout Word2Vec.Configuration) -> Void = { _ in }
    }

    enum Text { case asItIs, sorted }

    static let words: [WordCase] = [
        WordCase(description: "defaults"),
        WordCase(description: "hierarchical softmax") { $0.hierarchicalSoftmax = true },
        WordCase(description: "bag of words") { ($0.continuousBagOfWords, $0.learningRate) = (true, 0.05) },
        WordCase(description: "both objectives") { ($0.hierarchicalSoftmax, $0.bothObjectives) = (true, true) },
        WordCase(description: "rate far too low", expected: [.ratioLow]) {
            ($0.learningRate, $0.minLearningRate) = (1e-3, 1e-5)
        },
        WordCase(description: "rate that learns nothing", expected: [.scoreFlat]) {
            ($0.learningRate, $0.minLearningRate) = (1e-6, 1e-8)
        },
        WordCase(description: "rate that learns nothing, rows", expected: [.activationsVanishing]) {
            ($0.learningRate, $0.minLearningRate) = (1e-6, 1e-8)
        },
        WordCase(description: "rate too high", expected: [.ratioHigh]) { $0.learningRate = 0.2 },
        WordCase(description: "rate too high, tree", expected: [.ratioHigh]) {
            ($0.learningRate, $0.hierarchicalSoftmax) = (0.12, true)
        },
        WordCase(description: "rate far too high", expected: [.scoreNotFinite]) { $0.learningRate = 5 },
        WordCase(description: "rate that does not fall", expected: [.learningRateFlat]) {
            $0.minLearningRate = $0.learningRate
        },
        WordCase(description: "few words", expected: [.littleText]) { $0.epochs = 5 },
        WordCase(description: "sorted text", expected: [.scoreWaves, .scoreNoisy], text: .sorted),
    ]

    @Test("word vectors", arguments: words)
    func wordVectors(_ example: WordCase) throws {
        var configuration = Word2Vec.Configuration()
        configuration.dimensions = 50
        configuration.minCount = 1
        configuration.epochs = 30
        configuration.threads = 1
        example.change(&configuration)
        let lines = try String(contentsOf: Self.smallCorpus, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
        let sentences = example.text == .sorted ? lines.sorted { $0.lexicographicallyPrecedes($1) } : lines
        let model = Word2Vec(configuration: configuration, corpus: Corpus(sentences: sentences))
        let storage = InMemoryStatsStorage()
        let listener = StatsListener(storage, frequency: 1)
        model.setListeners(listener)
        do {
            try model.fit()
        } catch WordEmbeddingError.diverged {
            #expect(example.expected.contains(.scoreNotFinite))
        }
        try check(storage, listener, example.expected)
    }

    /// The same for maps.
    struct MapCase: CustomStringConvertible, Sendable {
        var description: String
        var expected: Set<Advice.Rule> = []
        var change: @Sendable (inout BarnesHutTsne.Configuration) -> Void = { _ in }
    }

    static let maps: [MapCase] = [
        MapCase(description: "defaults"),
        MapCase(description: "perplexity too low", expected: [.perplexityLow]) { $0.perplexity = 2 },
        MapCase(description: "perplexity too high", expected: [.perplexityHigh]) { $0.perplexity = 90 },
        MapCase(description: "steps too short", expected: [.mapNotSpreading]) { $0.learningRate = 1e-4 },
        MapCase(description: "steps too long", expected: [.mapRestless, .mapScattered]) { $0.learningRate = 1e6 },
        MapCase(description: "exaggerated to the end", expected: [.exaggeratedToTheEnd]) { $0.maxIterations = 300 },
        MapCase(description: "too few steps", expected: [.divergenceStillFalling]) {
            ($0.maxIterations, $0.learningRate) = (400, 20)
        },
    ]

    @Test("maps", arguments: maps)
    func map(_ example: MapCase) throws {
        var configuration = BarnesHutTsne.Configuration()
        configuration.threads = 1
        example.change(&configuration)
        let tsne = BarnesHutTsne(configuration: configuration)
        let storage = InMemoryStatsStorage()
        let listener = StatsListener(storage, frequency: 10)
        tsne.setListeners(listener)
        _ = try tsne.fit(Self.groups)
        try check(storage, listener, example.expected)
    }

    /// What is said of a run, but for the machine, which may be busy with other things.
    private func check(_ storage: InMemoryStatsStorage, _ listener: StatsListener, _ expected: Set<Advice.Rule>) throws
    {
        let source = StatsSource(
            session: listener.sessionID, type: StatsListener.typeID, worker: listener.workerID)
        let advice = Advisor.advice(for: try AdviceInput(storage, source))
            .filter { $0.severity != .good && $0.chart != .system && $0.chart != .memory }
        let rules = Set(advice.map(\.rule))
        if expected.isEmpty {
            #expect(advice.isEmpty, "\(advice)")
        } else {
            #expect(!rules.isDisjoint(with: expected), "\(advice)")
        }
    }

    /// `corpora/small.txt` of the repository.
    private static let smallCorpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("corpora/small.txt")

    /// 300 points in 10 groups in 10 dimensions.
    private static let groups: Matrix = {
        var matrix = Matrix(rows: 300, columns: 10)
        for row in 0..<300 {
            for column in 0..<10 {
                matrix[row, column] =
                    Float(SyntheticRun.noise(row * 10 + column)) + (row % 10 == column ? 6 : 0)
            }
        }
        return matrix
    }()
}
