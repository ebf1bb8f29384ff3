import Foundation
import GRDB
import TestSupport
import Testing

@testable import TrainingStats

@Suite("files that are damaged, or of somebody else")
struct FileDamageTests {
    /// The bytes of a good file.
    private static func good(_ folder: TestFolder) throws -> Data {
        let storage = try FileStatsStorage(folder["good.stats"])
        try storage.store(Records.run(60) + [Records.map(60)])
        storage.close()
        return try folder.data("good.stats")
    }

    /// Opens a file and asks it everything; the first error.
    private func look(_ path: String, readOnly: Bool = true) -> (any Error)? {
        do {
            let storage = try FileStatsStorage(path, readOnly: readOnly)
            defer { storage.close() }
            try askEverything(storage)
            if !readOnly { try storage.store([Records.update(1_000)]) }
            return nil
        } catch {
            return error
        }
    }

    private func expectOneLine(_ error: (any Error)?, _ path: String, _ comment: String) {
        guard let error = error as? StatsError else {
            Issue.record("\(comment): \(String(describing: error))")
            return
        }
        let line = error.description
        #expect(
            line.hasPrefix(path + ": ") && !line.contains("\n") && line.utf8.count < 2 * path.utf8.count + 400,
            "\(line)")
    }

    @Test("a file that was cut off gives one clear error")
    func truncated() throws {
        let folder = try TestFolder()
        let good = try Self.good(folder)
        let path = folder["cut.stats"]
        let pages = good.count / 4_096
        #expect(pages > 8)
        let cuts = [
            1, 15, 16, 50, 99, 100, 511, 4_095, 4_096, 4_097, good.count / 2, (pages / 2) * 4_096, good.count - 4_096,
        ]
        for cut in cuts {
            try good.prefix(cut).write(to: URL(fileURLWithPath: path))
            expectOneLine(look(path), path, "cut to \(cut) of \(good.count)")
            expectOneLine(look(path, readOnly: false), path, "cut to \(cut) of \(good.count), to write")
        }
    }

    @Test("bytes changed anywhere end no program, and errors are one line")
    func changedBytes() throws {
        let folder = try TestFolder()
        let good = try Self.good(folder)
        let path = folder["changed.stats"]
        var random = SystemRandomNumberGenerator()
        var seeds: [Int] = []
        for _ in 0..<150 {
            var changed = good
            seeds = (0..<Int.random(in: 1...40)).map { _ in Int.random(in: 0..<good.count, using: &random) }
            for place in seeds { changed[place] = UInt8.random(in: 0...255, using: &random) }
            try changed.write(to: URL(fileURLWithPath: path))
            if let error = look(path, readOnly: Bool.random()) {
                expectOneLine(error, path, "changed at \(seeds)")
            }
        }
    }

    @Test("SQLite files with other contents in our tables are refused, or read as far as they are ours")
    func hostileTables() throws {
        let folder = try TestFolder()
        let statements = [
            "UPDATE session SET session = x'00ff'", "UPDATE session SET session = 7", "UPDATE session SET name = x'00'",
            "UPDATE source SET worker = NULL", "UPDATE source SET type = 1.5", "UPDATE record SET sequence = 'x'",
            "UPDATE record SET sequence = -5 WHERE id = 3", "UPDATE record SET kind = 99 WHERE id = 3",
            "UPDATE record SET kind = 'x' WHERE id = 3", "UPDATE record SET timestamp = 1e300",
            "UPDATE record SET iteration = 'many'", "UPDATE record SET layout = 77", "UPDATE record SET scalars = 'x'",
            "UPDATE record SET scalars = NULL", "UPDATE record SET scalars = x'0102030405'",
            "UPDATE layout SET names = '{'", "UPDATE layout SET names = NULL", "UPDATE detail SET content = x''",
            "UPDATE detail SET content = 'text'", "UPDATE detail SET content = x'1f8b0800'",
            "UPDATE detail SET content = zeroblob(100000)", "DELETE FROM detail", "DELETE FROM source",
            "DROP TABLE detail", "DROP TABLE layout",
        ]
        for statement in statements {
            let path = folder["hostile.stats"]
            try? FileManager.default.removeItem(atPath: path)
            let storage = try FileStatsStorage(path)
            try storage.store(Records.run(6) + [Records.map(6)])
            // Where a column is NOT NULL this is refused, and the file stays good.
            try? storage.file.write { db in try db.execute(sql: statement) }
            storage.close()
            for readOnly in [true, false] {
                if let error = look(path, readOnly: readOnly) { expectOneLine(error, path, statement) }
            }
        }
    }

    @Test("files of other kinds are refused by what they are")
    func foreign() throws {
        let folder = try TestFolder()
        let good = try Self.good(folder)
        let path = folder["foreign"]
        func refusal(_ data: Data) throws -> String {
            try data.write(to: URL(fileURLWithPath: path))
            var lines: Set<String> = []
            for readOnly in [true, false] {
                do {
                    _ = try FileStatsStorage(path, readOnly: readOnly)
                } catch {
                    lines.insert("\(error)")
                }
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == data, "it is left as it was")
            #expect(lines.count == 1)
            return lines.first ?? ""
        }
        let notOurs = path + ": not a file of training statistics: "
        #expect(try refusal(Data("the quick brown fox\n".utf8)) == notOurs + "it is no SQLite database")
        #expect(
            try refusal(Data(String(repeating: "text ", count: 5_000).utf8)) == notOurs + "it is no SQLite database")
        #expect(try refusal(Data(repeating: 0, count: 10_000)).hasPrefix(notOurs))
        // The identifier of the application, and the version of its format, in SQLite's header.
        var other = good
        other.replaceSubrange(68..<72, with: [0, 0, 0, 0])
        #expect(try refusal(other) == notOurs + "it is an SQLite database of another program")
        var newer = good
        newer.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        #expect(
            try refusal(newer)
                == path + ": a later version wrote this file: its format is 99, known are up to 1")

        #expect(throws: StatsError.notStatsFile(file: folder.path, reason: "it is a directory")) {
            try FileStatsStorage(folder.path)
        }
        #expect(throws: StatsError.notStatsFile(file: "/dev/null", reason: "it is no regular file")) {
            try FileStatsStorage("/dev/null")
        }
        #expect(throws: StatsError.self) { try FileStatsStorage(folder["none/run.stats"]) }
        #expect(throws: StatsError.self) { try FileStatsStorage("") }
        #expect(throws: StatsError.self) { try FileStatsStorage("a\0b") }
        // Not the place for undelivered records of a router.
        var configuration = RemoteUIStatsStorageRouter.Configuration()
        configuration.spillFile = folder["good.stats"]
        let error = #expect(throws: StatsError.self) {
            try RemoteUIStatsStorageRouter("http://localhost:1", configuration: configuration)
        }
        #expect(error?.description.hasSuffix("it is the stats file of a run") == true)
    }
}
