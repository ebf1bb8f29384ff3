/// Reads a text file line by line: UTF-8, plain or packed, lines ended by LF or CR LF, a byte order mark ignored.
struct LineReader {
    private let source: ByteSource
    /// Lines read so far: the number of the last one, counted from 1.
    private(set) var line = 0

    /// - Throws: `WordEmbeddingError.malformed` when the file looks like UTF-16 or holds no text.
    init(source: ByteSource) throws {
        self.source = source
        try FileKind.check(source, expected: "UTF-8 text")
        if try FileKind.startsWithByteOrderMark(source) { source.skip(3) }
    }

    /// The next line without its end, valid only inside the closure; `nil` at the end of the file.
    mutating func next<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result? {
        while true {
            let end = try source.withWindow { $0.firstIndex(of: 0x0A) }
            if source.isAtEnd, source.count == 0 { return nil }
            if end != nil || source.isAtEnd {
                line += 1
                let length = end ?? source.count
                let result = try source.withWindow { window in
                    var line = UnsafeRawBufferPointer(rebasing: window[..<length])
                    if line.last == 0x0D { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
                    if let fault = WordBytes.fault(line) {
                        throw malformed("UTF-8 without NUL", "\(fault.found) at byte \(source.offset + fault.position)")
                    }
                    return try body(line)
                }
                source.skip(end == nil ? length : length + 1)
                return result
            }
            guard source.count <= 2 * WordBytes.longest else {
                line += 1
                throw malformed("a line of at most \(2 * WordBytes.longest) bytes", "a longer one")
            }
            try source.fill(max(1 << 16, 2 * source.count))
        }
    }

    /// An error in the last line read.
    func malformed(_ expected: String, _ found: String) -> WordEmbeddingError {
        .malformed(file: source.path, place: "line \(line)", expected: expected, found: found)
    }
}
