import Foundation
import Testing

@Suite struct VocabularyCommandTests {
    let folder: WorkingFolder

    init() throws {
        folder = try WorkingFolder()
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

    @Test func unsegmentedTextIsToldHowToBeCut() throws {
        try folder.write("ja.txt", String(repeating: "吾輩はここに住む猫である。どこで生れたかとんと見当がつかぬ。\n", count: 50))
        let output = try run("train", "ja.txt", "--dimensions", "5", "--min-count", "1", "--tokenizer", "unicode")
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
        // count(in new) = count(in) = 300 and count(new) = 600 of 2,100 words: 280 / 300 / 600 · 2100 = 3.3.
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
