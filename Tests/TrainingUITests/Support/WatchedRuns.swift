import Foundation
import TestSupport
import LinearAlgebra
import TSNE
import Training
import TrainingStats
import WordEmbeddings

/// The sessions that the pages are shown in the browser.
enum WatchedRuns {
    /// The folder of the repository.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Trains words and draws their map: sessions "words" and "map".
    static func train(into storage: InMemoryStatsStorage) throws {
        let word2vec = Word2Vec(configuration: configuration(epochs: 20), corpus: corpus)
        word2vec.setListeners(StatsListener(storage, frequency: 2, sessionID: "words", workerID: "w0"))
        let vectors = try word2vec.fit()
        let table = vectors.lookupTable().prefix(300)
        let tsne = BarnesHutTsne(configuration: mapConfiguration(iterations: 200))
        var update = StatsUpdateConfiguration()
        update.mapFrequency = 10
        tsne.setListeners(
            StatsListener(storage, frequency: 4, sessionID: "map", workerID: "w0", configuration: update))
        _ = try tsne.fit(table.vectors, labels: Array(table.vocabulary.words))
    }

    /// Trains, slowly, until it is cancelled: sessions "live" and "live map".
    static func trainOn(into storage: InMemoryStatsStorage, _ cancellation: Cancellation) async throws {
        async let words: Void = offThread {
            let word2vec = Word2Vec(configuration: configuration(epochs: 5_000), corpus: corpus)
            word2vec.setListeners(
                StatsListener(storage, frequency: 1, sessionID: "live", workerID: "w0"), Brake(milliseconds: 60))
            _ = try word2vec.fit(cancellation: cancellation)
        }
        async let map: Void = offThread {
            let tsne = BarnesHutTsne(configuration: mapConfiguration(iterations: 1_000_000))
            tsne.setListeners(
                StatsListener(storage, frequency: 10, sessionID: "live map", workerID: "w0"), Brake(milliseconds: 20))
            var state: UInt64 = 1
            let elements = (0..<150 * 8).map { _ -> Float in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(state >> 40) / Float(1 << 24)
            }
            _ = try tsne.fit(Matrix(rows: 150, columns: 8, elements: elements), cancellation: cancellation)
        }
        _ = try await (words, map)
    }

    /// Session "broken": values that are not numbers, names that are markup, two workers.
    static var broken: [StatsRecord] {
        let name = "<img src=x onerror=\"window.attacked = 1\">"
        return ["w0", name].flatMap { worker in
            let source = Reports.source("broken", worker: worker)
            var opening = Reports.opening(source, command: "w2v train \(name)")
            if case .staticInfo(var info) = opening[0].content {
                info.model?.layers = [TrainingLayer(name: name, kind: name, shape: [3, 2], sampling: name)]
                opening[0].content = .staticInfo(info)
            }
            let updates = (0..<40).map { number -> StatsRecord in
                var record = Reports.update(
                    number, of: 100, source: source, score: (20..<25).contains(number) ? .nan : nil)
                if case .update(var report) = record.content {
                    for index in report.layers.indices {
                        report.layers[index].name = index == 0 ? name : name + "\(index)"
                    }
                    record.content = .update(report)
                }
                return record
            }
            return opening + (worker == "w0" ? updates : Array(updates.prefix(3)))
        }
    }

    /// Session "long": an hour of 10 reports a second, with one spike.
    static func fillLong(_ storage: InMemoryStatsStorage) {
        let source = Reports.source("long")
        storage.put(Reports.opening(source))
        for start in stride(from: 0, to: 36_000, by: 1_000) {
            storage.put(
                (start..<start + 1_000).map { number in
                    Reports.update(
                        number, of: 36_000, source: source, score: number == 20_000 ? 50 : 2 + Double(number % 7) / 10)
                })
        }
    }

    /// Session "spare" of 12 updates.
    static var spare: [StatsRecord] { Reports.run(12, source: Reports.source("spare")) }

    private static var corpus: Corpus {
        Corpus(path: repository.appendingPathComponent("corpora/small.txt").path)
    }

    private static func configuration(epochs: Int) -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.dimensions = 40
        configuration.epochs = epochs
        configuration.threads = 1
        return configuration
    }

    private static func mapConfiguration(iterations: Int) -> BarnesHutTsne.Configuration {
        var configuration = BarnesHutTsne.Configuration()
        configuration.maxIterations = iterations
        configuration.stopLyingIteration = 60
        configuration.threads = 1
        return configuration
    }
}

/// Holds a training back, so that it neither ends nor takes the processor from the browser that watches it.
private struct Brake: TrainingListener {
    let milliseconds: Int

    func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail { .score }

    func iterationDone(_ progress: TrainingProgress) {
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
    }
}
