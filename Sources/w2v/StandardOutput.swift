import EmbeddingVisualization

/// What a command answers, on standard output.
enum StandardOutput {
    /// Writes some lines.
    /// - Throws: `FileError.system` when nobody takes them.
    static func write(_ lines: [String]) throws {
        try writeAtomically(lines.map { $0 + "\n" }.joined().utf8, to: "/dev/stdout")
    }
}
