import EmbeddingVisualization

/// A secret that is kept in a file, as the command line is for everyone to see.
enum TokenFile {
    /// The first line of a file, without the white space around it.
    /// - Throws: `FileError` when it cannot be read or its first line is no token: visible ASCII characters.
    static func read(_ path: String) throws -> String {
        let line = try MappedFile(path: path).withSpan { bytes in
            var line: [UInt8] = []
            for index in bytes.indices.prefix(4_096) {
                if bytes[index] == UInt8(ascii: "\n") { break }
                line.append(bytes[index])
            }
            return String(decoding: line, as: UTF8.self)
        }
        let words = line.split(whereSeparator: \.isWhitespace)
        guard let token = words.first.map(String.init) else {
            throw FileError.system(file: path, action: "read a token", reason: "its first line is empty")
        }
        guard words.count == 1, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw FileError.system(
                file: path, action: "read a token", reason: "expected visible ASCII characters without white space")
        }
        return token
    }
}
