import Foundation
import TestSupport
import Testing

/// Vectors in word2vec's text format: `count` words in four groups, `dimensions` components.
func groupVectors(_ count: Int, dimensions: Int = 8) -> String {
    var text = "\(count) \(dimensions)\n"
    for word in 0..<count {
        let values = (0..<dimensions).map { column in
            let noise = Double((word * 7919 + column * 104_729) % 1000) / 5000
            return column == word % 4 ? 1 + noise : noise
        }
        text += "w\(word) " + values.map { "\($0)" }.joined(separator: " ") + "\n"
    }
    return text
}

/// A `.npy` file of 32-bit floats.
func numpyArray(_ rows: Int, _ columns: Int) -> Data {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    header += String(repeating: " ", count: 118 - header.utf8.count - 1) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8))
    for index in 0..<rows * columns {
        withUnsafeBytes(
            of: Float(index % columns == index / columns % 4 ? 10 : (index * 31) % 7).bitPattern.littleEndian
        ) {
            data.append(contentsOf: $0)
        }
    }
    return data
}

@Suite struct TsneCommandTests {
    @Test(arguments: [2, 3]) func mapsGoToCSVAndHTML(dimensions: Int) throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(60))
        let output = try CommandRunner.run(
            "tsne", "vectors.txt", "--plot", "map.html", "--csv", "map.csv", "--dims", "\(dimensions)", "--max-iter",
            "100", in: folder.path)
        #expect(output.status == 0, "\(output.standardError)")
        #expect(try folder.files == ["map.csv", "map.html", "vectors.txt"])
        let lines = try folder.text("map.csv").components(separatedBy: "\r\n")
        #expect(lines.count == 62 && lines[0] == (dimensions == 2 ? "word,x,y,rank" : "word,x,y,z,rank"))
        #expect(lines[1].hasPrefix("w0,"))
        #expect(
            try folder.text("map.html").contains("<!DOCTYPE html>")
                || folder.text("map.html").contains("<!doctype html>"))
        #expect(output.standardError.contains("KL divergence"))
        #expect(output.standardError.contains("of the true 10 nearest neighbours kept"))
    }

    @Test func theSameSeedGivesTheSameMapAtAnyNumberOfThreads() throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(300))
        for (name, threads, seed) in [("a", "1", "5"), ("b", "2", "5"), ("c", "2", "6")] {
            let output = try CommandRunner.run(
                "tsne", "vectors.txt", "--csv", "\(name).csv", "--plot", "\(name).html", "--threads", threads, "--seed",
                seed, "--init", "random", "--max-iter", "150", "--quiet", in: folder.path)
            #expect(output.status == 0 && output.standardError.isEmpty, "\(output.standardError)")
        }
        #expect(try folder.data("a.csv") == folder.data("b.csv"))
        #expect(try folder.data("a.html") == folder.data("b.html"))
        #expect(try folder.data("a.csv") != folder.data("c.csv"))
    }

    @Test func trainingThenMappingCarriesTheCounts() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 300))
        #expect(try CommandRunner.run("train", "corpus.txt", "--quiet", in: folder.path).status == 0)
        let output = try CommandRunner.run(
            "tsne", "vectors.bin", "--csv", "map.csv", "--max-iter", "50", "--words", "20", in: folder.path)
        #expect(output.status == 0, "\(output.standardError)")
        let lines = try folder.text("map.csv").split(separator: "\r\n")
        #expect(lines.count == 21 && lines[0] == "word,x,y,rank,count")
        let first = lines[1].split(separator: ",")
        let vocabulary = try folder.text("vectors.vocab").split(separator: "\n")[0].split(separator: " ")
        #expect(first[0] == vocabulary[0] && first[4] == vocabulary[1] && first[3] == "1")
        #expect(output.standardError.contains("20 of 32 words"))
    }

    @Test func numpyRowsTakeLabels() throws {
        let folder = try TestFolder()
        try folder.write("data.npy", numpyArray(20, 6))
        try folder.write("labels.txt", (0..<20).map { "label \($0)" }.joined(separator: "\n") + "\n")
        var output = try CommandRunner.run("tsne", "data.npy", "--csv", "a.csv", "--max-iter", "20", in: folder.path)
        #expect(output.status == 0, "\(output.standardError)")
        #expect(try folder.text("a.csv").split(separator: "\r\n")[1].hasPrefix("0,"))
        output = try CommandRunner.run(
            "tsne", "data.npy", "--csv", "b.csv", "--max-iter", "20", "--labels", "labels.txt", in: folder.path)
        #expect(output.status == 0, "\(output.standardError)")
        #expect(try folder.text("b.csv").split(separator: "\r\n")[20].hasPrefix("label 19,"))
        try folder.write("labels.txt", "one\ntwo\n")
        output = try CommandRunner.run("tsne", "data.npy", "--csv", "c.csv", "--labels", "labels.txt", in: folder.path)
        #expect(output.status == 1 && output.lines.count == 1 && output.standardError.contains("labels.txt"))
    }

    struct BadInput: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]?
        var arguments: [String] = []
        var says: String
    }

    @Test(arguments: [
        BadInput(testDescription: "missing", bytes: nil, says: "vectors.bin: cannot"),
        BadInput(testDescription: "empty", bytes: [], says: "vectors.bin"),
        BadInput(testDescription: "white space", bytes: Array(" \n \n".utf8), says: "vectors.bin"),
        BadInput(testDescription: "lying header", bytes: Array("1000000000000 300\na ".utf8), says: "vectors.bin"),
        BadInput(testDescription: "truncated", bytes: Array("3 4\nword ".utf8) + [0, 0, 0], says: "vectors.bin"),
        BadInput(testDescription: "missing column", bytes: Array("a 1 2 3\nb 1 2\n".utf8), says: "line 2"),
        BadInput(testDescription: "NaN", bytes: Array("a 1 2 3\nb 1 nan 3\n".utf8), says: "line 2"),
        BadInput(testDescription: "infinite", bytes: Array("a 1 2 3\nb 1 inf 3\n".utf8), says: "line 2"),
        BadInput(testDescription: "NUL", bytes: Array("a 1 2 3\nb\0 1 2 3\n".utf8), says: "vectors.bin"),
        BadInput(testDescription: "UTF-16", bytes: [0xFF, 0xFE, 0x61, 0, 0x20, 0], says: "UTF-16"),
        BadInput(
            testDescription: "invalid UTF-8", bytes: Array("2 2\n".utf8) + [0xFF] + Array(" 1 2\nb 1 2\n".utf8),
            says: "UTF-8"),
        BadInput(
            testDescription: "unwritable", bytes: Array(groupVectors(10).utf8), arguments: ["--plot", "none/map.html"],
            says: "none/map.html: cannot"),
    ]) func badInputIsOneLineAndNothingElse(bad: BadInput) throws {
        let folder = try TestFolder()
        if let bytes = bad.bytes { try folder.write("vectors.bin", bytes) }
        let before = try folder.files
        let output = try CommandRunner.start(
            ["tsne", "vectors.bin", "--csv", "map.csv", "--quiet"] + bad.arguments, in: folder.path
        ).1()
        #expect(output.status == 1)
        #expect(output.lines.count == 1 && output.standardError.contains(bad.says), "\(output.standardError)")
        #expect(try folder.files == before, "nothing is left behind")
    }

    @Test(arguments: [1, 2, 3, 4, 11]) func fewWordsGiveAMap(count: Int) throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(count))
        let output = try CommandRunner.run(
            "tsne", "vectors.txt", "--csv", "map.csv", "--plot", "map.html", "--max-iter", "30", in: folder.path)
        #expect(output.status == 0, "\(output.standardError)")
        #expect(try folder.text("map.csv").split(separator: "\r\n").count == count + 1)
        #expect(output.standardError.contains("w2v: warning: "), "a lowered perplexity or a fixed layout is told")
        #expect(output.standardError.contains("KL divergence") == (count > 3), "\(output.standardError)")
        #expect(!output.standardError.contains("NaN"))
    }

    @Test func identicalVectorsZeroVectorsAndRepeatedWordsAreMapped() throws {
        let folder = try TestFolder()
        var text = ""
        for word in 0..<40 { text += "same \(word % 3 == 0 ? "0 0 0" : "1 2 3")\n" }
        try folder.write("vectors.txt", text)
        let output = try CommandRunner.run(
            "tsne", "vectors.txt", "--csv", "map.csv", "--max-iter", "60", in: folder.path)
        #expect(output.status == 0, "\(output.standardError)")
        let lines = try folder.text("map.csv").split(separator: "\r\n").dropFirst()
        #expect(lines.count == 40)
        for line in lines {
            let fields = line.split(separator: ",")
            #expect(Double(fields[1])?.isFinite == true && Double(fields[2])?.isFinite == true)
        }
    }

    @Test func interruptionWritesTheMapSoFar() throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(300))
        let (process, finish) = try CommandRunner.start(
            ["tsne", "vectors.txt", "--csv", "map.csv", "--max-iter", "10000000"], in: folder.path)
        Thread.sleep(forTimeInterval: 1.5)
        process.interrupt()
        let output = finish()
        #expect(output.status == 130)
        #expect(output.standardError.contains("stopped early after"))
        #expect(try folder.text("map.csv").split(separator: "\r\n").count == 301)
    }

    @Test func anOutputIsAskedFor() throws {
        let folder = try TestFolder()
        let output = try CommandRunner.run("tsne", "vectors.bin", in: folder.path)
        #expect(output.status == 64 && output.standardError.contains("--plot"))
        for (option, value) in [("--perplexity", "0"), ("--dims", "4"), ("--theta", "nan"), ("--max-iter", "-1")] {
            let output = try CommandRunner.run(
                "tsne", "vectors.bin", "--csv", "map.csv", "\(option)=\(value)", in: folder.path)
            #expect(output.status == 64 && output.standardError.contains(option), "\(output.standardError)")
        }
        let same = try CommandRunner.run(
            "tsne", "vectors.bin", "--csv", "map", "--plot", "map", in: folder.path)
        #expect(same.status == 1 && same.standardError.contains("named for two outputs"))
    }

    @Test func spreadsheetFormulasAreNeutralizedOnDemand() throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", "=1+1 1 2\n\"a 2 1\n")
        #expect(try CommandRunner.run("tsne", "vectors.txt", "--csv", "a.csv", in: folder.path).status == 0)
        #expect(try folder.text("a.csv").contains("\r\n=1+1,"))
        #expect(try folder.text("a.csv").contains("\r\n\"\"\"a\","))
        let output = try CommandRunner.run(
            "tsne", "vectors.txt", "--csv", "b.csv", "--csv-neutralize-formulas", in: folder.path)
        #expect(output.status == 0)
        #expect(try folder.text("b.csv").contains("\r\n'=1+1,"))
    }

    @Test func helpNamesEveryOptionWithItsDefault() throws {
        let folder = try TestFolder()
        let help = try CommandRunner.run("tsne", "--help", in: folder.path).standardOutput
        for option in [
            "--plot", "--csv", "--labels", "--dims", "--words", "--perplexity", "--theta", "--max-iter", "--stop-lying",
            "--learning-rate", "--momentum", "--final-momentum", "--switch-momentum", "--adagrad", "--normalize",
            "--pca",
            "--metric", "--init", "--seed", "--threads", "--quiet",
        ] {
            #expect(help.contains(option))
        }
        #expect(help.components(separatedBy: "default").count > 17)
    }

    /// The executable carries its pages with it.
    @Test func theExecutableWorksAfterBeingMoved() throws {
        let folder = try TestFolder()
        let moved = URL(fileURLWithPath: folder.path + "/elsewhere")
        try FileManager.default.copyItem(at: CommandRunner.executable, to: moved)
        try folder.write("vectors.txt", groupVectors(20))
        let process = Process()
        process.executableURL = moved
        process.arguments = ["tsne", "vectors.txt", "--plot", "map.html", "--max-iter", "20", "--quiet"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try folder.data("map.html").count > 20_000)
    }
}
