import Testing

@testable import TrainingStats

@Suite("records in memory")
struct InMemoryStorageTests {
    @Test("a long run stays bounded; coarser points keep their extremes, means and counts")
    func bounded() throws {
        let storage = InMemoryStatsStorage()
        let total = 36_000
        for sequence in 0..<total {
            let score: Double =
                switch sequence {
                case 1_234: 1_000
                case 20_001: -1_000
                case 30_000: .nan
                default: 1
                }
            storage.put([Records.small(sequence, score: score)])
        }
        #expect(try storage.numberOfUpdates(Records.source) == total)
        let batch = try storage.series(Records.source, after: -1, limit: 1_024)
        #expect(batch.points.count <= 1_024 && batch.points.count >= 512)
        #expect(batch.points.reduce(0) { $0 + $1.updates } == total)
        let column = try #require(batch.names.firstIndex(of: "score"))
        let cells = batch.points.map { $0.cells[column] }
        #expect(cells.map(\.high).max() == 1_000)
        #expect(cells.map(\.low).min() == -1_000)
        #expect(cells.reduce(0) { $0 + $1.nonFinite } == 1)
        #expect(cells.reduce(0) { $0 + $1.count } == total - 1)
        let mean = cells.reduce(0) { $0 + ($1.count > 0 ? $1.mean * Double($1.count) : 0) } / Double(total - 1)
        #expect(abs(mean - Double(total - 3) / Double(total - 1)) < 1e-9, "the two spikes cancel each other out")
        // A page that wants fewer gets fewer, with the same extremes.
        let few = try storage.series(Records.source, after: -1, limit: 10)
        #expect(few.points.count <= 10)
        #expect(few.points.map { $0.cells[column].high }.max() == 1_000)

        // Whole reports: the newest, and some of the rest.
        let times = try storage.updateTimes(Records.source)
        #expect(times.count >= 512 + 128 && times.count <= 576 + 128)
        #expect(times.first?.sequence == 0 && times.last?.sequence == total - 1)
        #expect(try storage.updates(Records.source, after: total - 513, limit: 1_000).count == 512)
        let samples = try storage.sampledUpdates(Records.source, count: 64)
        #expect(samples.count == 64 && samples.first?.sequence == 0 && samples.last?.sequence == total - 1)
        for (one, next) in zip(samples, samples.dropFirst()) {
            #expect(next.sequence > one.sequence && next.sequence - one.sequence < 4 * total / 64)
        }
    }

    @Test("of many maps some stay, evenly over the run, the first and the last among them")
    func maps() throws {
        let storage = InMemoryStatsStorage()
        for sequence in 0..<1_000 { storage.put([Records.map(sequence)]) }
        let maps = try storage.listMaps(Records.source)
        #expect(maps.count == 64 && maps.first?.sequence == 0 && maps.last?.sequence == 999)
        for (one, next) in zip(maps, maps.dropFirst()) { #expect(next.sequence - one.sequence <= 64) }
        #expect(try storage.map(Records.source, sequence: 999) != nil)
        // One that was given up stays known by its number.
        let gone = try #require((0..<1_000).first { number in !maps.contains { $0.sequence == number } })
        #expect(try storage.store([Records.map(gone)]) == (accepted: 0, duplicates: 1))
    }

    @Test("hostile numbers neither stop it nor fill it")
    func hostileSequences() throws {
        let storage = InMemoryStatsStorage()
        for number in 0..<20_000 {
            storage.put([Records.small(number % 2 == 0 ? number * 1_000 : StatsLimits.wholeNumber - number * 1_000)])
        }
        storage.put([Records.small(.max), Records.small(.min), Records.small(-1), Records.small(.max - 1)])
        #expect(storage.counters.lost == 4)
        #expect(throws: StatsError.self) { try storage.store([Records.small(1), Records.small(-1)]) }
        #expect(try storage.series(Records.source, after: -1, limit: 100).points.count <= 100)
        #expect(try storage.updateTimes(Records.source).count < 1_000)
        #expect(try storage.sampledUpdates(Records.source, count: 64).count == 64)
    }

    @Test("workers beyond the bound are lost, and counted so")
    func manyWorkers() throws {
        let storage = InMemoryStatsStorage()
        let limit = InMemoryStatsStorage.workerLimit
        let result = try storage.store((0..<limit + 10).map { Records.small(0, Records.source(worker: "\($0)")) })
        #expect(result.accepted == limit)
        #expect(storage.counters.lost == 10 && storage.counters.delivered == limit)
        // Those that are known go on.
        #expect(try storage.store([Records.small(1, Records.source(worker: "0"))]).accepted == 1)
        try storage.removeSession("run")
        #expect(try storage.store([Records.small(0, Records.source("new"))]).accepted == 1)
    }

    @Test("large reports take no more memory than is theirs")
    func largeReports() throws {
        let storage = InMemoryStatsStorage()
        var report = Records.report(1)
        report.layers = (0..<StatsLimits.layers).map { number in
            var layer = LayerStatistics(name: "\(number)")
            layer.parameters = .init(
                count: 1, histogram: Histogram(low: 0, high: 1, counts: Array(repeating: 1, count: 1_024)))
            return layer
        }
        let size = Records.record(0, .update(report)).estimatedSize
        for sequence in 0..<40 { storage.put([Records.record(sequence, .update(report))]) }
        let kept = try storage.updateTimes(Records.source)
        #expect(kept.count * size <= InMemoryStatsStorage.byteLimit && kept.count >= 2)
        #expect(kept.first?.sequence == 0 && kept.last?.sequence == 39)
        #expect(try storage.numberOfUpdates(Records.source) == 40)
        #expect(try storage.latestUpdate(Records.source)?.sequence == 39)
    }
}
