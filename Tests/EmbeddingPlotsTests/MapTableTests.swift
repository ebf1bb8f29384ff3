import FileAccess
import Foundation
import LinearAlgebra
import Testing

@testable import EmbeddingPlots

struct MapTableTests {
    private func read(_ text: String) throws -> MapTable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try MapTable.read(path: path)
    }

    @Test(arguments: [2, 3]) func whatIsWrittenComesBack(dimensions: Int) throws {
        let words = ["plain", "a,b", "say \"x\"", "two\nlines", " blank ", "", "日本"]
        let map = Matrix(
            rows: words.count, columns: dimensions,
            elements: (0..<words.count * dimensions).map { Float($0) * 0.37 - 1e-9 })
        let column = EmbeddingCSV.Column(name: "cluster", values: words.map { "of \($0)" })
        let bytes = try EmbeddingCSV(
            coordinates: map, labels: words, counts: Array(repeating: 1, count: words.count), columns: [column]
        ).bytes()
        let table = try read(String(decoding: bytes, as: UTF8.self))
        #expect(table.words == words && table.coordinates == map)
    }

    @Test(arguments: [
        "", "x,y\n", "word,x,y\na,1\n", "word,x,y\na,1,nan\n", "word,x,y\na,1,2\na,1,2\n", "word,x,y\n\"a,1,2\n",
        "word,x,y\n\"a\"b,1,2\n", "word,x,y\na,1,1e99\n",
    ])
    func damageIsRefused(text: String) {
        #expect(throws: MapTableError.self) { try read(text) }
    }

    @Test func aColumnNeedsAValueForEveryRow() {
        let map = Matrix(rows: 2, columns: 2)
        let column = EmbeddingCSV.Column(name: "kept", values: [Float(0.5)])
        #expect(throws: PlotError.columnCount(name: "kept", expected: 2, found: 1)) {
            try EmbeddingCSV(coordinates: map, labels: ["a", "b"], columns: [column]).bytes()
        }
        let groups = ScatterPlot.Groups(assignments: [0, 2], names: ["a", "b"])
        #expect(throws: PlotError.groups(expected: 2, names: 2)) {
            try ScatterPlot(coordinates: map, labels: ["a", "b"], groups: groups, title: "").html()
        }
    }
}
