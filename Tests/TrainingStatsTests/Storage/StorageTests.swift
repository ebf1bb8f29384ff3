import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TrainingStats

/// What both storages must do alike.
@Suite("storages")
struct StorageTests {
    enum Kind: CaseIterable, Sendable { case memory, file }

    /// A storage, and the folder that its file needs.
    private func make(_ kind: Kind) throws -> (storage: any StatsStorage, folder: TestFolder) {
        let folder = try TestFolder()
        return (kind == .memory ? InMemoryStatsStorage() : try FileStatsStorage(folder["run.stats"]), folder)
    }

    @Test("everything that was put can be asked for", arguments: Kind.allCases)
    func queries(kind: Kind) throws {
        let (storage, folder) = try make(kind)
        defer { withExtendedLifetime(folder) {} }
        let second = Records.source(worker: "w1")
        let other = Records.source("other", type: "Custom", worker: "x")
        storage.put(Records.run(10))
        storage.put(Records.run(5, second))
        storage.put([Records.map(10), Records.map(11), Records.info(0, other)])
        #expect(storage.flush(timeout: .seconds(60)))

        #expect(try storage.listSessionIDs() == ["run", "other"])
        #expect(try storage.sessionExists("run") && !storage.sessionExists("none"))
        #expect(try storage.listTypeIDs(session: "run") == ["StatsListener"])
        #expect(try storage.listTypeIDs(session: "none") == [])
        #expect(try storage.listWorkerIDs(session: "run", type: nil) == ["w0", "w1"])
        #expect(try storage.listWorkerIDs(session: "run", type: "Custom") == [])
        #expect(try storage.listWorkerIDs(session: "other", type: "Custom") == ["x"])
        #expect(try storage.metadata(session: "run")?.command == "w2v train")
        #expect(try storage.metadata(session: "other") == nil)
        #expect(try storage.staticInfo(Records.source)?.model == Records.model)
        #expect(try storage.allStaticInfos(session: "run", type: "StatsListener").count == 2)
        #expect(try storage.numberOfUpdates(Records.source) == 8)
        #expect(try storage.numberOfUpdates(session: "run") == 8 + 3)
        #expect(try storage.numberOfUpdates(session: "other") == 0)
        #expect(try storage.latestUpdate(Records.source) == Records.update(9))
        #expect(try storage.latestUpdate(other) == nil)
        #expect(
            try storage.latestUpdateOfAllWorkers(session: "run", type: "StatsListener")
                == [Records.update(9), Records.update(4, second)])
        #expect(try storage.update(Records.source, sequence: 5) == Records.update(5))
        #expect(try storage.update(Records.source, sequence: 1) == nil, "metadata is no update")
        #expect(try storage.updates(Records.source, after: 4, limit: 3).map(\.sequence) == [5, 6, 7])
        #expect(try storage.updates(Records.source, after: 9, limit: 3).isEmpty)
        #expect(try storage.updates(Records.source, after: -1, limit: 0).isEmpty)
        #expect(try storage.updateTimes(Records.source).map(\.sequence) == Array(2..<10))
        #expect(try storage.updateTimes(Records.source).first?.timestamp == Records.update(2).timestamp)
        #expect(try storage.sampledUpdates(Records.source, count: 3).map(\.sequence) == [2, 6, 9])
        #expect(try storage.sampledUpdates(Records.source, count: 99).count == 8)
        #expect(try storage.listMaps(Records.source).map(\.sequence) == [10, 11])
        #expect(try storage.listMaps(Records.source).map(\.iteration) == [10, 11])
        #expect(try storage.map(Records.source, sequence: 10)?.count == 3)
        #expect(try storage.map(Records.source, sequence: 2) == nil)
        let series = try storage.series(Records.source, after: -1, limit: 1_024)
        #expect(series.points.map(\.lastSequence) == Array(2..<10))
        let column = try #require(series.names.firstIndex(of: "score"))
        #expect(series.points.map { $0.cells[column].mean } == (2..<10).map(Records.score))
        #expect(try storage.series(Records.source, after: 7, limit: 1_024).points.map(\.lastSequence) == [8, 9])
        let counters = storage.counters
        #expect(counters.received == 18 && counters.delivered == 18 && counters.lost == 0 && counters.queued == 0)
    }

    @Test("the sequence number is the key: a record that comes again, or late, is kept once", arguments: Kind.allCases)
    func idempotent(kind: Kind) throws {
        let (storage, folder) = try make(kind)
        defer { withExtendedLifetime(folder) {} }
        let all = Records.run(40)
        // All carry one time stamp: milliseconds are no key.
        let sameTime = all.map { record in
            var record = record
            record.timestamp = 5
            return record
        }
        for record in sameTime.reversed() {
            #expect(try storage.store([record]) == (accepted: 1, duplicates: 0))
        }
        #expect(try storage.store(sameTime) == (accepted: 0, duplicates: 40))
        // Another content under a known number is not taken.
        #expect(try storage.store([Records.update(7, score: 99)]) == (accepted: 0, duplicates: 1))
        #expect(try storage.numberOfUpdates(Records.source) == 38)
        #expect(try storage.updates(Records.source, after: -1, limit: 100) == Array(sameTime.dropFirst(2)))
        let points = try storage.series(Records.source, after: -1, limit: 1_024).points
        #expect(points.map(\.lastSequence) == Array(2..<40))
        #expect(storage.counters.delivered == storage.counters.received)
    }

    @Test("later information takes the place of earlier; what comes late does not", arguments: Kind.allCases)
    func replaced(kind: Kind) throws {
        let (storage, folder) = try make(kind)
        defer { withExtendedLifetime(folder) {} }
        try storage.store([Records.info(5, threads: 5), Records.metadata(6, command: "new")])
        try storage.store([Records.info(2, threads: 2), Records.metadata(3, command: "old")])
        #expect(try storage.staticInfo(Records.source)?.model?.threads == 5)
        #expect(try storage.metadata(session: "run")?.command == "new")
        try storage.store([Records.info(7, threads: 7), Records.metadata(8, command: "newest")])
        #expect(try storage.staticInfo(Records.source)?.model?.threads == 7)
        #expect(try storage.metadata(session: "run")?.command == "newest")
    }

    @Test("the six kinds of events are told, in the order of the records", arguments: Kind.allCases)
    func events(kind: Kind) async throws {
        let (storage, folder) = try make(kind)
        defer { withExtendedLifetime(folder) {} }
        storage.put([Records.info(0, Records.source("before"))])
        #expect(storage.flush(timeout: .seconds(60)))
        let told = Mutex<[StatsStorageEvent]>([])
        let token = storage.addListener { event in told.withLock { $0.append(event) } }
        let other = Records.source(type: "Custom", worker: "w1")
        storage.put([Records.info(0), Records.metadata(1), Records.update(2), Records.map(3)])
        storage.put([Records.update(0, other), Records.update(4), Records.update(4)])
        #expect(storage.flush(timeout: .seconds(60)))
        try await eventually("eleven events") { told.withLock { $0.count } >= 11 }
        #expect(
            told.withLock { $0.map(\.kind) } == [
                .newSessionID, .newTypeID, .newWorkerID, .postStaticInfo, .postMetaData, .postUpdate, .postUpdate,
                .newTypeID, .newWorkerID, .postUpdate, .postUpdate,
            ])
        #expect(Set(told.withLock { $0.map(\.kind) }) == Set(StatsStorageEvent.Kind.allCases))
        let last = try #require(told.withLock { $0 }.last)
        #expect(last.sequence == 4 && last.timestamp == Records.update(4).timestamp && last.source == Records.source)
        storage.removeListener(token)
        let count = told.withLock { $0.count }
        #expect(count == 11)
        storage.put([Records.update(9)])
        #expect(storage.flush(timeout: .seconds(60)))
        #expect(told.withLock { $0.count } == count)
    }

    @Test("sessions are named by people, and removed for good", arguments: Kind.allCases)
    func sessions(kind: Kind) throws {
        let (storage, folder) = try make(kind)
        defer { withExtendedLifetime(folder) {} }
        storage.put(Records.run(5) + Records.run(5, Records.source("other")))
        try storage.renameSession("run", to: "  a name  ")
        #expect(try storage.metadata(session: "run") == SessionMetadata(name: "a name", command: "w2v train"))
        storage.put([Records.metadata(9, command: "later")])
        #expect(storage.flush(timeout: .seconds(60)))
        #expect(try storage.metadata(session: "run") == SessionMetadata(name: "a name", command: "later"))
        for name in ["", "  ", "a\nb", String(repeating: "x", count: 257)] {
            #expect(throws: StatsError.self) { try storage.renameSession("run", to: name) }
        }
        #expect(throws: StatsError.noSuchSession("none")) { try storage.renameSession("none", to: "x") }
        #expect(throws: StatsError.noSuchSession("none")) { try storage.removeSession("none") }
        try storage.removeSession("run")
        #expect(try storage.listSessionIDs() == ["other"])
        #expect(try storage.numberOfUpdates(Records.source) == 0)
        #expect(try storage.series(Records.source, after: -1, limit: 10).points.isEmpty)
        #expect(try storage.metadata(session: "run") == nil)
        // What still comes of it is let go, and nobody waits for it in vain.
        #expect(try storage.store([Records.update(20)]) == (accepted: 0, duplicates: 1))
        #expect(try storage.listSessionIDs() == ["other"])
        #expect(throws: StatsError.noSuchSession("run")) { try storage.removeSession("run") }
    }

    @Test("a closed storage loses what comes, counts it, and says so when asked", arguments: Kind.allCases)
    func closed(kind: Kind) throws {
        let (storage, folder) = try make(kind)
        defer { withExtendedLifetime(folder) {} }
        storage.put(Records.run(5))
        storage.close()
        storage.close()
        #expect(storage.isClosed)
        storage.put(Records.run(7))
        #expect(storage.counters.received == 12 && storage.counters.delivered == 5 && storage.counters.lost == 7)
        #expect(throws: StatsError.closed(storage: storage.name)) { try storage.listSessionIDs() }
        #expect(throws: StatsError.closed(storage: storage.name)) { try storage.store([Records.update(8)]) }
        #expect(throws: StatsError.closed(storage: storage.name)) { try storage.removeSession("run") }
    }

    @Test("records of several threads at once all arrive", arguments: Kind.allCases)
    func threads(kind: Kind) async throws {
        let (storage, folder) = try make(kind)
        defer { withExtendedLifetime(folder) {} }
        let told = Mutex(0)
        let token = storage.addListener { _ in told.withLock { $0 += 1 } }
        try await withThrowingTaskGroup { group in
            for worker in 0..<4 {
                group.addTask {
                    try await offThread {
                        let source = Records.source(worker: "w\(worker)")
                        for sequence in 0..<200 { storage.put([Records.small(sequence, source)]) }
                    }
                }
                group.addTask {
                    try await offThread {
                        for _ in 0..<50 {
                            for worker in try storage.listWorkerIDs(session: "run", type: nil) {
                                let source = Records.source(worker: worker)
                                let count = try storage.numberOfUpdates(source)
                                #expect(try storage.series(source, after: -1, limit: 64).points.count <= 64)
                                #expect(try storage.numberOfUpdates(source) >= count)
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(storage.flush(timeout: .seconds(60)))
        for worker in 0..<4 {
            #expect(try storage.numberOfUpdates(Records.source(worker: "w\(worker)")) == 200)
        }
        // One session and one type; four workers.
        try await eventually("all events") { told.withLock { $0 } >= 806 }
        #expect(told.withLock { $0 } == 806)
        storage.removeListener(token)
    }
}
