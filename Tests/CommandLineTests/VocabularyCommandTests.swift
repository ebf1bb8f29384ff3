import Foundation
import TestSupport
import Testing

@Suite struct VocabularyCommandTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 500))
    }

    func run(_ arguments: String...) throws -> CommandRunner.Output {
        try CommandRunner.start(arguments, in: folder.path).1()
    }

    /// A saved vocabulary gives the same training.
    @Test func vocabulariesAreSavedAndRead() throws {
        let options = ["--dimensions", "6", "--threads", "1", "--quiet"]
        func train(_ arguments: String...) throws -> CommandRunner.Output {
            try CommandRunner.start(["train", "corpus.txt"] + arguments + options, in: folder.path).1()
        }
        #expect(try train("--output", "a.bin", "--save-vocabulary", "words.txt").status == 0)
        #expect(try folder.text("words.txt") == folder.text("a.vocab"))
        #expect(try train("--output", "b.bin", "--vocabulary", "words.txt").status == 0)
        #expect(try folder.data("a.bin") == folder.data("b.bin"))
        #expect(try train("--output", "c.bin", "--max-memory", "16M").status == 0)
        #expect(try folder.data("a.bin") == folder.data("c.bin"))
        try folder.write("bad.txt", "a 5\na 5\n")
        let bad = try train("--vocabulary", "bad.txt")
        #expect(bad.status == 1 && bad.standardError.contains("bad.txt: line 2: expected a new word"))
        #expect(try train("--max-memory", "1K").status == 64)
        #expect(try train("--max-memory", "lots").status == 64)
        let first = try #require(try folder.text("words.txt").split(separator: " ").first)
        try folder.write("stop.txt", "\(first)\n")
        #expect(try train("--output", "d.bin", "--stop-words", "stop.txt").status == 0)
        #expect(try folder.text("d.vocab").split(separator: "\n").count == 31)
        #expect(try !folder.text("d.vocab").hasPrefix("\(first) "))
    }

    /// A model goes on with new text: old words stay where they are told to, new ones come, counts add up.
    @Test func trainingGoesOn() throws {
        let options = ["--threads", "1", "--min-count", "1", "--quiet"]
        func train(_ arguments: String...) throws -> CommandRunner.Output {
            try CommandRunner.start(["train"] + arguments + options, in: folder.path).1()
        }
        #expect(try train("corpus.txt", "--dimensions", "6", "--output", "a.w2v").status == 0)
        let text = groupText(lines: 100)
        let word = try #require(text.split(separator: " ").first)
        try folder.write("new.txt", text.replacing("\n", with: " fresh\n"))
        let longer = try train("new.txt", "--from", "a.w2v", "--lock-old", "--output", "b.w2v")
        #expect(longer.status == 0, "\(longer)")
        #expect(try run("convert", "a.w2v", "a.txt", "-q").status == 0)
        #expect(try run("convert", "b.w2v", "b.txt", "-q").status == 0)
        let (before, after) = (try folder.text("a.txt"), try folder.text("b.txt"))
        #expect(before.hasPrefix("32 6\n") && after.hasPrefix("33 6\n"))
        let lines = Set(after.split(separator: "\n"))
        #expect(before.split(separator: "\n").dropFirst().allSatisfy { lines.contains($0) }, "old vectors stay")
        #expect(lines.contains { $0.hasPrefix("fresh ") })
        #expect(try run("info", "b.w2v").standardOutput.contains("occurrences: 6,100"))
        #expect(try run("info", "b.w2v").standardOutput.contains("trained words: 30,500"))
        // A model of another CPU level says so.
        let others = try CommandRunner.start(
            ["train", "new.txt", "--from", "a.w2v", "--output", "d.w2v", "--threads", "1"], in: folder.path,
            environment: ["W2V_CPU_LEVEL": "baseline"]
        ).1()
        let level = try run("info", "a.w2v").standardOutput.contains("CPU level: baseline")
        #expect(others.status == 0 && others.standardError.contains("was made at the CPU level") == !level)
        #expect(others.standardError.contains("32 words begin with the vectors of --from, 1 is new"))
        // Vectors without counts serve the words of the text; wrong combinations are refused.
        try folder.write("foreign.txt", "\(word) 1 2 3\nunheard 4 5 6\n")
        #expect(
            try train("new.txt", "--from", "foreign.txt", "--lock-old", "--output", "c.txt", "--format", "text").status
                == 0)
        #expect(try folder.text("c.txt").contains("\n\(word) 1.0 2.0 3.0\n"))
        #expect(try !folder.text("c.txt").contains("unheard"))
        #expect(try train("new.txt", "--lock-old").status == 64)
        let wide = try train("new.txt", "--from", "a.w2v", "--dimensions", "7")
        #expect(wide.status == 64 && wide.standardError.contains("--dimensions: expected 6"))
    }

    @Test func unsegmentedTextIsToldHowToBeCut() throws {
        try folder.write("ja.txt", String(repeating: "吾輩はここに住む猫である。どこで生れたかとんと見当がつかぬ。\n", count: 50))
        let output = try run(
            "train", "ja.txt", "--dimensions", "5", "--min-count", "1", "--sample", "0", "--tokenizer", "unicode")
        #expect(output.status == 0 && output.standardError.contains("mecab -O wakati"), "\(output)")
        let english = try run("train", "corpus.txt", "--dimensions", "5")
        #expect(english.status == 0 && !english.standardError.contains("mecab"))
    }

    @Test func phrasesAreJoined() throws {
        let text = (0..<300).map { "in new york x\($0 % 37) and new y\($0 % 41) york\n" }.joined()
        try folder.write("text.txt", text)
        let output = try run("phrases", "text.txt", "out.txt", "--threshold", "3", "--min-count", "20")
        #expect(output.status == 0 && output.standardError.contains("wrote out.txt"), "\(output)")
        let lines = try folder.text("out.txt").split(separator: "\n")
        // count(in new) = count(in) = 300 and count(new) = 600 of 2,400 words: 280 / 300 / 600 · 2400 = 3.7.
        #expect(lines.count == 300 && lines[0] == "in_new york x0 and_new y0 york", "\(lines.first ?? "")")
        #expect(try run("phrases", "text.txt", "text.txt").status == 1)
        #expect(try run("phrases", "text.txt", "out.txt", "--score", "npmi", "--threshold", "3").status == 64)
        #expect(try run("phrases", "missing.txt", "out.txt").status == 1)
    }

    /// Shells can load the scripts, and bash completes commands, options' values and file names by its.
    @Test func shellsComplete() throws {
        for shell in ["zsh", "fish"] {
            let script = try run("--generate-completion-script", shell)
            #expect(script.status == 0 && script.standardOutput.contains("phrases"))
        }
        let script = try run("--generate-completion-script", "bash")
        #expect(script.status == 0)
        try folder.write("w2v.bash", script.standardOutput)
        try folder.write("vectors.bin", "")
        try folder.write(
            "ask.bash",
            """
            source w2v.bash
            complete_words() {
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMPREPLY=()
                COMP_POINT=${#COMP_LINE}
                _w2v w2v "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                echo "${COMPREPLY[*]}"
            }
            complete_words w2v nea
            complete_words w2v train --tokenizer ''
            complete_words w2v nearest vec

            """)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["--norc", "ask.bash"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardOutput = pipe
        try process.run()
        let answer = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(answer == "nearest\nwhitespace unicode\nvectors.bin\n")
    }
}
