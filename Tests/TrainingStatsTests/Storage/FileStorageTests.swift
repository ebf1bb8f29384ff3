import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TrainingStats

@Suite("records in a file")
struct FileStorageTests {
    @Test("what was written is there when the file is opened again, to read or to go on")
    func reopened() throws {
        let folder = try TestFolder()
        let path = folder["run.stats"]
        let first = try FileStatsStorage(path)
        first.put(Records.run(300) + [Records.map(300)])
        try first.renameSession("run", to: "named")
        first.close()
        #expect(FileManager.default.fileExists(atPath: path))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files == ["run.stats"], "no log is left beside a file that was closed")

        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let reader = try FileStatsStorage(path, readOnly: true)
        #expect(reader.name == path && reader.isReadOnly)
        #expect(try reader.updates(Records.source, after: -1, limit: 1_000) == (2..<300).map { Records.update($0) })
        #expect(try reader.metadata(session: "run")?.name == "named")
        #expect(try reader.listMaps(Records.source).count == 1)
        #expect(try reader.series(Records.source, after: -1, limit: 1_024).points.count == 298)
        #expect(throws: StatsError.readOnly(file: path)) { try reader.store([Records.update(999)]) }
        #expect(throws: StatsError.readOnly(file: path)) { try reader.renameSession("run", to: "x") }
        reader.put([Records.update(999)])
        #expect(reader.counters.lost == 1)
        reader.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes, "reading changes nothing")

