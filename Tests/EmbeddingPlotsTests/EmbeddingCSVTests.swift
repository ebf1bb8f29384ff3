import EmbeddingPlots
import FileAccess
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("CSV of a map")
struct EmbeddingCSVTests {
    @Test("header, rank and count", arguments: [2, 3])
    func header(dimensions: Int) throws {
        let coordinates = Matrix(
            rows: 2, columns: dimensions, elements: (0..<(2 * dimensions)).map { Float($0) + 0.5 })
        let plain = try EmbeddingCSV(coordinates: coordinates, labels: ["a", "b"]).bytes()
        let counted = try EmbeddingCSV(coordinates: coordinates, labels: ["a", "b"], counts: [2, 7]).bytes()
        if dimensions == 2 {
            #expect(String(decoding: plain, as: UTF8.self) == "word,x,y,rank\r\na,0.5,1.5,1\r\nb,2.5,3.5,2\r\n")
            #expect(
                String(decoding: counted, as: UTF8.self)
                    == "word,x,y,rank,count\r\na,0.5,1.5,2,2\r\nb,2.5,3.5,1,7\r\n")
        } else {
            #expect(
                String(decoding: counted, as: UTF8.self)
                    == "word,x,y,z,rank,count\r\na,0.5,1.5,2.5,2,2\r\nb,3.5,4.5,5.5,1,7\r\n")
        }
    }

    @Test(
        "formulas are neutralised only when asked for",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("＝1", "'＝1"), ("\tx", "'\tx"),
            ("a=1", "a=1"),
            ("", "\"\""),
        ])
    func formulas(word: String, expected: String) throws {
        let coordinates = Matrix(rows: 1, columns: 2)
        let plain = try EmbeddingCSV(coordinates: coordinates, labels: [word]).bytes()
        let safe = try EmbeddingCSV(coordinates: coordinates, labels: [word], neutralizeFormulas: true).bytes()
        #expect(String(decoding: safe, as: UTF8.self) == "word,x,y,rank\r\n\(expected),0.0,0.0,1\r\n")
        let kept = word.isEmpty ? "\"\"" : word
        #expect(String(decoding: plain, as: UTF8.self) == "word,x,y,rank\r\n\(kept),0.0,0.0,1\r\n")
    }

    /// Python's csv module refuses NUL before 3.11; that one word is left out here.
    @Test("Python's csv module reads every word and number back", .enabled(if: Programs.python != nil, "needs python3"))
    func readByPython() throws {
        let words = hostileWords.filter { !$0.unicodeScalars.contains("\u{0}") }
        let coordinates = PlotFixtures.coordinates(words.count, dimensions: 3)
        let folder = try TestFolder()
        let path = folder.path + "/map.csv"
        let counts = PlotFixtures.counts(words.count)
        try EmbeddingCSV(coordinates: coordinates, labels: words, counts: counts).write(to: path)
        let program = """
            import csv, struct, sys
            csv.field_size_limit(10**7)
            rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")))
            for row in rows:
                bits = [struct.unpack("<I", struct.pack("<f", float(row[axis])))[0] for axis in "xyz"]
                print(row["word"].encode("utf-8").hex() or "-", *bits, row["rank"], row["count"])
            """
        let (status, output) = try Programs.run(try #require(Programs.python), ["-c", program, path])
        #expect(status == 0)
        let expected = words.indices.map { row in
            let hex = words[row].utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let bits = coordinates.row(row).map { String($0.bitPattern) }.joined(separator: " ")
            return "\(hex.isEmpty ? "-" : hex) \(bits) \(row + 1) \(counts[row])"
        }
        #expect(output.split(separator: "\n").map(String.init) == expected)
    }
}
