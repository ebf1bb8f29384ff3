import FileAccess
import LinearAlgebra
import Testing

@testable import EmbeddingPlots

@Suite("Plot data")
struct PlotContainerTests {
    /// Reads the layout of docs/file-formats.md again, independently of the writer.
    private struct Reader {
        let header: String
        let body: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) throws {
            #expect(Array(bytes[..<8]) == Array("W2VPLOT\n".utf8))
            #expect(Reader.number(bytes[8..<12]) == 1)
            let start = 16 + Reader.number(bytes[12..<16])
            header = String(decoding: bytes[16..<start], as: UTF8.self)
            body = bytes[start...]
        }

        static func number(_ bytes: ArraySlice<UInt8>) -> Int {
            bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }

        func section(_ name: String) throws -> [UInt8] {
            let entry = try #require(
                header.firstMatch(
                    of: try Regex(
                        "\"name\": \"\(name)\", \"encoding\": \"[a-z0-9-]+\", \"offset\": ([0-9]+), \"length\": ([0-9]+)"
                    )))
            let offset = try #require(entry.output[1].substring.flatMap { Int($0) })
            let length = try #require(entry.output[2].substring.flatMap { Int($0) })
            return Array(body.dropFirst(offset).prefix(length))
        }

        func number(after key: String) throws -> Double {
            let match = try #require(header.firstMatch(of: try Regex("\"\(key)\": ([-0-9.e]+)")))
            return try #require(match.output[1].substring.flatMap { Double($0) })
        }
    }

    private func container(_ plot: ScatterPlot) throws -> PlotContainer {
        let points = try PlotPoints(coordinates: plot.coordinates, labels: plot.labels, counts: plot.counts)
        return PlotContainer(points: points, title: plot.title, summary: plot.summary)
    }

    @Test("coordinates come back within half a step", arguments: [2, 3])
    func coordinates(dimensions: Int) throws {
        let plot = PlotFixtures.plot(500, dimensions: dimensions)
        let reader = try Reader(container(plot).bytes)
        let step = try reader.number(after: "step")
        let minima = try #require(reader.header.firstMatch(of: /"minimum": \[([^\]]+)\]/)).output.1
            .split(separator: ", ").compactMap { Double($0) }
        #expect(minima.count == dimensions)
        for axis in 0..<dimensions {
            let planes = try reader.section(["x", "y", "z"][axis])
            #expect(planes.count == 1000)
            for row in 0..<500 {
                let quantum = Double(planes[row]) * 256 + Double(planes[500 + row])
                let found = minima[axis] + step * quantum
                #expect(abs(found - Double(plot.coordinates[row, axis])) <= 0.501 * step)
            }
        }
    }

    @Test("labels come back whatever they hold")
    func labels() throws {
        let text = String(
            decoding: try Reader(container(PlotFixtures.hostilePlot).bytes).section("labels"), as: UTF8.self)
        // Split by scalars: CR LF is one character to Swift.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let words = lines.map { line in
            var word = String.UnicodeScalarView()
            var escaped = false
            for scalar in line {
                if escaped {
                    word.append(scalar == "n" ? "\n" : scalar)
                    escaped = false
                } else if scalar == "\\" {
                    escaped = true
                } else {
                    word.append(scalar)
                }
            }
            return Array(String(word).utf8)
        }
        #expect(words == hostileWords.map { Array($0.utf8) })
    }

    @Test("rows are stored by count, equal ones in their order")
    func order() throws {
        let plot = ScatterPlot(
            coordinates: PlotFixtures.coordinates(5), labels: ["a", "b", "c", "d", "e"], counts: [3, 9, 3, 0, 70_000],
            title: "")
        let reader = try Reader(container(plot).bytes)
        #expect(try reader.section("labels") == Array("e\nb\na\nc\nd\n".utf8))
        // 70000, -69991, -6, -0, -3 as LEB128.
        #expect(try reader.section("counts") == [0xf0, 0xa2, 0x04, 0xe7, 0xa2, 0x04, 6, 0, 3])
    }

    @Test("no points, one point and points on one place", arguments: [0, 1, 3])
    func degenerate(count: Int) throws {
        let plot = ScatterPlot(
            coordinates: Matrix(rows: count, columns: 2), labels: (0..<count).map { "\($0)" }, title: "t")
        let reader = try Reader(container(plot).bytes)
        #expect(try reader.number(after: "step") == 0)
        #expect(try reader.section("x") == [UInt8](repeating: 0, count: 2 * count))
        #expect(try plot.html().isEmpty == false)
    }

    @Test("the widest floats keep within the grid")
    func extremes() throws {
        let largest = Float.greatestFiniteMagnitude
        let plot = ScatterPlot(
            coordinates: Matrix(rows: 2, columns: 2, elements: [-largest, 0, largest, 1]), labels: ["a", "b"], title: ""
        )
        let reader = try Reader(container(plot).bytes)
        #expect(try reader.section("x") == [0, 255, 0, 255])
        #expect(try reader.section("y") == [0, 0, 0, 0])
    }

    @Test(
        "what does not fit is refused with the place",
        arguments: [
            ([Float](repeating: 0, count: 4), 1, ["a", "b"], nil, PlotError.dimensions(found: 4)),
            ([0, 1, 2, 3], 2, ["a"], nil, .labelCount(expected: 2, found: 1)),
            ([0, 1, 2, 3], 2, ["a", "b"], [1], .countCount(expected: 2, found: 1)),
            ([0, 1, 2, .infinity], 2, ["a", "b"], nil, .notFinite(row: 1, column: 1, label: "b", value: .infinity)),
            ([0, 1, 2, 3], 2, ["a", "b"], [1, -2], .negativeCount(row: 1, label: "b", value: -2)),
        ] as [([Float], Int, [String], [Int]?, PlotError)])
    func refusals(elements: [Float], rows: Int, labels: [String], counts: [Int]?, expected: PlotError) {
        let coordinates = Matrix(rows: rows, columns: elements.count / rows, elements: elements)
        #expect(throws: expected) {
            try ScatterPlot(coordinates: coordinates, labels: labels, counts: counts, title: "").html()
        }
        #expect(throws: expected) {
            try EmbeddingCSV(coordinates: coordinates, labels: labels, counts: counts).bytes()
        }
    }

    @Test("an error names the row and shows no control characters")
    func message() {
        let error = PlotError.notFinite(row: 7, column: 0, label: "\u{1b}[31m" + hostileWords[33], value: -.infinity)
        #expect(error.description.contains("row 7"))
        #expect(error.description.contains("-inf"))
        #expect(!error.description.contains("\u{1b}"))
        #expect(error.description.count < 200)
    }
}
