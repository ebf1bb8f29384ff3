import Foundation
import TestSupport
import Testing

/// `--onto`, `--initial`, `--landmarks`, `--neighbor-graph`, `--clusters` and `--csv-columns` of `w2v tsne`.
@Suite struct TsnePlacementTests {
    /// A folder with vectors of 200 words, 20 further ones, 200 of another width, and a map of the first.
    static func folder() throws -> TestFolder {
        let folder = try TestFolder()
        let lines = groupVectors(220).split(separator: "\n")
        try folder.write("old.txt", "200 8\n" + lines[1...200].joined(separator: "\n") + "\n")
        try folder.write("new.txt", "20 8\n" + lines[201...220].joined(separator: "\n") + "\n")
        try folder.write("narrow.txt", groupVectors(200, dimensions: 6))
        let output = try run(folder, "old.txt", "--csv", "map.csv", "--max-iter", "300", "--quiet")
        #expect(output.status == 0, "\(output.standardError)")
        return folder
    }

    static func run(_ folder: TestFolder, _ arguments: String...) throws -> CommandRunner.Output {
        try CommandRunner.start(["tsne"] + arguments, in: folder.path).1()
    }

    /// The words and places of a map, in the order of its rows.
    static func map(_ folder: TestFolder, _ name: String) throws -> [(word: String, x: Double, y: Double)] {
        try folder.text(name).split(separator: "\r\n").dropFirst().map { line in
            let fields = line.split(separator: ",")
            return (String(fields[0]), try #require(Double(fields[1])), try #require(Double(fields[2])))
        }
    }

    /// The middle of the words of one group: w0, w4, … are the first.
    static func middle(_ map: [(word: String, x: Double, y: Double)], group: Int) -> (x: Double, y: Double) {
        let own = map.filter { (Int($0.word.dropFirst()) ?? 0) % 4 == group }
        return (own.reduce(0) { $0 + $1.x } / Double(own.count), own.reduce(0) { $0 + $1.y } / Double(own.count))
    }

    @Test func newWordsArePlacedAmongTheirGroup() throws {
        let folder = try Self.folder()
        let output = try Self.run(
            folder, "new.txt", "--onto", "map.csv", "--reference", "old.txt", "--csv", "placed.csv", "--plot", "p.html",
            "--clusters", "4")
        #expect(output.status == 0, "\(output.standardError)")
        #expect(output.standardError.contains("placing 20 words on a map of 200 (0 of the map have no vector)"))
        #expect(output.standardError.contains("4 clusters"))
        let (old, placed) = (try Self.map(folder, "map.csv"), try Self.map(folder, "placed.csv"))
        #expect(placed.map(\.word) == (200..<220).map { "w\($0)" })
        let middles = (0..<4).map { Self.middle(old, group: $0) }
        for (word, x, y) in placed {
            let group = (Int(word.dropFirst()) ?? 0) % 4
            let nearest = (0..<4).min {
                hypot(x - middles[$0].x, y - middles[$0].y) < hypot(x - middles[$1].x, y - middles[$1].y)
            }
            #expect(nearest == group, "\(word)")
        }
        #expect(try folder.data("p.html").count > 20_000)
    }

    @Test func aMapIsGoneOnFromAndTurnedOntoTheOldOne() throws {
        let folder = try Self.folder()
        let lines =
            try folder.text("old.txt").split(separator: "\n").dropFirst(51)
            + folder.text("new.txt").split(separator: "\n").dropFirst()
        try folder.write("later.txt", "\(lines.count) 8\n" + lines.joined(separator: "\n") + "\n")
        let output = try Self.run(
            folder, "later.txt", "--initial", "map.csv", "--csv", "later.csv", "--max-iter", "50")
        #expect(output.status == 0, "\(output.standardError)")
        #expect(output.standardError.contains("150 words are on it, 20 start between their neighbours"))
        let (old, later) = (try Self.map(folder, "map.csv"), try Self.map(folder, "later.csv"))
        let width = old.map(\.x).reduce(0) { max($0, abs($1)) } + old.map(\.y).reduce(0) { max($0, abs($1)) }
        for group in 0..<4 {
            let (a, b) = (Self.middle(old, group: group), Self.middle(later, group: group))
            #expect(hypot(a.x - b.x, a.y - b.y) < 0.25 * width, "group \(group)")
        }
    }

    @Test func landmarksMapAllWords() throws {
        let folder = try Self.folder()
        let refined = try Self.run(
            folder, "old.txt", "--landmarks", "80", "--csv", "l.csv", "--csv-columns", "kept", "--max-iter", "200")
        #expect(refined.status == 0, "\(refined.standardError)")
        #expect(refined.standardError.contains("50 steps"))
        #expect(try folder.text("l.csv").hasPrefix("word,x,y,rank,kept\r\n"))
        let placed = try Self.run(
            folder, "old.txt", "--landmarks", "80", "--refine", "0", "--csv", "p.csv", "--max-iter", "200")
        #expect(placed.status == 0, "\(placed.standardError)")
        #expect(placed.standardError.contains("the divergence is that of 80 landmarks"))
        for name in ["l.csv", "p.csv"] { #expect(try Self.map(folder, name).count == 200) }
        let all = try Self.run(
            folder, "old.txt", "--landmarks", "500", "--csv", "a.csv", "--max-iter", "300", "--quiet")
        #expect(all.status == 0)
        #expect(try folder.data("a.csv") == folder.data("map.csv"), "as many landmarks as words: the whole map")
    }

    @Test func aGraphTakesThePlaceOfTheSearch() throws {
        let folder = try Self.folder()
        let graph = try CommandRunner.run(
            "neighbors", "old.txt", "--count", "90", "--graph", "graph.knn", in: folder.path)
        #expect(graph.status == 0, "\(graph.standardError)")
        // Under cosine the vectors are centred before their neighbours are sought; those of the file are as they are.
        for (name, arguments) in [("g.csv", ["--neighbor-graph", "graph.knn"]), ("s.csv", [])] {
            let output = try CommandRunner.start(
                ["tsne", "old.txt", "--no-normalize", "--csv", name, "--max-iter", "300", "--quiet"] + arguments,
                in: folder.path
            ).1()
            #expect(output.status == 0, "\(output.standardError)")
        }
        #expect(try folder.data("g.csv") == folder.data("s.csv"), "the same neighbours give the same map")
        let approximate = try Self.run(
            folder, "old.txt", "--neighbors", "approximate", "--csv", "n.csv", "--max-iter", "20")
        #expect(approximate.status == 0)
        #expect(
            approximate.standardError.contains(
                "the approximate search found 100.0 % of the neighbours, by a sample of 200 points"))
    }

    @Test func clustersAreNamedByTheirMostFrequentWords() throws {
        let folder = try Self.folder()
        for count in ["4", "auto"] {
            let output = try Self.run(
                folder, "old.txt", "--clusters", count, "--csv", "c.csv", "--plot", "c.html", "--csv-columns",
                "cluster,kept,continuity", "--max-iter", "20")
            #expect(output.status == 0, "\(output.standardError)")
            #expect(output.standardError.contains("4 clusters, silhouette 0."))
            let lines = try folder.text("c.csv").split(separator: "\r\n")
            #expect(lines[0] == "word,x,y,rank,cluster,kept,continuity")
            for word in 0..<200 {
                let group = word % 4
                #expect(lines[1 + word].contains(",\"w\(group), w\(group + 4), w\(group + 8)\","))
                let measures = lines[1 + word].split(separator: ",").suffix(2).compactMap { Double($0) }
                #expect(measures.count == 2 && measures.allSatisfy { (0...1).contains($0) })
            }
        }
    }

    @Test func aMapWithoutMeasuresSaysSo() throws {
        let folder = try TestFolder()
        try folder.write("few.txt", groupVectors(6))
        let output = try Self.run(folder, "few.txt", "--csv", "f.csv", "--csv-columns", "kept", "--max-iter", "10")
        #expect(output.status == 0 && output.standardError.contains("kept and continuity are not in f.csv"))
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Words that the file `input` consists of; `nil`: none is written.
        var input: String?
        var arguments: [String]
        var status: Int32 = 1
        var says: String
    }

    private static let onto = ["new.txt", "--onto", "map.csv", "--reference", "old.txt"]

    @Test(arguments: [
        Wrong(
            testDescription: "reference of another width",
            arguments: ["new.txt", "--onto", "map.csv", "--reference", "narrow.txt"],
            says: "narrow.txt: expected vectors of 8 dimensions, as in new.txt, found 6"),
        Wrong(
            testDescription: "reference without the map's words",
            arguments: ["new.txt", "--onto", "map.csv", "--reference", "new.txt"],
            says: "new.txt: no word of the map map.csv is in it"),
        Wrong(
            testDescription: "reference that is a table",
            arguments: ["new.txt", "--onto", "map.csv", "--reference", "map.csv"], says: "map.csv: line 1: expected"),
        Wrong(
            testDescription: "map that is none", arguments: ["new.txt", "--onto", "old.txt", "--reference", "old.txt"],
            says: "old.txt, line 1: expected a header that begins with word,x,y"),
        Wrong(
            testDescription: "map of a word twice", input: "word,x,y\r\na,1,2\r\na,2,3\r\n",
            arguments: ["new.txt", "--onto", "input", "--reference", "old.txt"], says: "input, line 3: the word a"),
        Wrong(
            testDescription: "map without a place", input: "word,x,y\r\nw1,1,nan\r\n",
            arguments: ["old.txt", "--initial", "input"], says: "input, line 2: expected a finite coordinate, found nan"
        ),
        Wrong(
            testDescription: "map that breaks off", input: "word,x,y\r\nw1,1\r\n",
            arguments: ["old.txt", "--initial", "input"], says: "input, line 2: expected 3 fields, found 2"),
        Wrong(
            testDescription: "map of other words", arguments: ["new.txt", "--initial", "map.csv"],
            says: "map.csv: none of the words to be mapped is on this map"),
        Wrong(
            testDescription: "map that is missing", arguments: ["old.txt", "--initial", "none.csv"],
            says: "none.csv: cannot open it"),
        Wrong(
            testDescription: "initial map of 2 dimensions for 3",
            arguments: ["old.txt", "--initial", "map.csv", "--dims", "3"],
            says: "map.csv: expected a map of 3 dimensions, found 2"),
        Wrong(
            testDescription: "map of 2 dimensions to place in 3", arguments: onto + ["--dims", "3"],
            says: "map.csv: expected a map of 3 dimensions, found 2"),
        Wrong(
            testDescription: "graph that is none", arguments: ["old.txt", "--neighbor-graph", "map.csv"],
            says: "map.csv: expected a neighbour graph"),
        Wrong(
            testDescription: "graph that breaks off", input: "W2VKNN1\n\u{1}\0\0\0\0\0\0\0",
            arguments: ["old.txt", "--neighbor-graph", "input"], says: "input: expected a neighbour graph"),
        Wrong(
            testDescription: "graph of other points",
            input: "W2VKNN1\n\u{2}\0\0\0\0\0\0\0\u{1}\0\0\0\0\0\0\0\u{1}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            arguments: ["old.txt", "--neighbor-graph", "input"], says: "input: expected the neighbours of 200 points"),
        Wrong(
            testDescription: "checkpoint that is none", arguments: ["old.txt", "--resume", "map.csv"],
            says: "map.csv: not a checkpoint of t-SNE"),
        Wrong(
            testDescription: "checkpoint that breaks off", input: "TSNECKP1" + String(repeating: "\0", count: 16),
            arguments: ["old.txt", "--resume", "input"], says: "input: damaged: the checksum is wrong"),
        Wrong(
            testDescription: "output that is an input", arguments: onto + ["--plot", "old.txt"],
            says: "old.txt: cannot write it: it is the input old.txt"),
        Wrong(
            testDescription: "no reference", arguments: ["new.txt", "--onto", "map.csv"], status: 64,
            says: "--reference"),
        Wrong(
            testDescription: "no map", arguments: ["new.txt", "--reference", "old.txt"], status: 64, says: "--onto"),
        Wrong(
            testDescription: "placing with checkpoints", arguments: onto + ["--checkpoint", "c"], status: 64,
            says: "--onto goes without --checkpoint"),
        Wrong(
            testDescription: "placing with snapshots", arguments: onto + ["--snapshots", "5"], status: 64,
            says: "--onto goes without --snapshots"),
        Wrong(
            testDescription: "placing with several perplexities", arguments: onto + ["--perplexity", "5,10"],
            status: 64, says: "--onto goes without several perplexities"),
        Wrong(
            testDescription: "few landmarks", arguments: ["old.txt", "--landmarks", "3"], status: 64,
            says: "--landmarks: expected 4 or more, found 3"),
        Wrong(
            testDescription: "refinement without landmarks", arguments: ["old.txt", "--refine", "5"], status: 64,
            says: "--refine needs --landmarks"),
        Wrong(
            testDescription: "measures of a map that is not refined",
            arguments: ["old.txt", "--landmarks", "50", "--refine", "0", "--csv-columns", "kept"], status: 64,
            says: "--refine 0"),
        Wrong(
            testDescription: "a column twice", arguments: ["old.txt", "--csv-columns", "kept,kept"], status: 64,
            says: "--csv-columns"),
        Wrong(
            testDescription: "an unknown column", arguments: ["old.txt", "--csv-columns", "size"], status: 64,
            says: "--csv-columns"),
        Wrong(
            testDescription: "no clusters", arguments: ["old.txt", "--clusters", "0"], status: 64, says: "--clusters"),
        Wrong(
            testDescription: "an unknown search", arguments: ["old.txt", "--neighbors", "fast"], status: 64,
            says: "--neighbors"),
    ])
    func wrongFilesAndOptionsAreNamed(wrong: Wrong) throws {
        let folder = try Self.folder()
        if let input = wrong.input { try folder.write("input", input) }
        let before = try folder.files
        let output = try CommandRunner.start(
            ["tsne", "--csv", "out.csv", "--quiet"] + wrong.arguments, in: folder.path
        ).1()
        #expect(output.status == wrong.status, "\(output.standardError)")
        #expect(output.standardError.contains(wrong.says), "\(output.standardError)")
        if wrong.status == 1 { #expect(output.lines.count == 1, "\(output.standardError)") }
        #expect(try folder.files == before, "nothing is left behind")
    }

    @Test func checkpointsOfOtherRunsAreRefused() throws {
        let folder = try Self.folder()
        let first = try Self.run(
            folder, "old.txt", "--csv", "c.csv", "--max-iter", "20", "--checkpoint", "state", "--checkpoint-every", "7")
        #expect(first.status == 0, "\(first.standardError)")
        for (arguments, says) in [
            (["new.txt"], "state: the checkpoint is of 200 points, the vectors are 20"),
            (["narrow.txt"], "state: the checkpoint was made of other vectors"),
            (["old.txt", "--theta", "0.4"], "state: the checkpoint was made with other options"),
            (["old.txt", "--max-iter", "5"], "state: the checkpoint is of step 14, and 5 steps are wanted"),
        ] {
            let before = try folder.files
            let output = try CommandRunner.start(
                ["tsne", "--resume", "state", "--csv", "out.csv", "--quiet"] + arguments, in: folder.path
            ).1()
            #expect(output.status == 1 && output.lines.count == 1, "\(output.standardError)")
            #expect(output.standardError.contains(says), "\(output.standardError)")
            #expect(try folder.files == before)
        }
    }
}
