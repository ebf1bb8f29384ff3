import Foundation
import TestSupport
import Testing

@Suite struct CheckpointCommandTests {
    private func train(_ more: [String], in folder: TestFolder, level: String? = nil) throws -> CommandRunner.Output {
        try start(more, in: folder, level: level).1()
    }

    private func start(
        _ more: [String], in folder: TestFolder, level: String? = nil
    ) throws -> (Process, () -> CommandRunner.Output) {
        try CommandRunner.start(
            [
                "train", "corpus.txt", "--deterministic", "--dimensions", "20", "--min-count", "1", "--threads", "2",
                "--chunk-words", "10000",
            ] + more, in: folder.path, environment: level.map { ["W2V_CPU_LEVEL": $0] } ?? [:])
    }

    /// kill -9 at 20 random moments: what is resumed each time ends as what was never stopped.
    @Test func killedTrainingsEndAsOneThatWasNeverStopped() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", wideText(lines: 6_000))
        let epochs = ["--epochs", "40"]
        let whole = try train(epochs + ["--output", "whole.w2v"], in: folder)
        #expect(whole.status == 0, "\(whole.standardError)")
        let arguments =
            epochs + [
                "--output", "resumed.w2v", "--checkpoint", "state", "--checkpoint-every", "1w", "--resume", "--quiet",
            ]
        var kills = 0
        var rounds = 0
        while kills < 20 {
            rounds += 1
            // A round ends when a training comes to its end before it is killed; then all begins anew.
            try? FileManager.default.removeItem(atPath: folder.path + "/state")
            while kills < 20 {
                let (process, finish) = try start(arguments, in: folder)
                usleep(UInt32.random(in: 10_000...400_000))
                kill(process.processIdentifier, SIGKILL)
                let output = finish()
                if output.status == 0 { break }
                #expect(output.status == SIGKILL && output.standardError.isEmpty, "\(output.standardError)")
                kills += 1
            }
            try #require(rounds < 100)
        }
        let last = try train(arguments, in: folder)
        #expect(last.status == 0 && last.standardError.isEmpty, "\(last.standardError)")
        #expect(try folder.data("resumed.w2v") == folder.data("whole.w2v"))
    }

    @Test func theCommandSaysWhatBecomesOfCheckpoints() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", wideText(lines: 3_000))
        let keeps = ["--epochs", "2", "--checkpoint", "state", "--checkpoint-every", "1w"]
        let first = try train(keeps + ["--resume"], in: folder, level: "baseline")
        #expect(first.status == 0, "\(first.standardError)")
        #expect(first.standardError.contains("there is no state/checkpoint.w2v: the training begins at the beginning"))
        #expect(try CommandRunner.run("info", "state/checkpoint.w2v", in: folder.path).status == 0)

        let again = try train(keeps, in: folder, level: "baseline")
        #expect(again.status == 0)
        #expect(
            again.standardError.contains("w2v: warning: state/checkpoint.w2v is of an earlier training and will be"))

        let other = try train(keeps + ["--resume", "--window", "3"], in: folder, level: "baseline")
        #expect(other.status == 1)
        #expect(other.lines.last == "w2v: state/checkpoint.w2v: configuration: expected window 3, found 5")

        try folder.write("corpus.txt", wideText(lines: 3_001))
        let foreign = try train(keeps + ["--resume"], in: folder, level: "baseline")
        #expect(foreign.status == 1)
        #expect(
            foreign.lines.last?.contains("state/checkpoint.w2v: corpus: expected the text of this training") == true)
    }

    #if arch(x86_64)
        @Test func checkpointsOfAnotherCPULevelAreRefused() throws {
            let folder = try TestFolder()
            try folder.write("corpus.txt", wideText(lines: 1_000))
            let keeps = ["--epochs", "1", "--checkpoint", "state"]
            #expect(try train(keeps, in: folder, level: "baseline").status == 0)
            let output = try train(keeps + ["--resume"], in: folder, level: "v3")
            // A machine without AVX2 takes the same level again.
            if output.status != 0 {
                #expect(output.status == 1)
                #expect(output.lines.last?.hasPrefix("w2v: state/checkpoint.w2v: CPU level: expected v3") == true)
            }
            #expect(try train(keeps + ["--resume"], in: folder, level: "baseline").status == 0)
        }
    #endif

    @Test func figuresAreSaidAfterEachEpoch() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", wideText(lines: 3_000))
        try folder.write("held-out.txt", wideText(lines: 100))
        try folder.write("pairs.tsv", (0..<30).map { "w\($0)\tw\($0 + $0 % 3 * 100)\t\(9 - $0 % 3)\n" }.joined())
        try folder.write(
            "analogies.txt", ": steps\n" + (0..<30).map { "w\($0) w\($0 + 1) w\($0 + 2) w\($0 + 3)\n" }.joined())
        let output = try train(
            [
                "--epochs", "3", "--validation", "held-out.txt", "--patience", "2", "--evaluate-pairs", "pairs.tsv",
                "--evaluate-analogies", "analogies.txt", "--stats", "run.stats",
            ], in: folder)
        #expect(output.status == 0, "\(output.standardError)")
        for epoch in 1...3 {
            let line = try Regex(
                "epoch \(epoch): validation loss [0-9.]+, pairs.tsv Spearman -?[0-9.]+, analogies.txt [0-9.]+ %")
            #expect(output.lines.count { $0.contains(line) } == 1, "\(output.standardError)")
        }
        #expect(
            try folder.files == [
                "analogies.txt", "corpus.txt", "held-out.txt", "pairs.tsv", "run.stats", "vectors.bin", "vectors.vocab",
            ])
    }

    @Test func divergenceWithoutAGoodStateWritesNothing() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", wideText(lines: 1_000))
        let output = try train(["--learning-rate", "1e30", "--checkpoint", "state"], in: folder)
        #expect(output.status == 1)
        #expect(output.lines.last?.contains("the vectors became NaN or infinite in epoch 1 after ") == true)
        #expect(try folder.files == ["corpus.txt", "state"])
    }

    @Test(arguments: [
        (["--resume"], "--checkpoint-every and --resume go with --checkpoint"),
        (["--checkpoint-every", "5m"], "--checkpoint-every and --resume go with --checkpoint"),
        (["--checkpoint", "state", "--checkpoint-every", "5"], "--checkpoint-every: expected 30s, 5m, 2h or 1000000w"),
        (["--patience", "2"], "--patience goes with --validation"),
        (["--validation", "corpus.txt", "--patience", "0"], "--patience: expected 1 or more epochs, found 0"),
    ]) func optionsThatDoNotFitAreRefused(options: [String], message: String) throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", wideText(lines: 100))
        let output = try train(options, in: folder)
        #expect(output.status == 64 && output.standardError.contains(message), "\(output.standardError)")
    }
}
