import Foundation
import Testing
import TrainingStats

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The program `StatsChild`, which was built beside the tests, at work.
final class Child: @unchecked Sendable {
    // Sound: the process is started before the object is shared, and reading from a pipe is one thread's at a time.
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()
    private var rest = Data()

    init(_ arguments: String...) throws {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var program: URL?
        while folder.path != "/", program == nil {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("StatsChild")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { program = candidate }
        }
        guard let program else { throw CocoaError(.fileNoSuchFile) }
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
    }

    deinit { if process.isRunning { kill() } }

    /// Ends it as nothing can prevent.
    func kill() {
        systemKill(process.processIdentifier)
        process.waitUntilExit()
    }

    /// Lets it go on.
    func goOn() throws { try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8)) }

    /// Waits for its end; its status.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// The next line that it prints; `nil` at the end.
    func line() -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest = Data(rest[rest.index(after: end)...]) }
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            rest += more
        }
    }

    /// The counters that it prints next.
    func counters() throws -> RouterCounters {
        try StatsJSON.decode(RouterCounters.self, from: Array(try #require(line()).utf8))
    }
}

/// Outside the class, whose own function has the same name.
private func systemKill(_ process: pid_t) { _ = kill(process, SIGKILL) }
