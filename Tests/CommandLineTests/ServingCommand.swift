import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A command that serves until it is told to stop.
final class ServingCommand {
    struct Run: Decodable {
        var session: String
        var modelClass: String
        var command: String?
        var state: String
        var updates: Int
    }

    /// `http://localhost:PORT`.
    private(set) var address = ""
    private(set) var port = 0
    private let process: Process
    private let errors: String
    private var output: CommandRunner.Output?

    /// Starts the command and waits for its address.
    init(_ arguments: [String], in folder: TestFolder) throws {
        errors = folder.path + "-\(UUID().uuidString).err"
        try Data().write(to: URL(fileURLWithPath: errors))
        process = Process()
        process.executableURL = CommandRunner.executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        let line = try wait(for: "http://")
        let rest = line[try #require(line.range(of: "http://")).lowerBound...]
        address = try #require(rest.range(of: "/train/overview").map { String(rest[..<$0.lowerBound]) })
        port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
    }

    /// The whole line with these words, waited for.
    @discardableResult
    func wait(for words: String) throws -> String {
        for _ in 0..<1_200 {
            let text = try String(contentsOfFile: errors, encoding: .utf8)
            if let line = text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).first(where: {
                $0.contains(words)
            }) {
                return String(line)
            }
            try #require(process.isRunning, "\(text)")
            Thread.sleep(forTimeInterval: 0.05)
        }
        Issue.record("no line with \(words) within a minute")
        throw CancellationError()
    }

    func runs() async throws -> [Run] {
        struct Answer: Decodable { var runs: [Run] }
        let url = try #require(URL(string: address + "/api/runs"))
        return try JSONDecoder().decode(Answer.self, from: try await URLSession.shared.data(from: url).0).runs
    }

    /// Interrupts it as Ctrl-C does.
    @discardableResult
    func stop() -> CommandRunner.Output { end(SIGINT) }

    /// Ends it at once.
    func kill() { _ = end(SIGKILL) }

    private func end(_ signal: Int32) -> CommandRunner.Output {
        if let output { return output }
        sendSignal(process.processIdentifier, signal)
        process.waitUntilExit()
        let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(atPath: errors)
        let output = CommandRunner.Output(status: process.terminationStatus, standardOutput: "", standardError: text)
        self.output = output
        return output
    }
}

/// Outside the type, which has a function of the same name.
private func sendSignal(_ process: pid_t, _ signal: Int32) { _ = kill(process, signal) }
