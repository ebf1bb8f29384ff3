import EmbeddingVisualization
import Foundation
import TestSupport
import Testing

/// A UI in a process of its own, which is killed, or not there.
@Suite("UIs elsewhere, and their end")
struct UIFaultTests {
    private static let token = "a-token-that-nobody-guesses"

    private func update(_ number: Int, _ source: StatsSource) -> StatsRecord {
        var report = StatsReport(iteration: number, completedUnits: number, totalUnits: 10_000, elapsedSeconds: 0)
        report.score = Double(number)
        return StatsRecord(source: source, sequence: number, timestamp: 1, content: .update(report))
    }

    @Test("a UI that is killed twice and started again gets every record once")
    func killedUI() async throws {
        let folder = try TestFolder()
        try folder.write("token", Self.token + "\n")
        let options = ["--remote", "--remote-token-file", "token", "--stats", "received.stats", "--quiet", "--ui-port"]
        let source = StatsSource(session: "far away", type: StatsListener.typeID, worker: "w0")
        var configuration = RemoteUIStatsStorageRouter.Configuration()
        configuration.spillFile = folder.path + "/undelivered.stats"
        configuration.queueLimit = 100
        configuration.batchLimit = 50
        configuration.firstPause = .milliseconds(20)
        configuration.longestPause = .milliseconds(200)

        var serving = try ServingCommand(["ui"] + options + ["0"], in: folder)
        let port = serving.port
        let router = try RemoteUIStatsStorageRouter(
            "http://127.0.0.1:\(port)", token: Self.token, configuration: configuration)
        var sent = 0
        func send(_ count: Int) async throws {
            for _ in 0..<count {
                router.put([update(sent, source)])
                sent += 1
                if sent % 50 == 0 { try await Task.sleep(for: .milliseconds(5)) }
            }
        }
        for _ in 0..<2 {
            try await send(1_000)
            // In the midst of it.
            serving.kill()
            try await send(500)
            serving = try ServingCommand(["ui"] + options + ["\(port)"], in: folder)
        }
        try await send(500)
        #expect(try await offThread { router.flush(timeout: .seconds(90)) })
        let counters = router.counters
        #expect(counters.received == sent && counters.delivered == sent && counters.lost == 0 && counters.failures > 0)
        try await offThread { router.close() }
        serving.kill()
        let received = try FileStatsStorage(folder.path + "/received.stats", readOnly: false)
        #expect(try received.updates(source, after: -1, limit: .max).map(\.sequence) == Array(0..<sent))
        received.close()
    }

    @Test("a training is recorded in a file, shown, and told to a UI elsewhere, at once")
    func everywhere() async throws {
        let folder = try TestFolder()
        try folder.write("token", Self.token + "\n")
        try folder.write("corpus.txt", groupText(lines: 3_000))
        let serving = try ServingCommand(
            ["ui", "--remote", "--remote-token-file", "token", "--stats", "there.stats", "--ui-port", "0"], in: folder)
        defer { serving.kill() }
        let address = serving.address
        let output = try await offThread {
            try CommandRunner.run(
                "train", "corpus.txt", "--dimensions", "10", "--stats", "here.stats", "--ui", "--ui-port", "0",
                "--remote-ui", address, "--remote-ui-token-file", "token", in: folder.path)
        }
        #expect(output.status == 0, "\(output.standardError)")
        #expect(output.standardError.contains("watch it at http://localhost:"))
        #expect(!output.standardError.contains("warning"), "\(output.standardError)")
        let here = try FileStatsStorage(folder.path + "/here.stats", readOnly: true)
        let there = try FileStatsStorage(folder.path + "/there.stats", readOnly: true)
        let session = try #require(try here.listSessionIDs().first)
        let worker = try #require(try here.listWorkerIDs(session: session, type: nil).first)
        let source = StatsSource(session: session, type: StatsListener.typeID, worker: worker)
        let updates = try here.updates(source, after: -1, limit: .max)
        #expect(updates.count >= 2)
        #expect(try there.updates(source, after: -1, limit: .max) == updates)
        guard case .update(let last) = updates.last?.content else { return }
        #expect(last.isLast && last.completedUnits == last.totalUnits)
        // A training this short may end before the last report's rows are sampled.
        let layers = updates.map { if case .update(let report) = $0.content { report.layers.count } else { 0 } }
        #expect(layers.contains(2))
        #expect(try here.metadata(session: session)?.command?.hasPrefix("w2v train corpus.txt") == true)
        here.close()
        there.close()
        // A file is looked at, and may have been empty.
        try folder.write("empty.stats", "")
        let looking = try ServingCommand(["ui", "here.stats", "empty.stats", "--ui-port", "0"], in: folder)
        looking.kill()
    }

    @Test("a UI that is not there fails no training; what it missed is kept in a file that w2v ui opens")
    func absentUI() async throws {
        let folder = try TestFolder()
        try folder.write("token", Self.token + "\n")
        try folder.write("corpus.txt", groupText(lines: 300))
        let serving = try ServingCommand(
            ["ui", "--remote", "--remote-token-file", "token", "--ui-port", "0"], in: folder)
        serving.kill()
        let address = serving.address
        // The same training with nobody to tell says how fast this machine is now.
        let clock = ContinuousClock()
        let alone = try await offThread {
            try clock.measure {
                _ = try CommandRunner.run("train", "corpus.txt", "--dimensions", "10", in: folder.path)
            }
        }
        let begin = clock.now
        let output = try await offThread {
            try CommandRunner.run(
                "train", "corpus.txt", "--dimensions", "10", "--remote-ui", address,
                "--remote-ui-token-file", "token", in: folder.path)
        }
        #expect(output.status == 0, "\(output.standardError)")
        // 5 s of waiting for the UI, and 10 more where the disk is slow in taking the file.
        let taken: Duration = clock.now - begin
        let most: Duration = Duration.seconds(30) + alone * 20
        #expect(taken < most)
        let kept = try #require(output.standardError.firstMatch(of: /w2v ui (\S+)/)).1
        defer { try? FileManager.default.removeItem(atPath: String(kept)) }
        let storage = try FileStatsStorage(String(kept), readOnly: true)
        #expect(try storage.listSessionIDs().count == 1)
        storage.close()
        let looking = try ServingCommand(["ui", String(kept), "--ui-port", "0"], in: folder)
        looking.kill()
    }
}
