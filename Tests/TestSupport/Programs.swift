import Foundation

/// Programs that a test calls.
public enum Programs {
    /// Python 3, when this machine has it.
    public static let python = find("python3")
    /// Whether a headless Chromium can be driven.
    public static let hasBrowser =
        python != nil && find("chromium", "chromium-browser", "google-chrome") != nil && find("chromedriver") != nil

    /// The path of a program, or nil when this machine lacks it.
    public static func find(_ names: String...) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for name in names {
            for folder in folders {
                let path = "\(folder)/\(name)"
                if FileManager.default.isExecutableFile(atPath: path) { return path }
            }
        }
        return nil
    }

    /// Runs a program to its end: exit status and what it wrote to both outputs.
    public static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
