/// The first line of a word2vec file: number of vectors and their dimensions.
struct VectorHeader: Equatable {
    let rows: Int
    let dimensions: Int

    /// The most dimensions that a file may have.
    static let mostDimensions = 1 << 24

    /// What the first line of a text is.
    enum Line: Equatable {
        case header(VectorHeader)
        /// A word and its components: there is no header.
        case vector(dimensions: Int)
        /// Neither; what was expected and what was found.
        case bad(expected: String, found: String)
    }

    /// Judges the first line; the second one, when there is one, tells a wrong header of three whole numbers from a
    /// vector of two.
    static func judge(_ first: UnsafeRawBufferPointer, second: UnsafeRawBufferPointer?) -> Line {
        let columns = self.columns(first, most: mostDimensions + 1)
        let tokens = columns.prefix(4).map { UnsafeRawBufferPointer(rebasing: first[$0]) }
        let shown = WordBytes.excerpt(first)
        let isWhole = tokens.allSatisfy(isInteger)
        if isWhole, tokens.count == 2 { return numbers(tokens[0], tokens[1], shown: shown) }
        if isWhole, tokens.count == 3, second.map({ self.columns($0, most: 4).count }) != 3 {
            return .bad(expected: "two whole numbers, how many vectors and their dimensions", found: "three: \(shown)")
        }
        if tokens.isEmpty { return .bad(expected: "a header or a word and its vector", found: "an empty line") }
        if tokens.count == 1 { return .bad(expected: "a header or a word and its vector", found: "one word: \(shown)") }
        if columns.count > mostDimensions + 1 {
            return .bad(expected: "\(mostDimensions) dimensions or fewer", found: "more columns")
        }
        return .vector(dimensions: columns.count - 1)
    }

    private static func numbers(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, shown: String
    ) -> Line {
        let rows = Int(String(decoding: first, as: UTF8.self))
        let dimensions = Int(String(decoding: second, as: UTF8.self))
        guard let rows, rows >= 1, rows < Int(UInt32.max) else {
            let found = rows == 0 ? "none: \(shown)" : shown
            return .bad(expected: "a number of vectors from 1 to \(UInt32.max - 1)", found: found)
        }
        guard let dimensions, dimensions >= 1, dimensions <= mostDimensions else {
            return .bad(expected: "dimensions from 1 to \(mostDimensions)", found: shown)
        }
        return .header(VectorHeader(rows: rows, dimensions: dimensions))
    }

    /// Where the columns of a line lie; no more than the first `most`.
    static func columns(_ line: UnsafeRawBufferPointer, most: Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var position = 0
        while found.count < most {
            while position < line.count, WordBytes.isSpace(line[position]) { position += 1 }
            if position == line.count { break }
            let start = position
            while position < line.count, !WordBytes.isSpace(line[position]) { position += 1 }
            found.append(start..<position)
        }
        return found
    }

    private static func isInteger(_ token: UnsafeRawBufferPointer) -> Bool {
        let digits = token.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") } == true ? 1 : 0
        return token.count > digits && token[digits...].allSatisfy { $0 &- 48 < 10 }
    }
}