        let second = try FileStatsStorage(path)
        #expect(try second.store(Records.run(301)) == (accepted: 0, duplicates: 301))
        #expect(try second.store([Records.update(301)]) == (accepted: 1, duplicates: 0))
        #expect(try second.numberOfUpdates(Records.source) == 299)
        second.close()
    }

    @Test("a file that is not there, or is empty, has 0 records; asking makes none", arguments: [false, true])
    func noRecords(isEmptyFile: Bool) throws {
        let folder = try TestFolder()
        let path = folder["run.stats"]
        if isEmptyFile { try Data().write(to: URL(fileURLWithPath: path)) }
        for readOnly in [true, false] {
            let storage = try FileStatsStorage(path, readOnly: readOnly)
            #expect(try storage.listSessionIDs().isEmpty)
            #expect(try storage.latestUpdate(Records.source) == nil)
            #expect(try storage.numberOfUpdates(Records.source) == 0)
            #expect(try storage.series(Records.source, after: -1, limit: 10).points.isEmpty)
            #expect(storage.flush(timeout: .seconds(60)))
            storage.close()
        }
        #expect(FileManager.default.fileExists(atPath: path) == isEmptyFile)
        // A reader that came first sees what is written later.
        let reader = try FileStatsStorage(path, readOnly: true)
        #expect(try reader.listSessionIDs().isEmpty)
        let writer = try FileStatsStorage(path)
        try writer.store(Records.run(5))
        #expect(try reader.listSessionIDs() == ["run"])
        reader.close()
        writer.close()
    }

    @Test("another connection reads, and is told, while the file is written")
    func secondConnection() async throws {
        let folder = try TestFolder()
        let writer = try FileStatsStorage(folder["run.stats"])
        try writer.store(Records.run(3))
        let reader = try FileStatsStorage(folder["run.stats"], readOnly: true)
        let told = Mutex<[Int]>([])
        let token = reader.addListener { event in
            if event.kind == .postUpdate { told.withLock { $0.append(event.sequence) } }
        }
        for sequence in 3..<200 {
            writer.put([Records.small(sequence)])
            if sequence % 50 == 0 { #expect(try reader.numberOfUpdates(Records.source) <= sequence) }
        }
        try await eventually("the reader sees all") { try reader.numberOfUpdates(Records.source) == 198 }
        try await eventually("the reader is told of all") { told.withLock { $0.count } >= 197 }
        #expect(told.withLock { $0 } == Array(3..<200))
        reader.removeListener(token)
        // Two that write: each record once, whoever brings it.
        let other = try FileStatsStorage(folder["run.stats"])
        #expect(try other.store([Records.small(199), Records.small(200)]) == (accepted: 1, duplicates: 1))
        #expect(try writer.store([Records.small(200), Records.small(201)]) == (accepted: 1, duplicates: 1))
        #expect(try reader.latestUpdate(Records.source)?.sequence == 201)
        for storage in [other, writer, reader] { storage.close() }
    }

    @Test("kill -9 loses at most the last second, and the file is whole")
    func killed() async throws {
        var lags: [Double] = []
        // A busy machine may have kept the child from its work for a moment, but not each time.
        for _ in 0..<5 where lags.min() ?? .infinity > 1 {
            let folder = try TestFolder()
            let path = folder["run.stats"]
            let child = try Child("write", path)
            let source = StatsSource(session: "child", type: StatsListener.typeID, worker: "w0")
            let reader = try FileStatsStorage(path, readOnly: true)
            try await eventually("another process reads what is written") {
                try reader.numberOfUpdates(source) >= 50
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...700)))
            let time = Date().timeIntervalSince1970
            child.kill()
            reader.close()
            var last = -1
            while let line = child.line() { last = Int(line) ?? last }
            let storage = try FileStatsStorage(path)
            let times = try storage.updateTimes(source)
            #expect(times.map(\.sequence) == Array(0..<times.count), "no gap")
            #expect(times.count <= last + 2)
            lags.append(time - Double(try #require(times.last).timestamp) / 1_000)
            // It goes on where it ended.
            #expect(try storage.store([Records.update(0)]).accepted == 1)
            storage.close()
        }
        #expect(lags.min() ?? .infinity <= 1, "\(lags)")
    }

    @Test("a full disk: records wait, within bounds; once there is room they are written, each once")
    func fullDisk() async throws {
        let folder = try TestFolder()
        let path = folder["run.stats"]
        let child = try Child("full", path, "150000", "20000")
        let (before, error) = try await offThread { (try child.counters(), child.line() ?? "") }
        #expect(before.received == 20_000 && before.failures > 0)
        #expect(before.lost > 0, "more came than may wait")
        #expect(before.queued <= 8_192 && before.delivered + before.queued + before.lost == before.received)
        #expect(error.hasPrefix(path + ": cannot ") && !error.contains("\n"), "\(error)")
        try child.goOn()
        let (after, later) = try await offThread { (try child.counters(), child.line() ?? "") }
        #expect(after.queued == 0 && after.delivered + after.lost == 20_000 && later == "no error", "\(later)")
        #expect(await (try? offThread { child.wait() }) == 0)
        let storage = try FileStatsStorage(path, readOnly: true)
        let source = try #require(
            try storage.latestUpdate(
                StatsSource(session: "child", type: StatsListener.typeID, worker: "w0")))
        #expect(source.sequence == 19_999, "the newest is not what is lost")
        #expect(try storage.numberOfUpdates(source.source) == after.delivered)
        storage.close()
    }

    @Test("records that break the rules do not spoil the file")
    func invalidRecords() throws {
        let folder = try TestFolder()
        let storage = try FileStatsStorage(folder["run.stats"])
        var wrong = Records.report(5)
        wrong.layers[1].name = wrong.layers[0].name
        storage.put([Records.update(4), Records.record(5, .update(wrong)), Records.small(-6), Records.update(7)])
        #expect(storage.flush(timeout: .seconds(60)))
        #expect(storage.counters.lost == 2 && storage.counters.delivered == 2)
        #expect(try storage.updates(Records.source, after: -1, limit: 10).map(\.sequence) == [4, 7])
        let error = #expect(throws: StatsError.self) {
            try storage.store([Records.update(8), Records.record(9, .update(wrong))])
        }
        #expect(error?.description.hasPrefix("record 1, content.update.layers[1].name: ") == true)
        #expect(try storage.numberOfUpdates(Records.source) == 2)
        storage.close()
    }

    @Test("of many maps some stay, and the file does not grow with the others")
    func maps() throws {
        let folder = try TestFolder()
        let storage = try FileStatsStorage(folder["run.stats"])
        try storage.store((0..<300).map { Records.map($0, points: 100) })
        let maps = try storage.listMaps(Records.source)
        #expect(maps.count == 64 && maps.first?.sequence == 0 && maps.last?.sequence == 299)
        #expect(try storage.store([Records.map(1)]).duplicates == 1)
        storage.close()
    }
}
