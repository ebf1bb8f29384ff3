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

    static let targets = [
        FuzzTarget(
            "stats", seeds: (try? savedFile()).map { [$0] } ?? [], isRefusal: { $0 is StatsError },
            read: { path, _ in
                let storage = try FileStatsStorage(path, readOnly: true)
                defer { storage.close() }
                try askEverything(storage)
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
                try askEverything(storage)
                // What was taken can be told again.
                let again = try StatsJSON.decodeRecords(StatsJSON.encode(records))
                if try StatsJSON.encode(again) != StatsJSON.encode(records) {
                    Issue.record("records change on their way through JSON")
                }
            }),
    ]

    @Test("damaged", arguments: targets) func damaged(target: FuzzTarget) throws { try target.run() }
}
