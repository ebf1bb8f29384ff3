import Foundation
import TestSupport
import Testing

@Suite struct FormatCommandTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try folder.write("v.txt", "5 2\nman 1 0\nwoman 1 1\n\"a,b\" 0.5 0.1\n=1+1 -1 0\nnil 0 0\n")
    }

    func run(_ arguments: String...) throws -> CommandRunner.Output {
        try CommandRunner.start(arguments, in: folder.path).1()
    }

    @Test(arguments: ["x.bin", "x.vec", "x.glove", "x.npy", "x.bin.gz", "x.txt.gz", "x.glove.gz", "x.npy.gz", "x.w2v"])
    func convertsThereAndBack(name: String) throws {
        let there = try run("convert", "v.txt", name)
        #expect(there.status == 0, "\(there.standardError)")
        let isMatrix = name.hasPrefix("x.npy")
        #expect(try folder.files == (isMatrix ? ["v.txt", name, "x.vocab"] : ["v.txt", name]))
        let packed = try folder.data(name).starts(with: [0x1F, 0x8B])
        #expect(packed == name.hasSuffix(".gz"))
        let back = try run("convert", name, "back.bin", "--quiet")
        #expect(back.status == 0 && back.standardError.isEmpty)
        #expect(try run("convert", "v.txt", "direct.bin").status == 0)
        #expect(try folder.data("back.bin") == folder.data("direct.bin"))
    }

    @Test func conversionKeepsCounts() throws {
        try folder.write("v.vocab", "man 9\nwoman 8\n\"a,b\" 7\n=1+1 6\nnil 5\n")
        let output = try run("convert", "v.txt", "x.npy", "--json")
        #expect(output.standardOutput == #"{"words": 5, "dimensions": 2, "written": ["x.npy", "x.vocab"]}"# + "\n")
        #expect(try folder.text("x.vocab") == folder.text("v.vocab"))
    }

    @Test func conversionRefusesWhatItCannotHold() throws {
        try folder.write("blank.txt", "New York 1.5 2.5\nParis 1 2\n".replacing("New", with: "Old\u{A0}New"))
        let output = try run("convert", "blank.txt", "x.bin")
        #expect(output.status == 1 && output.lines.count == 1)
        #expect(try folder.files == ["blank.txt", "v.txt"])
        #expect(try run("convert", "v.txt", "x.dat").status == 64)
        #expect(try run("convert", "v.txt", "v.txt").status == 1)
        #expect(try run("convert", "v.txt", "x.dat", "--format", "glove", "-q").status == 0)
        #expect(try folder.text("x.dat").hasPrefix("man 1.0 0.0\n"))
    }

    @Test func infoTellsWhatThereIs() throws {
        let output = try run("info", "v.txt")
        #expect(output.status == 0)
        #expect(
            output.standardOutput == """
                file: v.txt
                format: word2vec text
                words: 5
                dimensions: 2
                first words: man woman "a,b" =1+1 nil
                occurrences: not known
                lengths: 0.0000 to 1.4142, mean 0.7848
                zero vectors: 1

                """)
        let json = try run("info", "v.txt", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any]
        #expect(object?["words"] as? Int == 5 && object?["gzip"] as? Bool == false)
        try folder.write("model.kv", [0x80, 4, 0x95, 1, 2, 3])
        let pickle = try run("info", "model.kv")
        #expect(pickle.status == 1 && pickle.lines.count == 1 && pickle.standardError.contains("save_word2vec_format"))
    }

    /// What can be told without reading the file is told so; --check reads it and finds damage.
    @Test(arguments: ["x.w2v", "x.npy", "x.bin"]) func infoReadsOnlyWhatItIsToldTo(name: String) throws {
        #expect(try run("convert", "v.txt", name).status == 0)
        if name == "x.bin" { #expect(try run("index", name).status == 0) }
        let quick = try run("info", name)
        #expect(quick.status == 0 && quick.standardOutput.contains("words: 5\ndimensions: 2\nfirst words: man woman"))
        #expect(quick.standardOutput.contains("lengths: not read (--check)"))
        #expect(quick.standardOutput.contains("CPU level: ") == (name == "x.w2v"))
        let checked = try run("info", name, "--check")
        #expect(checked.standardOutput.contains("lengths: 0.0000 to 1.4142, mean 0.7848\nzero vectors: 1"))
        // The last vector is zero; its first number becomes infinite, or the checksum wrong. The vectors of a model of 40
        // bytes are followed by zeros up to a multiple of 64.
        var bytes = try folder.data(name)
        let place = bytes.count - (name == "x.w2v" ? 64 - 32 : 8)
        bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0x80, 0x7F])
        try folder.write(name, bytes)
        let damaged = try run("info", name, "--check")
        #expect(damaged.status == 1 && damaged.lines.count == 1, "\(damaged)")
    }

    @Test func blanksInWordsAreReplacedOnDemand() throws {
        try folder.write("blank.txt", "New_York 2 3\nNew York 1 2\nNew  York 3 4\n. . . 5 6\n")
        #expect(try run("convert", "blank.txt", "x.bin").standardError.contains("--blanks"))
        let output = try run("convert", "blank.txt", "x.txt", "--blanks", "_")
        #expect(output.status == 0 && output.standardError.contains("2 words with white space became one"))
        #expect(
            try folder.text("x.txt") == "4 2\nNew_York 2.0 3.0\nNew_York 1.0 2.0\nNew_York 3.0 4.0\n._._. 5.0 6.0\n")
        #expect(try run("convert", "blank.txt", "x.bin", "--blanks", " ").status == 64)
        // A model holds them as they are.
        #expect(try run("convert", "blank.txt", "x.w2v").status == 0)
        #expect(try run("nearest", "x.w2v", "New York", "--count", "1").standardOutput.hasPrefix("New_York\t"))
    }

    @Test func neighborsOfEveryWord() throws {
        let output = try run("neighbors", "v.txt", "--count", "2", "--output", "all.csv")
        #expect(output.status == 0, "\(output.standardError)")
        let lines = try folder.text("all.csv").components(separatedBy: "\r\n")
        #expect(lines.count == 12 && lines[0] == "word,rank,neighbor,similarity" && lines[11].isEmpty)
        #expect(lines[1].hasPrefix("man,1,\"\"\"a,b\"\"\",0.98"))
        #expect(lines[2].hasPrefix("man,2,woman,0.70"))
        let json = try run("neighbors", "v.txt", "--count", "1", "--json")
        let first = try #require(json.standardOutput.split(separator: "\n").first)
        #expect(first.hasPrefix(#"{"word": "man", "nearest": [{"word": "\"a,b\"", "similarity": 0.98"#))
        #expect(try run("neighbors", "v.txt", "--output", "v.txt").status == 1)
        #expect(try run("neighbors", "v.txt", "--count", "0").status == 64)
    }

    @Test func evaluation() throws {
        try folder.write("pairs.tsv", "man\twoman\t5\nman\t=1+1\t1\nwoman\tnil\t2\nman\tunheard\t3\nheading\n")
        try folder.write("questions.txt", ": one\nman woman man woman\nman woman man unheard\n")
        let output = try run("evaluate", "v.txt", "--pairs", "pairs.tsv", "--analogies", "questions.txt")
        #expect(output.status == 0)
        #expect(output.standardError.contains("left out 1 line"))
        #expect(output.standardOutput.contains("pairs.tsv: Spearman 1.0000, Pearson 0."))
        #expect(output.standardOutput.contains("3 pairs, 1 with unknown words"))
        #expect(output.standardOutput.contains("questions.txt: 0.00 %, 0 of 1 analogies right, 1 with unknown words"))
        let json = try run(
            "evaluate", "v.txt", "--pairs", "pairs.tsv", "--analogies", "questions.txt", "--json", "--quiet")
        #expect(json.standardError.isEmpty)
        let object = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any]
        let pairs = try #require((object?["pairs"] as? [[String: Any]])?.first)
        #expect(pairs["spearman"] as? Double == 1 && pairs["unknown"] as? Int == 1)
        #expect(try run("evaluate", "v.txt").status == 64)
        #expect(try run("evaluate", "v.txt", "--pairs", "missing").status == 1)
    }
}
