import Testing

@testable import TrainingStats

@Suite("series of long runs")
struct LongSeriesTests {
    @Test("every part of a long run stays equally fine; the newest quarter is whole", arguments: [2, 5, 64, 1_024])
    func evenly(capacity: Int) throws {
        let total = 36_000
        var series = StatsSeries(capacity: capacity)
        for number in 0..<total {
            var report = StatsReport(iteration: number, completedUnits: 0, totalUnits: 0, elapsedSeconds: 0)
            report.score = number == 777 ? 1_000 : 1
            series.append(report, sequence: number, timestamp: 0)
            #expect(series.points.count <= capacity)
        }
        #expect(series.updates == total)
        #expect(series.points.reduce(0) { $0 + $1.updates } == total)
        #expect(series.points.count >= capacity / 2)
        // Without gaps and in order.
        #expect(series.points.first?.firstSequence == 0)
        for (point, next) in zip(series.points, series.points.dropFirst()) {
            #expect(next.firstSequence == point.lastSequence + 1)
        }
        let newest = series.points.suffix(capacity / 4)
        #expect(newest.allSatisfy { $0.updates == 1 })
        // No point spans much more than its share.
        let widest = try #require(series.points.map(\.updates).max())
        #expect(widest <= max(total, 1) * 8 / capacity)
        let column = try #require(series.names.firstIndex(of: "score"))
        #expect(series.points.map { $0.cells[column].high }.max() == 1_000)
    }
}
