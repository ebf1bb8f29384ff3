import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TrainingStats

@Suite("the router to another machine")
struct RemoteRouterTests {
    @Test("records arrive packed, in batches, in order, with the token")
    func batches() async throws {
        let ui = try FakeUI()
        let router = try RemoteUIStatsStorageRouter(
            ui.url, token: "a-token", configuration: quick { $0.batchLimit = 100 })
        #expect(router.name == ui.url)
        let records = Records.run(1_000)
        router.put(records)
        #expect(try await offThread { router.flush(timeout: .seconds(60)) })
        #expect(ui.posts.flatMap(\.records) == records)
        #expect(ui.posts.count <= 12 && ui.posts.allSatisfy { $0.records.count <= 100 })
        for post in ui.posts {
            #expect(post.line == "POST /api/records HTTP/1.1")
            #expect(post.fields["authorization"] == "Bearer a-token")
            #expect(post.fields["content-type"] == "application/json")
            #expect(post.fields["content-encoding"] == "gzip")
            #expect(post.body.count < (try FakeUI.unpacked(post.body)).count / 4)
        }
        let counters = router.counters
        #expect(counters.received == 1_000 && counters.delivered == 1_000)
        #expect(counters.queued == 0 && counters.spilled == 0 && counters.lost == 0 && counters.failures == 0)
        #expect(router.lastError == nil)
        try await offThread { router.close() }
        #expect(!FileManager.default.fileExists(atPath: router.spillFile))
    }

