import FileAccess
public import LinearAlgebra

/// What is wrong with a map read from a table.
public enum MapTableError: Error, Equatable, CustomStringConvertible {
    /// A line that is not as expected; counted from 1.
    case line(file: String, line: Int, expected: String, found: String)
    /// A word that comes twice; the line is that of the second.
    case twice(file: String, line: Int, word: String)

    /// One line that says what and where.
    public var description: String {
        switch self {
        case .line(let file, let line, let expected, let found):
            "\(printable(file)), line \(line): expected \(expected), found \(printable(found))"
        case .twice(let file, let line, let word):
            "\(printable(file)), line \(line): the word \(printable(String(word.prefix(40)))) comes a second time"
        }
    }
}

/// A map read from a table that `EmbeddingCSV` wrote, or any RFC 4180 table that begins with `word,x,y` or `word,x,y,z`.
public struct MapTable: Sendable {
    /// The words, in the order of the rows.
    public let words: [String]
    /// Their places: one row a word, 2 or 3 columns.
    public let coordinates: Matrix

    /// Reads a table. Further columns are skipped.
    /// - Throws: `MapTableError`, `FileError`.
    public static func read(path: String) throws -> MapTable {
        let file = try MappedFile(path: path)
        return try file.withSpan { bytes in
            var position = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
            var line = 1
            guard let header = try record(bytes, &position, &line, path) else {
                throw MapTableError.line(file: path, line: 1, expected: "the header word,x,y", found: "an empty file")
            }
            guard header.count >= 3, header[0...2].elementsEqual(["word", "x", "y"]) else {
                throw MapTableError.line(
                    file: path, line: 1, expected: "a header that begins with word,x,y",
                    found: String(header.joined(separator: ",").prefix(80)))
            }
            let dimensions = header.count > 3 && header[3] == "z" ? 3 : 2
            var words: [String] = []
            var seen: Set<String> = []
            var coordinates: [Float] = []
            var start = line
            while let fields = try record(bytes, &position, &line, path) {
                defer { start = line }
                guard fields.count == header.count else {
                    throw MapTableError.line(
                        file: path, line: start, expected: "\(header.count) fields", found: "\(fields.count)")
                }
                for field in fields[1...dimensions] {
                    guard let value = Float(field), value.isFinite else {
                        throw MapTableError.line(
                            file: path, line: start, expected: "a finite coordinate", found: String(field.prefix(40)))
                    }
                    coordinates.append(value)
                }
                guard seen.insert(fields[0]).inserted else {
                    throw MapTableError.twice(file: path, line: start, word: fields[0])
                }
                words.append(fields[0])
            }
            return MapTable(
                words: words,
                coordinates: Matrix(rows: words.count, columns: dimensions, elements: coordinates))
        }
    }

    /// The fields of the next record; `nil` at the end.
    private static func record(
        _ bytes: Span<UInt8>, _ position: inout Int, _ line: inout Int, _ path: String
    ) throws -> [String]? {
        guard position < bytes.count else { return nil }
        let (quote, comma, cr, lf) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(0x0d), UInt8(0x0a))
        let start = line
        var fields: [String] = []
        var field: [UInt8] = []
        var quoted = false
        func finish() throws {
            guard let text = String(validating: field, as: UTF8.self) else {
                throw MapTableError.line(file: path, line: start, expected: "UTF-8", found: "other bytes")
            }
            fields.append(text)
            field = []
        }
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == lf { line += 1 }
            if quoted {
                if byte != quote {
                    field.append(byte)
                } else if position < bytes.count, bytes[position] == quote {
                    field.append(quote)
                    position += 1
                } else {
                    quoted = false
                    guard position == bytes.count || [comma, cr, lf].contains(bytes[position]) else {
                        throw MapTableError.line(
                            file: path, line: start, expected: "a comma or the end of the line after a quoted field",
                            found: "more text")
                    }
                }
            } else if byte == quote, field.isEmpty {
                quoted = true
            } else if byte == comma {
                try finish()
            } else if byte == lf {
                if field.last == cr { field.removeLast() }
                try finish()
                return fields
            } else {
                field.append(byte)
            }
        }
        guard !quoted else {
            throw MapTableError.line(file: path, line: start, expected: "a closing quote", found: "the end of the file")
        }
        if field.last == cr { field.removeLast() }
        try finish()
        return fields
    }
}
