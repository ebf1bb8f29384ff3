import EmbeddingPlots
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// The pages in headless Chromium: `Tests/Browser/plot_page.py` drives them and reports each check.
@Suite(
    "Plot in the browser", .enabled(if: Programs.hasBrowser, "needs python3, chromium and chromedriver"), .serialized)
struct PlotBrowserTests {
    /// Writes the pages that the checks open.
    private func pages() throws -> TestFolder {
        let folder = try TestFolder()
        try PlotFixtures.plot(2000).writeHTML(to: folder.path + "/flat.html")
        try PlotFixtures.groupedPlot(1700).writeHTML(to: folder.path + "/groups.html")
        try PlotFixtures.plot(1500, dimensions: 3).writeHTML(to: folder.path + "/orbit.html")
        try PlotFixtures.hostilePlot.writeHTML(to: folder.path + "/hostile.html")
        try ScatterPlot(coordinates: Matrix(rows: 0, columns: 2), labels: [], title: "Empty")
            .writeHTML(to: folder.path + "/empty.html")
        try ScatterPlot(coordinates: Matrix(rows: 1, columns: 2), labels: ["only"], counts: [3], title: "")
            .writeHTML(to: folder.path + "/single.html")
        try JSONEncoder().encode(hostileWords).write(to: URL(fileURLWithPath: folder.path + "/words.json"))
        return folder
    }

    @Test(
        "every check of the suite",
        arguments: [
            ("flat", 17), ("groups", 5), ("hostile", 5), ("orbit", 4), ("flat-without-webgl", 4),
            ("orbit-without-webgl", 1),
        ])
    func suite(name: String, checks: Int) throws {
        let folder = try pages()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Browser/plot_page.py").path
        let (status, output) = try Programs.run(try #require(Programs.python), ["-B", script, name, folder.path])
        let reports = BrowserReport.all(in: output)
        for report in reports where !report.ok {
            Issue.record("\(name), \(report.check): \(report.message)")
        }
        #expect(reports.count == checks, "\(output)")
        #expect(status == 0)
    }
}
