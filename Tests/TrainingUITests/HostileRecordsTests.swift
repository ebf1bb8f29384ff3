import Foundation
import LinearAlgebra
import Testing
import Training
import TrainingStats

@testable import TrainingUI

/// Records that pass every check, and yet are as far from a training as the checks allow.
@Suite("hostile records")
struct HostileRecordsTests {
    /// Numbers that end a program which is careless with them.
    private static let numbers: [Double] = [
        0, -0.0, 1, -1, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        .leastNonzeroMagnitude, 9_223_372_036_854_775_808, -9_223_372_036_854_775_808, 1e19, -1e300, 1e-300, 0.1,
    ]
    private static let wholes = [0, 1, 2, 20, 1_000, 1 << 31, 1 << 52, StatsLimits.wholeNumber]

    private struct Maker {
        var random: Philox

        mutating func number() -> Double { numbers[Int(random.next32()) % numbers.count] }
        mutating func whole() -> Int { wholes[Int(random.next32()) % wholes.count] }
        mutating func maybe() -> Bool { random.next32() % 3 > 0 }

        mutating func summary() -> LayerStatistics.Summary {
            var summary = LayerStatistics.Summary(count: whole())
            if maybe() { summary.mean = number() }
            if maybe() { summary.standardDeviation = number() }
            if maybe() { summary.meanMagnitude = number() }
            if maybe() {
                let edges = [number(), number()].map { $0.isFinite ? $0 : 0 }.sorted()
                let bins = [0, 1, 2, 20, 1_024][Int(random.next32() % 5)]
                summary.histogram = Histogram(
                    low: edges[0], high: edges[1], counts: (0..<bins).map { _ in whole() }, nonFinite: whole())
            }
            return summary
        }

        mutating func report(_ number: Int) -> StatsReport {
            var report = StatsReport(
                iteration: maybe() ? number : whole(), completedUnits: whole(), totalUnits: whole(),
                elapsedSeconds: self.number())
            if maybe() { report.score = self.number() }
            if maybe() { report.gradientNorm = self.number() }
            if maybe() { report.learningRate = self.number() }
            if maybe() { report.epoch = whole() }
            if maybe() {
                var performance = StatsReport.Performance()
                performance.totalExamples = whole()
                performance.examplesPerSecond = self.number()
                performance.minibatchesPerSecond = self.number()
                performance.unitsPerSecond = self.number()
                performance.processorsBusy = self.number()
                performance.unitsPerSecondByThread = [self.number(), self.number()]
                report.performance = performance
            }
            if maybe() {
                var memory = StatsReport.Memory()
                (memory.resident, memory.peak, memory.available) = (whole(), whole(), whole())
                report.memory = memory
            }
            report.observer.listenerSeconds = self.number()
            if maybe() {
                var router = RouterCounters()
                (router.received, router.lost, router.failures) = (whole(), whole(), whole())
                report.observer.router = router
            }
            for name in ["input", "output", "coordinates", "a\"b<c>\u{0}", ""] where maybe() {
                var layer = LayerStatistics(name: name)
                for kind in LayerStatistics.Kind.allCases where maybe() { layer[kind] = summary() }
                report.layers.append(layer)
            }
            report.isLast = random.next32() % 8 == 0
            return report
        }
    }

    @Test("what passes the checks ends no server, and every answer is JSON", arguments: 0..<12)
    func answers(seed: Int) async throws {
        let source = Reports.source("hostile <\(seed)>", worker: "w&w")
        var maker = Maker(random: Philox(seed: UInt64(seed)))
        let configuration =
            #"{"epochs":\#(maker.whole()),"learningRate":1e300,"dimensions":0,"window":-1,"negative":1e19,"#
            + #""stopLyingIteration":-1e300,"maxIterations":"x","hierarchicalSoftmax":7}"#
        let model = StaticInfo.Model(
            modelClass: ["Word2Vec", "BarnesHutTsne", "Other"][seed % 3], configuration: configuration,
            layers: [TrainingLayer(name: "input", kind: "", shape: [maker.whole()], inputs: ["input", "none"])],
            totalUnits: maker.whole(), unit: "", threads: maker.whole(), labels: ["</script>"])
        var records = [
            StatsRecord(
                source: source, sequence: 0, timestamp: 0,
                content: .staticInfo(StaticInfo(startTime: Int64(maker.whole()), model: model)))
        ]
        for number in 0..<120 {
            records.append(
                StatsRecord(
                    source: source, sequence: number < 60 ? number + 1 : StatsLimits.wholeNumber - 200 + number,
                    timestamp: Int64(maker.whole()), content: .update(maker.report(number))))
        }
        let layers = ["input", "a\"b<c>\u{0}", "none"]
        // Over the network, as they would come.
        try await withServer { server, storage, client async throws in
            let token = try server.enableRemoteListener(token: nil, storage: storage)
            let posted = try await client.send(
                "POST", "/api/records", headers: ["Content-Type: application/json", "Authorization: Bearer \(token)"],
                body: try StatsJSON.encode(records))
            #expect(posted.status == 200, "\(posted.text)")
            let about = query(source)
            var paths = ["info", "series", "latest", "maps", "labels", "advice"].map { "/api/\($0)?\(about)" }
            paths += layers.flatMap { layer in
                LayerStatistics.Kind.allCases.map { "/api/strip?\(about)&layer=\(encoded(layer))&kind=\($0.rawValue)" }
            }
            paths += ["/api/runs", "/api/series?\(about)&name=score&name=\(encoded("layer//ratio"))"]
            for path in paths {
                let reply = try await client.send("GET", path)
                #expect(reply.status == 200, "\(path): \(reply.text)")
                _ = try reply.json()
            }
            let reader = try await EventReader(client, "/api/events?\(about)")
            storage.put([
                StatsRecord(
                    source: source, sequence: StatsLimits.wholeNumber, timestamp: 0, content: .update(maker.report(1)))
            ])
            #expect(await reader.next(skipping: [":", "retry", "runs", "info"]) != nil)
        }
    }
}
