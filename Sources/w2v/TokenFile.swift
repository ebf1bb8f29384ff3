import EmbeddingVisualization

/// A secret that is kept in a file, as the command line is for everyone to see.
enum TokenFile {
    /// The first line of a file, without the white space around it.
    /// - Throws: `FileError` when it cannot be read or its first line is empty.
    static func read(_ path: String) throws -> String {
        let line = try MappedFile(path: path).withSpan { bytes in
            var line: [UInt8] = []
            for index in bytes.indices.prefix(4_096) {
                if bytes[index] == UInt8(ascii: "\n") { break }
                line.append(bytes[index])
            }
            return String(decoding: line, as: UTF8.self)
        }
        let token = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !token.isEmpty else {
            throw FileError.system(file: path, action: "read a token", reason: "its first line is empty")
        }
        return token
    }
}
