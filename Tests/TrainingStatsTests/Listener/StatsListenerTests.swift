import Foundation
import Synchronization
import Testing
import Training

@testable import TrainingStats

@Suite("the listener")
struct StatsListenerTests {
    @Test("by default it reports at least once a second, at the beginning, and at the end", arguments: [true, false])
    func defaultFrequency(asks: Bool) throws {
        let router = CollectionStatsStorageRouter()
        let trainer = Trainer(listener: StatsListener(router), pace: 0.13, asks: asks)
        trainer.train(200)
        let reports = router.reports
        #expect(reports.first?.iteration == 0 && reports.last?.iteration == 200)
        #expect(reports.map(\.isLast) == Array(repeating: false, count: reports.count - 1) + [true])
        for (report, next) in zip(reports, reports.dropFirst()) {
            #expect(next.elapsedSeconds - report.elapsedSeconds <= 1)
        }
        // 20 in the first 2 s, 60 in 15 s, and then less than a second apart.
        #expect(reports.count >= 60 && reports.count <= 80, "\(reports.count)")
        #expect(router.metadata.isEmpty && router.staticInfos.count == 1)
        #expect(router.records.map(\.sequence) == Array(0..<router.records.count))
        #expect(Set(router.records.map(\.source)).count == 1)
    }

    @Test("a frequency is a number of iterations; the last comes too", arguments: [1, 3, 10, 1_000], [true, false])
    func frequency(frequency: Int, asks: Bool) {
        let router = CollectionStatsStorageRouter()
        Trainer(listener: StatsListener(router, frequency: frequency), asks: asks).train(50)
        #expect(router.reports.map(\.iteration) == stride(from: 0, to: 50, by: frequency) + [50])
    }

    @Test("figures come at once, in a report of their own, and make lines of their own")
    func figures() throws {
        let router = CollectionStatsStorageRouter()
        let listener = StatsListener(router, frequency: 1_000)
        listener.trainingStarted(TrainingRun(modelClass: "Model", configuration: 1, totalUnits: 9))
        let figures = [
            TrainingFigure(kind: .validationLoss, name: "", value: 2.5),
            TrainingFigure(kind: .pairs, name: "a.tsv", value: 0.5),
            TrainingFigure(kind: .analogies, name: "b", value: 0.25),
        ]
        for iteration in 1...4 {
            var progress = TrainingProgress(
                iteration: iteration, completedUnits: iteration, totalUnits: 9, score: 1, learningRate: 1,
                elapsedSeconds: 0.001 * Double(iteration))
            if iteration == 3 { progress.figures = figures }
            listener.iterationDone(progress)
        }
        let measured = router.reports.filter { $0.figures != nil }
        #expect(measured.map(\.iteration) == [3] && measured[0].figures == figures)
        let scalars = measured[0].scalars.filter { $0.name == "validationLoss" || $0.name.hasPrefix("figure/") }
        #expect(scalars.map(\.name) == ["validationLoss", "figure/pairs/a.tsv", "figure/analogies/b"])
        #expect(scalars.map(\.value) == [2.5, 0.5, 0.25])
        for record in router.records { try record.validate() }
    }

