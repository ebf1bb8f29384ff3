/// Tells word2vec binary from word2vec text behind the header that both have.
enum VectorLayout {
    /// Whether the first record is binary.
    ///
    /// Text has its numbers up to the end of the line, and no control characters. Where the first vector's bytes
    /// happen to look like text, the file is binary if its records end exactly at its end.
    /// - Parameter source: stands behind the header.
    static func isBinary(_ source: ByteSource, header: VectorHeader) throws -> Bool {
        try source.fill(min(ByteSource.longestLine, WordBytes.longest + 32 * header.dimensions))
        let verdict: Bool? = try source.withWindow { window in
            let start = window.firstIndex { $0 != 0x0A } ?? window.count
            guard let blank = window[start...].prefix(WordBytes.longest + 1).firstIndex(of: 0x20) else {
                // No word: the text reader says so in terms of lines, unless this is no text.
                return FileKind.firstBinaryByte(window[start...].prefix(4096)) != nil
            }
            let rest = window[blank...].dropFirst()
            let line = UnsafeRawBufferPointer(rebasing: rest.prefix { $0 != 0x0A })
            if isNumbers(line, count: header.dimensions) { return false }
            let vector = UnsafeRawBufferPointer(rebasing: rest.prefix(4 * header.dimensions))
            if vector.contains(where: FileKind.isControl) { return true }
            // The last bytes may be the beginning of a character.
            if let invalid = WordBytes.firstInvalidUTF8(vector), invalid + 4 < vector.count { return true }
            return nil
        }
        return try verdict ?? endsExactly(source, header: header)
    }

    private static func isNumbers(_ line: UnsafeRawBufferPointer, count: Int) -> Bool {
        let columns = VectorHeader.columns(line, most: count + 1)
        return columns.count == count
            && columns.allSatisfy { range in
                var position = 0
                return DecimalNumber.parse(UnsafeRawBufferPointer(rebasing: line[range]), at: &position) != .notANumber
            }
    }

    /// Whether all records, or those of a first piece of a packed file, are well-formed and fill the file.
    private static func endsExactly(_ source: ByteSource, header: VectorHeader) throws -> Bool {
        guard VectorBinaryReader.fits(header, size: source.largestSize - source.offset) else { return false }
        try source.fill(source.isPacked ? ByteSource.windowSize : .max)
        return try source.withWindow { window in
            var position = 0
            for _ in 0..<header.rows {
                let record = try? VectorBinaryReader.nextRecord(
                    of: window, at: position, dimensions: header.dimensions, fault: { _, _, _ in .notTrained })
                guard let record else { return !source.isAtEnd && position > window.count / 2 }
                position = record.vector + 4 * header.dimensions
            }
            return window[position...].allSatisfy(WordBytes.isSpace)
        }
    }
}
