import Foundation
import TestSupport
import Testing

@Suite struct DeterministicTrainTests {
    /// Each CPU level by itself: levels round differently. A machine that lacks a level takes its best one.
    @Test(arguments: ["baseline", "v3", "v4"])
    func theSameSeedGivesTheSameFileAtAnyNumberOfThreads(level: String) throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", wideText(lines: 3_000))
        func train(_ threads: Int, _ name: String, _ more: String...) throws -> Data {
            let arguments =
                [
                    "train", "corpus.txt", "--deterministic", "--dimensions", "20", "--min-count", "1", "--epochs", "2",
                    "--chunk-words", "10000", "--threads", "\(threads)", "--output", name, "--quiet",
                ] + more
            let output = try CommandRunner.start(
                arguments, in: folder.path, environment: ["W2V_CPU_LEVEL": level]
            ).1()
            #expect(output.status == 0 && output.standardError.isEmpty, "\(output.standardError)")
            return try folder.data(name)
        }
        let one = try train(1, "1.bin")
        for threads in [2, 3, 8] { #expect(try train(threads, "\(threads).bin") == one) }
        #expect(try train(2, "other.bin", "--seed", "2") != one)
    }

    @Test func objectivesThatCannotRotateSaySo() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 200))
        let output = try CommandRunner.run(
            "train", "corpus.txt", "--deterministic", "--hierarchical-softmax", "--threads", "3", in: folder.path)
        #expect(output.status == 0)
        #expect(output.lines.contains { $0.contains("this objective trains on one thread") })
    }

    @Test func chunksOfNoWordsAreRefused() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 200))
        let output = try CommandRunner.run("train", "corpus.txt", "--chunk-words", "0", in: folder.path)
        #expect(output.status == 64 && output.standardError.contains("--chunk-words: expected 1000 to"))
    }
}

/// A text of 600 words whose neighbours in number stand together, `lines` sentences long.
func wideText(lines: Int) -> String {
    var state: UInt32 = 54321
    func next(_ bound: UInt32) -> UInt32 {
        state = state &* 1_664_525 &+ 1_013_904_223
        return (state >> 8) % bound
    }
    return (0..<lines).map { _ in
        let start = next(600)
        return (0..<10).map { _ in "w\((start + next(8)) % 600)" }.joined(separator: " ")
    }.joined(separator: "\n") + "\n"
}
