import Foundation
import Testing

/// Runs the `w2v` that was built beside the tests.
struct CommandRunner {
    struct Output {
        var status: Int32
        var standardOutput: String
        var standardError: String
        /// The lines on standard error.
        var lines: [Substring] { standardError.split(separator: "\n") }
    }

    /// The executable: in the folder of the test bundle.
    static let executable: URL = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("w2v")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        }
        return URL(fileURLWithPath: "w2v")
    }()

    /// Starts the command in a folder.
    /// - Parameter environment: variables set besides those of this process.
    static func start(
        _ arguments: [String], in folder: String, input: Data? = nil, environment: [String: String] = [:]
    ) throws -> (Process, () -> Output) {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let id = UUID().uuidString
        let outputs = ["out", "err"].map { NSTemporaryDirectory() + "w2v-\(id).\($0)" }
        for path in outputs { try Data().write(to: URL(fileURLWithPath: path)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputs[0]))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: outputs[1]))
        let pipe = Pipe()
        process.standardInput = input == nil ? FileHandle.nullDevice : pipe
        try process.run()
        if let input {
            let writer = pipe.fileHandleForWriting
            DispatchQueue.global().async {
                try? writer.write(contentsOf: input)
                try? writer.close()
            }
        }
        let finish = {
            process.waitUntilExit()
            let texts = outputs.map { (try? String(contentsOfFile: $0, encoding: .utf8)) ?? "" }
            for path in outputs { try? FileManager.default.removeItem(atPath: path) }
            return Output(status: process.terminationStatus, standardOutput: texts[0], standardError: texts[1])
        }
        return (process, finish)
    }

    /// Runs the command in a folder to its end.
    static func run(_ arguments: String..., in folder: String, input: Data? = nil) throws -> Output {
        try start(arguments, in: folder, input: input).1()
    }
}

/// A text of groups of words that stand together, `lines` sentences long.
func groupText(lines: Int) -> String {
    var state: UInt32 = 12345
    func next(_ bound: UInt32) -> UInt32 {
        state = state &* 1_664_525 &+ 1_013_904_223
        return (state >> 8) % bound
    }
    return (0..<lines).map { _ in
        let group = next(4)
        return (0..<10).map { _ in "g\(group)w\(next(8))" }.joined(separator: " ")
    }.joined(separator: "\n") + "\n"
}
