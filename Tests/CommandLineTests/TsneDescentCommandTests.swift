import Foundation
import TestSupport
import Testing

/// The methods, phases, snapshots and checkpoints of `w2v tsne`.
@Suite struct TsneDescentCommandTests {
    @Test func resumedRunWritesTheSameFile() throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(300))
        func run(_ arguments: String...) throws -> CommandRunner.Output {
            try CommandRunner.start(["tsne", "vectors.txt", "--quiet"] + arguments, in: folder.path).1()
        }
        let whole = try run("--csv", "whole.csv", "--max-iter", "150", "--snapshots", "100")
        #expect(whole.status == 0, "\(whole.standardError)")
        #expect(
            try folder.files == [
                "vectors.txt", "whole.000000.csv", "whole.000100.csv", "whole.000150.csv", "whole.csv",
            ])
        #expect(try folder.data("whole.000150.csv") == folder.data("whole.csv"))
        let part = try run(
            "--csv", "part.csv", "--max-iter", "130", "--checkpoint", "c.tsne", "--checkpoint-every", "60")
        #expect(part.status == 0, "\(part.standardError)")
        let rest = try run("--csv", "rest.csv", "--max-iter", "150", "--resume", "c.tsne")
        #expect(rest.status == 0, "\(rest.standardError)")
        #expect(try folder.data("rest.csv") == folder.data("whole.csv"))
        #expect(try folder.data("part.csv") != folder.data("whole.csv"))
        let other = try run("--csv", "other.csv", "--resume", "c.tsne", "--seed", "3")
        #expect(other.status == 1 && other.standardError.contains("other options"))
        #expect(try !folder.files.contains("other.csv"))
    }

    /// Phases that end of themselves are told; those that were set are not.
    @Test func endsOfPhasesAreTold() throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(300))
        func said(_ arguments: String...) throws -> String {
            let output = try CommandRunner.start(
                ["tsne", "vectors.txt", "--csv", "map.csv"] + arguments, in: folder.path
            ).1()
            #expect(output.status == 0, "\(output.standardError)")
            return output.standardError
        }
        let automatic = try said("--auto-exaggeration", "--max-iter", "300")
        let number = automatic.components(separatedBy: "the early exaggeration ended at step ").last?
            .prefix { $0.isNumber }
        #expect(try (16..<250).contains(#require(number.flatMap { Int($0) })), "\(automatic)")
        let stopped = try said("--early-stop", "0.05", "--max-iter", "4000")
        #expect(stopped.contains("stopped before step 4,000: the divergence no longer falls"), "\(stopped)")
        let plain = try said("--max-iter", "300")
        #expect(plain.contains("\n300 steps in ") && !plain.contains("stopped") && !plain.contains("ended"))
    }

    @Test func methodsAgree() throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(300))
        for method in ["auto", "barnes-hut", "interpolation", "exact"] {
            let output = try CommandRunner.run(
                "tsne", "vectors.txt", "--csv", "\(method).csv", "--max-iter", "60", "--method", method, "--quiet",
                in: folder.path)
            #expect(output.status == 0 && output.standardError.isEmpty, "\(output.standardError)")
        }
        // Few points: all pairs are cheapest.
        #expect(try folder.data("auto.csv") == folder.data("exact.csv"))
        #expect(try folder.data("interpolation.csv") != folder.data("exact.csv"))
    }

    @Test(arguments: [
        (["--method", "interpolation", "--dims", "3"], 64, "--method"), (["--method", "fast"], 64, "--method"),
        (["--dof", "0"], 64, "--dof"), (["--snapshots", "0"], 64, "--snapshots"),
        (["--checkpoint-every", "0"], 64, "--checkpoint-every"), (["--resume", "missing.tsne"], 1, "missing.tsne"),
        (["--late-exaggeration", "0"], 64, "--late-exaggeration"), (["--early-stop", "2"], 64, "--early-stop"),
        (["--late-exaggeration-from", "9"], 64, "--late-exaggeration-from needs"),
        (["--checkpoint-every", "9"], 64, "--checkpoint-every needs"),
    ])
    func wrongOptionsAreRefused(arguments: [String], status: Int, named: String) throws {
        let folder = try TestFolder()
        try folder.write("vectors.txt", groupVectors(30))
        let output = try CommandRunner.start(
            ["tsne", "vectors.txt", "--csv", "map.csv"] + arguments, in: folder.path
        ).1()
        #expect(Int(output.status) == status && output.standardError.contains(named), "\(output.standardError)")
        #expect(try folder.files == ["vectors.txt"])
    }
}
