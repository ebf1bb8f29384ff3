import Foundation
import TestSupport
import Testing

/// `--stats`, `--ui`, `--remote-ui` and `w2v ui`, as a user calls them.
@Suite struct WatchCommandTests {
    @Test func recordsOfTrainingsAreServedLater() async throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 500))
        for name in ["a.bin", "b.bin"] {
            let output = try CommandRunner.run(
                "train", "corpus.txt", "--dimensions", "10", "--output", name, "--stats", "run.stats", in: folder.path)
            #expect(output.status == 0, "\(output.standardError)")
        }
        let map = try CommandRunner.run(
            "tsne", "a.bin", "--perplexity", "5", "--max-iter", "60", "--csv", "map.csv", "--stats", "map.stats",
            in: folder.path)
        #expect(map.status == 0, "\(map.standardError)")

        let server = try ServingCommand(["ui", "run.stats", "map.stats", "--ui-port", "0"], in: folder)
        defer { server.stop() }
        let runs = try await server.runs()
        #expect(runs.map(\.modelClass).sorted() == ["BarnesHutTsne", "Word2Vec", "Word2Vec"])
        #expect(runs.allSatisfy { $0.state == "finished" && $0.updates >= 1 })
        #expect(runs.contains { $0.command?.hasPrefix("w2v train corpus.txt --dimensions 10 --output a.bin") == true })
        let output = server.stop()
        #expect(output.status == 0)
        #expect(output.lines[0].hasSuffix("records in 2 sessions"))
        #expect(output.lines[1].hasPrefix("map.stats: ") && output.lines[1].hasSuffix(" in 1 session"))
    }

    @Test func aTrainingServesItselfAndStays() async throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 500))
        let server = try ServingCommand(
            [
                "train", "corpus.txt", "--dimensions", "10", "--ui", "--ui-port", "0", "--ui-stay", "--probe-words",
                "g0w0,nothere",
            ], in: folder)
        defer { server.stop() }
        try server.wait(for: "still serving at ")
        let runs = try await server.runs()
        #expect(runs.count == 1 && runs[0].state == "finished")
        let output = server.stop()
        #expect(output.status == 0)
        #expect(output.standardError.contains("w2v: warning: --probe-words: the vocabulary lacks nothere\n"))
        #expect(try folder.files == ["corpus.txt", "vectors.bin", "vectors.vocab"])
    }

    @Test func aTrainingReportsElsewhere() async throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 500))
        try folder.write("token.txt", "0123456789abcdef0123\n")
        let server = try ServingCommand(
            ["ui", "--remote", "--remote-token-file", "token.txt", "--stats", "received.stats", "--ui-port", "0"],
            in: folder)
        defer { server.stop() }
        let output = try CommandRunner.run(
            "train", "corpus.txt", "--dimensions", "10", "--remote-ui", server.address, "--remote-ui-token-file",
            "token.txt", in: folder.path)
        #expect(output.status == 0 && !output.standardError.contains("warning"), "\(output.standardError)")
        let runs = try await server.runs()
        #expect(runs.map(\.state) == ["finished"])
        server.stop()
        // What was received is in the file.
        let later = try ServingCommand(["ui", "received.stats", "--ui-port", "0"], in: folder)
        defer { later.stop() }
        #expect(try await later.runs().map(\.session) == runs.map(\.session))
    }

    @Test func recordsThatDoNotArriveAreKept() async throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 500))
        try folder.write("token.txt", "0123456789abcdef0123\n")
        try folder.write("other.txt", "9876543210fedcba\n")
        let server = try ServingCommand(
            ["ui", "--remote", "--remote-token-file", "token.txt", "--ui-port", "0"], in: folder)
        defer { server.stop() }
        let output = try CommandRunner.run(
            "train", "corpus.txt", "--dimensions", "10", "--remote-ui", server.address, "--remote-ui-token-file",
            "other.txt", in: folder.path)
        #expect(output.status == 0, "the training does not fail")
        #expect(output.standardError.contains("did not reach the remote UI: \(server.address): "))
        let kept = try #require(output.lines.last?.split(separator: " ").last.map(String.init))
        defer { try? FileManager.default.removeItem(atPath: kept) }
        let later = try ServingCommand(["ui", kept, "--ui-port", "0"], in: folder)
        defer { later.stop() }
        #expect(try await later.runs().count == 1)
    }

    @Test func whatCannotBeIsSaidInOneLine() throws {
        let folder = try TestFolder()
        try folder.write("corpus.txt", groupText(lines: 50))
        try folder.write("token.txt", "\n")
        try folder.write("good.txt", "0123456789abcdef\n")
        let server = try ServingCommand(["ui", "--remote", "--ui-port", "0"], in: folder)
        defer { server.stop() }
        let port = "\(server.port)"
        for (arguments, says) in [
            (["ui", "none.stats"], "w2v: none.stats: cannot read it: there is no such file"),
            (["ui", "corpus.txt"], "w2v: corpus.txt: not a file of training statistics: it is no SQLite database"),
            (["ui", "--remote", "--ui-port", port], "w2v: port \(port) is already in use"),
            (["train", "corpus.txt", "--ui", "--ui-port", port], "w2v: port \(port) is already in use"),
            (["train", "corpus.txt", "--stats", "corpus.txt"], "w2v: corpus.txt: cannot write it: it is the input"),
            (
                ["train", "corpus.txt", "--stats", "v.bin", "--output", "v.bin"],
                "w2v: v.bin: cannot write it: it is named for two outputs"
            ),
            (["train", "corpus.txt", "--stats", "none/x"], "w2v: none/x: cannot write it: No such file"),
            (
                ["train", "corpus.txt", "--ui", "--ui-host", "0.0.0.0", "--ui-token-file", "token.txt"],
                "w2v: token.txt: cannot read a token: its first line is empty"
            ),
            (
                ["ui", "--remote", "--remote-token-file", "corpus.txt"],
                "w2v: corpus.txt: cannot read a token: expected visible ASCII characters"
            ),
            (
                ["train", "corpus.txt", "--remote-ui", "ftp://x", "--remote-ui-token-file", "good.txt"],
                "w2v: ftp://x: "
            ),
        ] {
            let output = try CommandRunner.start(arguments, in: folder.path).1()
            #expect(output.status == 1, "\(arguments)")
            #expect(output.lines.count == 1 && output.standardError.hasPrefix(says), "\(output.standardError)")
        }
        for arguments in [
            ["ui"], ["ui", "x.stats", "--stats", "y.stats"], ["train", "corpus.txt", "--ui-port", "1"],
            ["train", "corpus.txt", "--ui-stay"], ["train", "corpus.txt", "--ui", "--ui-port", "65536"],
            ["train", "corpus.txt", "--ui", "--ui-host", "0.0.0.0"], ["train", "corpus.txt", "--probe-words", "a"],
            ["train", "corpus.txt", "--ui", "--probe-words", "a,b,c,d,e,f,g,h,i"],
            ["train", "corpus.txt", "--stats-frequency", "2"],
            ["train", "corpus.txt", "--ui", "--stats-frequency", "0"],
            ["train", "corpus.txt", "--remote-ui", "http://localhost:1"],
        ] {
            #expect(try CommandRunner.start(arguments, in: folder.path).1().status == 64, "\(arguments)")
        }
        #expect(try folder.files == ["corpus.txt", "good.txt", "token.txt"])
    }
}
