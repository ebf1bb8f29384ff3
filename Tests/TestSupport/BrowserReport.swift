import Foundation

/// What a script of `Tests/Browser` says of one check.
public struct BrowserReport: Decodable, Sendable {
    /// The check's name.
    public let check: String
    /// Whether it held.
    public let ok: Bool
    /// What was wrong; empty when it held.
    public let message: String

    /// The reports in a script's output, one a line; other lines are left out.
    public static func all(in output: String) -> [BrowserReport] {
        output.split(separator: "\n").compactMap { try? JSONDecoder().decode(BrowserReport.self, from: Data($0.utf8)) }
    }
}
