import FileAccess

/// Words of a text that can be read only once, kept as numbers in a temporary file that has no name any more.
///
/// The file is 32-bit numbers in the order of first occurrence; `endOfSentence` ends each sentence. It goes away with
/// the process, however that ends, and takes no anonymous memory.
struct TokenSpool: ~Copyable {
    /// Stands behind each sentence.
    static let endOfSentence = UInt32.max

    private let file: TemporaryFile
    private var buffer: [UInt32] = []
    /// Numbers appended, ends of sentences included.
    private(set) var count = 0

    /// Creates the file.
    init() throws {
        file = try TemporaryFile()
        buffer.reserveCapacity(1 << 16)
    }

    /// Appends a word's number or `endOfSentence`.
    mutating func append(_ number: UInt32) throws {
        buffer.append(number)
        count += 1
        if buffer.count == 1 << 16 { try flush() }
    }

    /// Writes what is left and maps the whole.
    mutating func finish() throws -> MappedFile {
        try flush()
        return try file.map()
    }

    private mutating func flush() throws {
        try buffer.withUnsafeBytes { try file.write($0) }
        buffer.removeAll(keepingCapacity: true)
    }
}
