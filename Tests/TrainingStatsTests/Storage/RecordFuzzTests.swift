import Foundation
import TestSupport
import Testing

@testable import TrainingStats

/// Damaged files of statistics, and damaged records of other machines.
@Suite("damaged statistics and records")
struct RecordFuzzTests {
    private static let records = Records.run(5) + [Records.map(5)]

    private static func savedFile() throws -> [UInt8] {
        let folder = try TestFolder()
        let storage = try FileStatsStorage(folder["s"])
        try storage.store(records)
        storage.close()
        return try folder.bytes("s")
    }

    /// Asks a storage all that the pages ask.
    private static func ask(_ storage: any StatsStorage) throws {
        for session in try storage.listSessionIDs() {
            _ = try storage.metadata(session: session)
            for type in try storage.listTypeIDs(session: session) {
                for worker in try storage.listWorkerIDs(session: session, type: type) {
                    let source = StatsSource(session: session, type: type, worker: worker)
                    _ = try storage.staticInfo(source)
                    _ = try storage.numberOfUpdates(source)
                    _ = try storage.updates(source, after: -1, limit: 1_000)
                    _ = try storage.sampledUpdates(source, count: 10)
                    _ = try storage.series(source, after: -1, limit: 100)
                    for map in try storage.listMaps(source) { _ = try storage.map(source, sequence: map.sequence) }
                }
            }
        }
    }

    static let targets = [
        FuzzTarget(
            "stats", seeds: (try? savedFile()).map { [$0] } ?? [], isRefusal: { $0 is StatsError },
            read: { path, _ in
                let storage = try FileStatsStorage(path, readOnly: true)
                defer { storage.close() }
                try ask(storage)
            }),
        FuzzTarget(
            "records",
            seeds: ((try? StatsJSON.encode(records)).map { [$0] } ?? [])
                + records.compactMap { try? StatsJSON.encode([$0]) },
            isRefusal: { $0 is StatsError },
            read: { _, files in
                let records = try StatsJSON.decodeRecords(files.bytes("fuzz"))
                let storage = InMemoryStatsStorage()
                storage.put(records)
                try ask(storage)
                // What was taken can be told again.
                let again = try StatsJSON.decodeRecords(StatsJSON.encode(records))
                if try StatsJSON.encode(again) != StatsJSON.encode(records) {
                    Issue.record("records change on their way through JSON")
                }
            }),
    ]

    @Test("damaged", arguments: targets) func damaged(target: FuzzTarget) throws { try target.run() }
}
