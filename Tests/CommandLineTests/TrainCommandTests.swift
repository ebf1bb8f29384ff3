import Foundation
import TestSupport
import Testing

@Suite struct TrainCommandTests {
    @Test func trainingWritesVectorsAndVocabulary() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 500))
        let output = try CommandRunner.run("train", "corpus.txt", "--dimensions", "10", in: folder.path)
        #expect(output.status == 0, "\(output.standardError)")
        #expect(try folder.files == ["corpus.txt", "vectors.bin", "vectors.vocab"])
        let vectors = try folder.data("vectors.bin")
        #expect(vectors.starts(with: Data("32 10\n".utf8)))
        let vocabulary = try folder.text("vectors.vocab").split(separator: "\n").map { $0.split(separator: " ") }
        let counts = vocabulary.compactMap { Int($0[1]) }
        #expect(vocabulary.count == 32 && counts.reduce(0, +) == 5000 && counts == counts.sorted(by: >))
        #expect(vectors.dropFirst(6).starts(with: Data("\(vocabulary[0][0]) ".utf8)), "the most frequent word is first")
        let last = try #require(output.lines.last)
        #expect(last.contains(try Regex("trained 25,000 words in [0-9.]+ s")))
    }

    @Test func textFormatHasOneLineAWord() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 200))
        let output = try CommandRunner.run(
            "train", "corpus.txt", "--dimensions", "7", "--format", "text", "--quiet", in: folder.path)
        #expect(output.status == 0 && output.standardError.isEmpty && output.standardOutput.isEmpty)
        let lines = try folder.text("vectors.txt").split(separator: "\n")
        #expect(lines.count == 33 && lines[0] == "32 7")
        #expect(lines.dropFirst().allSatisfy { $0.split(separator: " ").count == 8 })
    }

    /// A model is one file, and every command that reads vectors reads it.
    @Test func modelsHoldAll() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 500))
        for name in ["m.w2v", "m.bin"] {
            let output = try CommandRunner.run(
                "train", "corpus.txt", "--dimensions", "10", "--threads", "1", "--output", name, in: folder.path)
            #expect(output.status == 0, "\(output.standardError)")
        }
        #expect(try folder.files == ["corpus.txt", "m.bin", "m.vocab", "m.w2v"])
        let word = try #require(try folder.text("m.vocab").split(separator: " ").first)
        try folder.write(
            "pairs.tsv",
            try folder.text("m.vocab").split(separator: "\n").reduce(into: "") {
                $0 += "\(word)\t\($1.prefix { $0 != " " })\t\($0.count % 7)\n"
            })
        for command in [
            ["nearest", "FILE", String(word)], ["analogy", "FILE", String(word), "-", String(word), "+", String(word)],
            ["evaluate", "FILE", "--pairs", "pairs.tsv"], ["neighbors", "FILE", "--count", "2", "--json"],
            ["tsne", "FILE", "--csv", "/dev/stdout", "--max-iter", "20", "--quiet"],
        ] {
            let answers = try ["m.w2v", "m.bin"].map { name in
                try CommandRunner.start(command.map { $0 == "FILE" ? name : $0 }, in: folder.path).1()
            }
            #expect(answers.allSatisfy { $0.status == 0 && !$0.standardOutput.isEmpty }, "\(answers)")
            #expect(answers[0].standardOutput == answers[1].standardOutput)
        }
        #expect(try CommandRunner.run("convert", "m.w2v", "back.bin", in: folder.path).status == 0)
        #expect(try folder.data("back.bin") == folder.data("m.bin"))
        #expect(try folder.text("back.vocab") == folder.text("m.vocab"))
        let info = try CommandRunner.run("info", "m.w2v", in: folder.path).standardOutput
        #expect(info.contains("format: w2v model") && info.contains("occurrences: 5,000"))
    }

    /// A file, standard input and gzip give the same vectors on one thread.
    @Test func everyWayInGivesTheSameVectors() throws {
        let folder = try TestFolder()
        let text = groupText(lines: 300)
        try folder.write("corpus.txt", text)
        let options = ["--dimensions", "8", "--threads", "1", "--quiet"]
        for (arguments, input) in [
            (["train", "corpus.txt", "--output", "a.bin"], nil),
            (["train", "-", "--output", "b.bin"], Data(text.utf8)),
        ] as [([String], Data?)] {
            let output = try CommandRunner.start(arguments + options, in: folder.path, input: input).1()
            #expect(output.status == 0, "\(output.standardError)")
        }
        #expect(try folder.data("a.vocab") == folder.data("b.vocab"))
        #expect(try folder.data("a.bin") == folder.data("b.bin"))
    }

    struct BadInput: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]?
        var arguments: [String] = []
        var says: String
    }

    @Test(arguments: [
        BadInput(testDescription: "missing file", bytes: nil, says: "corpus.txt: cannot open it: No such file"),
        BadInput(testDescription: "empty", bytes: [], says: "corpus.txt: expected words, found none"),
        BadInput(testDescription: "white space", bytes: Array(" \n\n\u{3000}".utf8), says: "found none"),
        BadInput(testDescription: "one word", bytes: Array("a a a a a a".utf8), says: "at least two different words"),
        BadInput(testDescription: "NUL", bytes: Array("a b\0c".utf8), says: "corpus.txt: byte 3: expected UTF-8 text"),
        BadInput(testDescription: "UTF-16", bytes: [0xFF, 0xFE, 0x61, 0], says: "corpus.txt: byte 0: expected UTF-8"),
        BadInput(testDescription: "emptied by min-count", bytes: Array("a b c d".utf8), says: "occurs 5 times"),
        BadInput(
            testDescription: "unwritable", bytes: Array(groupText(lines: 50).utf8),
            arguments: ["--output", "none/vectors.bin"], says: "none/vectors.bin: cannot"),
        BadInput(
            testDescription: "output is the input", bytes: Array(groupText(lines: 50).utf8),
            arguments: ["--output", "corpus.txt", "--format", "text"], says: "it is the input corpus.txt"),
        BadInput(
            testDescription: "one word a line", bytes: Array(String(repeating: "a\nb\n", count: 50).utf8),
            arguments: ["--quiet"],
            says: "no line has two words"),
    ]) func badInputIsOneLineAndNothingElse(bad: BadInput) throws {
        let folder = try TestFolder()
        if let bytes = bad.bytes { try folder.write("corpus.txt", bytes) }
        let before = try folder.files
        let output = try CommandRunner.start(["train", "corpus.txt"] + bad.arguments, in: folder.path).1()
        #expect(output.status == 1)
        #expect(output.lines.count == 1 && output.standardError.contains(bad.says), "\(output.standardError)")
        #expect(try folder.files == before, "nothing is left behind")
    }

    @Test func wrongUsageExitsWith64() throws {
        let folder = try TestFolder()
        #expect(try CommandRunner.run("train", in: folder.path).status == 64)
        #expect(try CommandRunner.run("train", "x", "--dimensions", "many", in: folder.path).status == 64)
        #expect(try CommandRunner.run("nothing", in: folder.path).status == 64)
        let output = try CommandRunner.run("train", "x", "--min-count", "0", in: folder.path)
        #expect(output.status == 64 && output.standardError.contains("--min-count: expected 1 or more, found 0"))
    }

    @Test func invalidUTF8IsReported() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", Array(groupText(lines: 100).utf8) + [0xFF, 0x20, 0xC3])
        let output = try CommandRunner.run("train", "corpus.txt", "--quiet", in: folder.path)
        #expect(output.status == 0)
        #expect(output.standardError.contains("2 invalid UTF-8 sequences became U+FFFD"))
    }

    /// Ctrl-C writes the vectors so far, completely, says so, and exits with 130.
    @Test func interruptionWritesTheVectorsSoFar() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 20_000))
        let (process, finish) = try CommandRunner.start(
            ["train", "corpus.txt", "--epochs", "100000", "--dimensions", "10"], in: folder.path)
        Thread.sleep(forTimeInterval: 1.5)
        process.interrupt()
        let output = finish()
        #expect(output.status == 130)
        #expect(output.standardError.contains("stopped early; wrote vectors.bin and vectors.vocab"))
        // "32 10\n", then 32 records of a word of four letters, a blank, 40 bytes and perhaps a line feed.
        let size = try folder.data("vectors.bin").count
        #expect(size == 6 + 32 * 45 || size == 6 + 32 * 46)
    }

    /// Every option has a line in the help, with its default.
    @Test func helpNamesEveryOptionWithItsDefault() throws {
        let folder = try TestFolder()
        let help = try CommandRunner.run("train", "--help", in: folder.path).standardOutput
        for option in [
            "--output", "--dimensions", "--window", "--negative", "--ns-exponent", "--cbow", "--whole-window",
            "--hierarchical-softmax", "--min-count",
            "--max-vocabulary", "--sample", "--epochs", "--learning-rate", "--min-learning-rate", "--threads", "--seed",
            "--lowercase", "--format",
        ] {
            #expect(help.contains(option))
        }
        #expect(help.components(separatedBy: "default").count > 15)
    }
}
