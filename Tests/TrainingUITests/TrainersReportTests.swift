import Foundation
import LinearAlgebra
import TSNE
import TestSupport
import Testing
import Training
import TrainingStats
import WordEmbeddings

@testable import TrainingUI

@Suite("what trainers report")
struct TrainersReportTests {
    /// Sentences of words of one group each.
    private static let sentences: [[String]] = {
        var random = Philox(seed: 5)
        return (0..<12_000).map { _ in
            let group = Int(random.next32() % 4)
            return (0..<10).map { _ in "g\(group)w\(random.next32() % 10)" }
        }
    }()

    private func word2vec(threads: Int) -> Word2Vec {
        Word2Vec.Builder().iterate(Corpus(sentences: Self.sentences)).layerSize(16).epochs(3).workers(threads)
            .sampling(0).minWordFrequency(1).seed(1).build()
    }

    private func reports(_ router: CollectionStatsStorageRouter) -> [StatsReport] {
        router.updates.compactMap { if case .update(let report) = $0.content { report } else { nil } }
    }

    @Test("Word2Vec: loss, layers, ratio, words, speeds of threads, neighbours", arguments: [1, 2])
    func word2Vec(threads: Int) async throws {
        let router = CollectionStatsStorageRouter()
        let trainer = word2vec(threads: threads)
        trainer.setProbeWords(["g0w1", "g3w7", "nowhere"])
        trainer.setListeners(StatsListener(router, frequency: 1))
        _ = try await offThread { try trainer.fit() }
        let reports = reports(router)
        try #require(reports.count >= 4)
        let (first, last) = (try #require(reports.first), try #require(reports.last))
        #expect(first.iteration == 0 && first.completedUnits == 0 && last.isLast)
        #expect(last.completedUnits == 360_000 && last.totalUnits == 360_000)
        #expect(reports.map(\.completedUnits) == reports.map(\.completedUnits).sorted())
        for report in reports { #expect(report.iteration == (report.performance?.totalExamples ?? 0) / 10_000) }
        #expect(last.epoch == 3)
        let scores = reports.compactMap(\.score)
        #expect(scores.count >= 3 && scores.allSatisfy(\.isFinite) && scores[0] > (scores.last ?? 0))
        #expect(try #require(first.learningRate) > #require(last.learningRate))

        // One of the middle has everything.
        let middle = try #require(reports.dropFirst().first { !$0.layers.isEmpty })
        #expect(middle.layers.map(\.name) == ["input", "output"])
        for layer in middle.layers {
            for kind in LayerStatistics.Kind.allCases {
                let summary = try #require(layer[kind], "\(layer.name) \(kind)")
                #expect(summary.count > 0 && summary.count <= 1 << 17, "bounded")
                #expect(summary.mean?.isFinite == true && (summary.standardDeviation ?? 0) > 0)
                #expect((summary.meanMagnitude ?? 0) > 0)
                let histogram = try #require(summary.histogram)
                #expect(histogram.counts.count == 20 && histogram.counts.reduce(0, +) == summary.count)
            }
            let ratio = try #require(layer.updateRatio)
            #expect(ratio > 0 && ratio < 10)
        }
        #expect(first.layers.allSatisfy { $0.parameters != nil }, "iteration 0 has the parameters")
        let performance = try #require(last.performance)
        #expect(performance.unitsPerSecondByThread.count == threads && performance.examplesPerSecond > 0)
        #expect((last.memory?.resident ?? 0) > 1 << 20 && (last.memory?.peak ?? 0) > 1 << 20)
        #expect(last.observer.listenerSeconds > 0 && last.observer.router != nil)
        let neighbors = try #require(reports.last { !$0.neighbors.isEmpty }).neighbors
        #expect(neighbors.map(\.word) == ["g0w1", "g3w7"])
        #expect(neighbors[0].neighbors.prefix(3).allSatisfy { $0.word.hasPrefix("g0") }, "they make sense")

        guard case .staticInfo(let info) = try #require(router.staticInfos.first).content else { return }
        let model = try #require(info.model)
        #expect(model.modelClass == "Word2Vec" && model.unit == "words" && model.threads == threads)
        #expect(model.layers.map(\.shape) == [[40, 16], [40, 16]])
        #expect(model.layers.allSatisfy { $0.sampling.contains("rows") }, "it says over which rows")
        #expect(model.layers[1].inputs == ["input"] && model.configuration.contains("\"dimensions\":16"))
    }

    @Test("t-SNE: divergence, gradient, gains, coordinates")
    func tsne() async throws {
        let router = CollectionStatsStorageRouter()
        var configuration = StatsUpdateConfiguration()
        configuration.mapFrequency = 20
        let trainer = BarnesHutTsne.Builder().setMaxIter(100).perplexity(5)
            .setListeners(StatsListener(router, frequency: 10, configuration: configuration)).build()
        let data = Self.points
        let labels = (0..<data.rows).map { "p\($0)" }
        let map = try await offThread { try trainer.fit(data, labels: labels) }
        let reports = reports(router)
        #expect(reports.map(\.iteration) == Array(stride(from: 0, through: 100, by: 10)))
        #expect(reports.last?.isLast == true && reports.last?.completedUnits == 100)
        for report in reports {
            #expect(try #require(report.score) > 0, "\(report.iteration)")
            #expect(try #require(report.gradientNorm) > 0)
            #expect(report.layers.map(\.name) == ["coordinates", "gains"])
            #expect(report.layers[0].parameters?.histogram?.counts.count == 20)
            #expect(report.layers[0].gradients != nil && report.layers[1].parameters?.mean ?? 0 > 0)
            #expect(report.isLast || report.layers[0].updates != nil)
        }
        let maps = router.maps.compactMap { if case .map(let map) = $0.content { map } else { nil } }
        // The state at the last iteration, and then the result.
        #expect(Set(maps.map(\.iteration)) == [0, 20, 40, 60, 80, 100], "\(maps.map(\.iteration))")
        #expect(maps.allSatisfy { $0.count == data.rows })
        #expect(maps.last?.dimensions == 2)
        let highest = (0..<data.rows).map { map.coordinates[$0, 0] }.max()
        #expect(maps.last?.high.first == highest, "the last map is the result")
        guard case .staticInfo(let info) = try #require(router.staticInfos.first).content else { return }
        #expect(info.model?.labels == labels && info.model?.modelClass == "BarnesHutTsne")
    }

    private static let points: Matrix = {
        var random = Philox(seed: 3)
        let elements = (0..<60).flatMap { point in
            (0..<5).map { _ in random.nextUniform() + Float(point % 3) * 2 }
        }
        return Matrix(rows: 60, columns: 5, elements: elements)
    }()

    @Test("who is watched gives the same bytes as who is not")
    func sameBytes() async throws {
        let alone = try await offThread { [self] in try word2vec(threads: 1).fit().vectors }
        let watched = try await offThread { [self] in
            let trainer = word2vec(threads: 1)
            trainer.setListeners(StatsListener(InMemoryStatsStorage(), frequency: 1))
            return try trainer.fit().vectors
        }
        #expect(alone == watched)
        let data = Self.points
        let map = try await offThread { try BarnesHutTsne.Builder().setMaxIter(60).perplexity(5).build().fit(data) }
        let watchedMap = try await offThread {
            try BarnesHutTsne.Builder().setMaxIter(60).perplexity(5)
                .setListeners(StatsListener(InMemoryStatsStorage(), frequency: 1)).build().fit(data)
        }
        #expect(map.coordinates == watchedMap.coordinates)
    }

    @Test("the lines of DL4J's page")
    func pageOfDL4J() async throws {
        let word2vec = word2vec(threads: 1)

        let ui = UIServer.getInstance()
        let storage = InMemoryStatsStorage()
        ui.attach(storage)
        word2vec.setListeners(StatsListener(storage))

        // Not on the page: a free port, and the start, which attaching does not bring about.
        #expect(ui.isStopped)
        ui.port = 0
        try await ui.start()
        _ = try await offThread { try word2vec.fit() }
        let client = Client(port: ui.port)
        #expect(try await client.send("GET", "/train").headers["location"] == "/train/overview")
        let page = try await client.send("GET", "/train/overview")
        #expect(page.status == 200 && page.text.contains("<html"))
        let runs = try #require(try await client.json("/api/runs")["runs"] as? [[String: Any]])
        #expect(runs.count == 1 && runs[0]["modelClass"] as? String == "Word2Vec")
        #expect(runs[0]["state"] as? String == "finished" && runs[0]["hasLayers"] as? Bool == true)
        #expect((runs[0]["score"] as? Double ?? 0) > 0)
        await ui.stop()
        ui.detach(storage)
    }
}