    @Test(
        "whatever is no success counts as a failure, and is tried again",
        arguments: [
            .status(500), .status(503), .status(404), .status(302, "", location: "/elsewhere"), .status(204, ""),
            .status(200, "OK"), .status(200, "{}"), .status(200, #"{"accepted":-1,"duplicates":0}"#), .status(401),
            .status(403), .drop,
        ] as [FakeUI.Reply])
    func failures(reply: FakeUI.Reply) async throws {
        let ui = try FakeUI { _, number in number < 3 ? reply : .accept }
        let router = try RemoteUIStatsStorageRouter(ui.url, token: "t", configuration: quick())
        let records = Records.run(50)
        router.put(records)
        #expect(try await offThread { router.flush(timeout: .seconds(60)) })
        #expect(try ui.accepted() == Array(2..<50))
        #expect(router.counters.failures == 3 && router.counters.delivered == 50 && router.counters.lost == 0)
        #expect(ui.posts.allSatisfy { $0.line.contains(" /api/records ") }, "no redirection is followed")
        try await offThread { router.close() }
    }

    @Test("a refusal is one line that says who said what")
    func lastError() async throws {
        let ui = try FakeUI { _, _ in .status(403, #"{"error":"the token is missing or wrong"}"#) }
        let router = try RemoteUIStatsStorageRouter(ui.url, token: "t", configuration: quick())
        router.put([Records.update(0)])
        try await eventually("it fails") { router.counters.failures > 0 }
        #expect(
            router.lastError?.description
                == ui.url + ": records not delivered: status 403: the token is missing or wrong")
        #expect(router.counters.queued == 1 && router.counters.lost == 0)
        ui.stop()
        try await offThread { router.close() }
    }

    @Test("pauses double up to a bound, and vary")
    func backOff() async throws {
        let ui = try FakeUI { _, _ in .status(500) }
        let router = try RemoteUIStatsStorageRouter(
            ui.url,
            configuration: quick {
                $0.firstPause = .milliseconds(20)
                $0.longestPause = .milliseconds(320)
            })
        router.put([Records.update(0)])
        // Doubled without a bound the sixteenth would come after ten minutes.
        try await eventually("sixteen tries") { ui.posts.count >= 16 }
        let times = ui.posts.map(\.time)
        for (number, (time, next)) in zip(times, times.dropFirst()).enumerated() {
            let pause = min(Duration.milliseconds(20) * (1 << min(number, 10)), .milliseconds(320))
            #expect(next - time >= pause * 0.45, "pause \(number)")
        }
        ui.stop()
        try await offThread { router.close() }
    }

    @Test("a batch that was taken but not acknowledged is sent again, and counts once")
    func idempotent() async throws {
        let ui = try FakeUI { _, number in number % 2 == 0 ? .acceptAndDrop : .accept }
        let router = try RemoteUIStatsStorageRouter(ui.url, configuration: quick { $0.batchLimit = 20 })
        router.put(Records.run(100))
        #expect(try await offThread { router.flush(timeout: .seconds(60)) })
        #expect(try ui.accepted() == Array(2..<100))
        #expect(ui.posts.flatMap(\.records).count > 100, "some came twice")
        #expect(router.counters.delivered == 100 && router.counters.failures >= 5)
        try await offThread { router.close() }
    }

    @Test("a record that the UI cannot take is found, lost alone, and counted", arguments: [400, 422, 413])
    func oneBadRecord(status: Int) async throws {
        let ui = try FakeUI { post, _ in
            post.records.contains { $0.sequence == 37 } ? .status(status) : .accept
        }
        let router = try RemoteUIStatsStorageRouter(ui.url, configuration: quick { $0.batchLimit = 64 })
        router.put(Records.run(200))
        #expect(try await offThread { router.flush(timeout: .seconds(60)) })
        #expect(try ui.accepted() == Array(2..<200).filter { $0 != 37 })
        #expect(router.counters.lost == 1 && router.counters.delivered == 199)
        try await offThread { router.close() }
    }

    @Test("a UI that takes small batches only gets small ones")
    func tooLarge() async throws {
        let ui = try FakeUI { post, _ in post.records.count > 10 ? .status(413) : .accept }
        let router = try RemoteUIStatsStorageRouter(ui.url, configuration: quick())
        router.put((0..<200).map { Records.small($0) })
        #expect(try await offThread { router.flush(timeout: .seconds(60)) })
        #expect(try ui.accepted() == Array(0..<200))
        #expect(router.counters.lost == 0)
        try await offThread { router.close() }
    }

    @Test("records that break the rules are lost at once and counted, not sent")
    func invalid() async throws {
        let ui = try FakeUI()
        let router = try RemoteUIStatsStorageRouter(ui.url, configuration: quick())
        router.put([Records.small(-1), Records.update(3)])
        #expect(try await offThread { router.flush(timeout: .seconds(60)) })
        #expect(router.counters.lost == 1 && router.counters.delivered == 1 && router.counters.received == 2)
        #expect(ui.posts.count == 1)
        try await offThread { router.close() }
        router.put([Records.update(4)])
        #expect(router.isClosed && router.counters.lost == 2)
    }

    @Test(
        "addresses that cannot be are refused at once",
        arguments: [
            "", "localhost:9000", "ftp://host", "http://", "http://:9000", "http://user@host", "http://host:99999",
            "http://host:0", "http://host:", "http://host?x=1", "http://host#x", "http://a b", "http://host:9x",
        ])
    func addresses(address: String) throws {
        let error = #expect(throws: StatsError.self) { try RemoteUIStatsStorageRouter(address) }
        guard case .invalidAddress = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("the port is 9000, and a path may lead to a proxy")
    func completeAddresses() throws {
        for (address, url) in [
            ("http://host", "http://host:9000/api/records"), ("http://host/", "http://host:9000/api/records"),
            ("HTTP://host:81/ui/", "http://host:81/ui/api/records"), ("https://host", "https://host/api/records"),
            ("http://[::1]:7", "http://[::1]:7/api/records"),
        ] { #expect(try RemoteAddress(address).records.absoluteString == url) }
        for token in ["", "a b", "ä", "a\nb"] {
            #expect(throws: StatsError.self) { try RemoteUIStatsStorageRouter("http://localhost", token: token) }
        }
    }
}
