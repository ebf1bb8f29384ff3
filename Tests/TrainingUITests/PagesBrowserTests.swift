import Foundation
import TestSupport
import Testing
import Training
import TrainingStats

@testable import TrainingUI

/// The pages in headless Chromium: `Tests/Browser/training_ui.py` drives them and reports each check.
@Suite(
    "Pages in the browser", .enabled(if: Programs.hasBrowser, "needs python3, chromium and chromedriver"), .serialized)
struct PagesBrowserTests {
    @Test(
        "every check of the suite", .timeLimit(.minutes(10)),
        arguments: [("pages", 8), ("use", 13), ("changes", 4), ("live", 4)])
    func suite(name: String, checks: Int) async throws {
        try await withServer(WatchedRuns.broken + WatchedRuns.spare) { server, storage, _ async throws in
            let cancellation = Cancellation()
            if name != "live" { try await offThread { try WatchedRuns.train(into: storage) } }
            if name == "use" { WatchedRuns.fillLong(storage) }
            let live = Task { if name == "live" { try await WatchedRuns.trainOn(into: storage, cancellation) } }
            let script = WatchedRuns.repository.appendingPathComponent("Tests/Browser/training_ui.py").path
            let python = try #require(Programs.python)
            let address = server.address
            let run = await Task { try await offThread { try Programs.run(python, ["-B", script, name, address]) } }
                .result
            cancellation.cancel()
            try await live.value
            let (status, output) = try run.get()
            let reports = BrowserReport.all(in: output)
            for report in reports where !report.ok {
                Issue.record("\(name), \(report.check): \(report.message)")
            }
            #expect(reports.count == checks, "\(output)")
            #expect(status == 0)
        }
    }
}