    @Test("identifiers are those that are given, or new ones")
    func identifiers() {
        let router = CollectionStatsStorageRouter()
        let given = StatsListener(router, sessionID: "my run", workerID: "worker 7")
        Trainer(listener: given).train(1)
        #expect(given.sessionID == "my run" && given.workerID == "worker 7")
        #expect(
            router.records.allSatisfy {
                $0.source == StatsSource(session: "my run", type: "StatsListener", worker: "worker 7")
            })
        #expect(StatsListener(router).sessionID != StatsListener(router).sessionID)
        #expect(StatsListener(router).workerID == StatsListener(router).workerID)
        #expect(StatsListener.typeID == "StatsListener")
    }

    @Test("each training after the first is a session of its own")
    func severalTrainings() {
        let router = CollectionStatsStorageRouter()
        let listener = StatsListener(router, sessionID: "s")
        listener.setMetadata(SessionMetadata(command: "make"))
        for _ in 0..<3 { Trainer(listener: listener).train(5) }
        let sessions = ["s", "s-2", "s-3"]
        #expect(Set(router.records.map(\.source.session)) == Set(sessions))
        for session in sessions {
            let records = router.records.filter { $0.source.session == session }
            #expect(records.map(\.sequence) == Array(0..<records.count))
            #expect(records.first?.content == .metadata(SessionMetadata(command: "make")))
            guard case .staticInfo = records[1].content else {
                Issue.record("no static information in \(session)")
                continue
            }
        }
    }

    @Test("the router may come later: what was reported before goes there first, in bounds")
    func routerLater() throws {
        let listener = StatsListener(nil, frequency: 1, sessionID: "s")
        #expect(listener.router == nil)
        listener.trainingStarted(Trainer.run)
        let trainer = Trainer(listener: listener, pace: 1)
        for iteration in 0..<5_000 { listener.iterationDone(trainer.progress(iteration)) }
        let router = CollectionStatsStorageRouter()
        listener.setRouter(router)
        #expect(listener.router === router)
        let kept = router.reports
        #expect(kept.count <= 512 && kept.count >= 256 && router.maps.count <= 16 && router.maps.count >= 8)
        #expect(kept.first?.iteration == 0 && kept.last?.iteration == 4_999)
        for (report, next) in zip(kept, kept.dropFirst()) { #expect(next.iteration - report.iteration <= 64) }
        listener.iterationDone(trainer.progress(5_000))
        listener.trainingEnded(trainer.progress(5_001))
        #expect(router.reports.suffix(2).map(\.iteration) == [5_000, 5_001])
        #expect(router.records.map(\.sequence) == Array(0..<router.records.count), "without gaps")
        #expect(router.infos.count == 1)

        // Another in its place learns what the run is.
        let second = CollectionStatsStorageRouter()
        listener.setRouter(second)
        #expect(second.infos.count == 1 && second.reports.isEmpty)
    }

    @Test("without a router many trainings take no more memory than one")
    func neverARouter() {
        let listener = StatsListener(nil, frequency: 1, sessionID: "s")
        for _ in 0..<400 { Trainer(listener: listener).train(3) }
        let router = CollectionStatsStorageRouter()
        listener.setRouter(router)
        #expect(router.records.count <= 512 + 16 + 2 * 64)
        #expect(router.records.last?.source.session == "s-400")
        // Whatever sessions are left are told whole: what they are comes first.
        for session in Set(router.records.map(\.source.session)) {
            let records = router.records.filter { $0.source.session == session }
            #expect(records.map(\.sequence) == Array(0..<records.count))
        }
    }

    @Test("means of the score count by what they are of; values are taken as they are")
    func scores() {
        for averages in [true, false] {
            let router = CollectionStatsStorageRouter()
            let listener = StatsListener(router, frequency: 10)
            var run = Trainer.run
            run.averagesScore = averages
            listener.trainingStarted(run)
            var done = 0
            var scores: [(score: Double?, weight: Int)] = []
            for iteration in 0...10 {
                let weight = iteration * iteration
                done += weight
                let score: Double? = iteration == 4 ? nil : Double(iteration)
                scores.append((score, weight))
                var progress = TrainingProgress(
                    iteration: iteration, completedUnits: done, totalUnits: 1_000, score: score, learningRate: 1,
                    elapsedSeconds: Double(iteration))
                progress.examples = done
                listener.iterationDone(progress)
            }
            let counted = scores.filter { $0.score != nil && $0.weight > 0 }
            let weights = counted.reduce(0) { $0 + $1.weight }
            let mean = counted.reduce(0) { $0 + ($1.score ?? 0) * Double($1.weight) } / Double(weights)
            #expect(router.reports.map(\.score) == [0, averages ? mean : 10])
        }
    }

    @Test("a score that is none is reported so", arguments: [Double.nan, .infinity])
    func notANumber(score: Double) throws {
        let router = CollectionStatsStorageRouter()
        Trainer(listener: StatsListener(router, frequency: 1)).train(3) { progress in
            var progress = progress
            if progress.iteration == 1 { progress.score = score }
            return progress
        }
        #expect(router.reports[1].score?.isFinite == false)
        #expect(router.reports[2].score?.isFinite == true)
    }

    @Test("what the listener costs is in the report, and grows")
    func ownCost() throws {
        let router = CollectionStatsStorageRouter()
        let listener = StatsListener(router, frequency: 1)
        let big = LayerValues(name: "input", parameters: (0..<100_000).map { Float($0) })
        Trainer(listener: listener).train(50) { progress in
            var progress = progress
            progress.layers = [big]
            progress.detailSeconds = 100
            return progress
        }
        let costs = router.reports.map(\.observer.listenerSeconds)
        #expect(costs.allSatisfy { $0 >= 100 }, "with what the trainer spent on detail")
        #expect(costs == costs.sorted() && (costs.last ?? 0) > (costs.first ?? 0))
        #expect(router.reports.last?.observer.router?.received ?? 0 > 0)
    }

    @Test("asking costs next to nothing when nothing is due")
    func costOfAsking() {
        let listener = StatsListener(CollectionStatsStorageRouter(), frequency: 1_000_000_000)
        listener.trainingStarted(Trainer.run)
        listener.iterationDone(Trainer(listener: listener).progress(0))
        let before = threadProcessorSeconds()
        var wanted: TrainingDetail = []
        for iteration in 1...100_000 {
            wanted.formUnion(listener.wantedDetail(iteration: iteration, elapsedSeconds: 0))
        }
        #expect(wanted.isEmpty)
        // 10 µs each would be a hundred times too much.
        #expect(threadProcessorSeconds() - before < 10)
    }

    @Test("it waits five seconds for its router at the end, and no longer; a silent one fails no training")
    func waits() {
        final class Silent: StatsStorageRouter {
            let asked = Mutex<[Duration]>([])
            func put(_ records: [StatsRecord]) {}
            func flush(timeout: Duration) -> Bool {
                asked.withLock { $0.append(timeout) }
                return false
            }
            var counters: RouterCounters { RouterCounters() }
        }
        let router = Silent()
        Trainer(listener: StatsListener(router)).train(3)
        #expect(router.asked.withLock { $0 } == [.seconds(5)])
    }

    @Test("whatever a foreign trainer says, what is kept can be read")
    func hostileTrainer() throws {
        let storage = InMemoryStatsStorage()
        let listener = StatsListener(storage, frequency: 1, sessionID: "s", workerID: "w")
        listener.trainingStarted(
            TrainingRun(
                modelClass: "", configuration: [Double.nan], layers: [TrainingLayer(name: "", kind: "", shape: [-1])],
                totalUnits: -5))
        for (number, iteration) in [0, 1, Int.max, Int.min, -7, 3].enumerated() {
            var progress = TrainingProgress(
                iteration: iteration, completedUnits: iteration, totalUnits: .min, score: .nan, learningRate: .nan,
                elapsedSeconds: number == 2 ? -.infinity : .nan)
            progress.examples = iteration
            progress.unitsByThread = [iteration, .max]
            progress.layers = [
                LayerValues(name: "a", parameters: [.nan, .infinity, 1]), LayerValues(name: "a", parameters: []),
            ]
            progress.coordinates = MapCoordinates(dimensions: number - 1, values: [1, 2, 3, .nan, 5, 6, 7])
            listener.iterationDone(progress)
        }
        var last = TrainingProgress(
            iteration: 9, completedUnits: 9, totalUnits: 10, score: 1, learningRate: 1, elapsedSeconds: 9)
        last.layers = [LayerValues(name: "a", parameters: [.nan, .infinity, 1])]
        listener.trainingEnded(last)
        let source = StatsSource(session: "s", type: StatsListener.typeID, worker: "w")
        let kept = try storage.updates(source, after: -1, limit: 100)
        #expect(kept.last?.content.isLast == true)
        for record in kept { try record.validate() }
        #expect(
            storage.counters.lost > 0 && storage.counters.delivered + storage.counters.lost == storage.counters.received
        )
    }
}

extension StatsRecord.Content {
    fileprivate var isLast: Bool { if case .update(let report) = self { report.isLast } else { false } }
}
