/// Reads a gzip file from its beginning to its end, as far as the caller asks; what is not asked for is not unpacked.
public struct GzipReader: ~Copyable {
    private let file: MappedFile
    private var inflater: Inflater
    private var position = 0
    private var piece = [UInt8](repeating: 0, count: 1 << 18)
    /// Whether all has been given and the last member was complete.
    public private(set) var isAtEnd = false

    /// - Parameter file: the packed file; it is read while the reader lives.
    public init(file: MappedFile) {
        self.file = file
        inflater = Inflater(file: file.path)
    }

    /// Appends the next unpacked bytes to `buffer`: up to `count`, fewer only at the end.
    /// - Throws: `FileError.damagedGzip` when the data is damaged or breaks off.
    public mutating func read(_ count: Int, into buffer: inout [UInt8]) throws {
        var wanted = count
        while wanted > 0, !isAtEnd {
            let room = min(wanted, piece.count)
            var step = (taken: 0, given: 0)
            try piece.withUnsafeMutableBytes { target in
                let output = UnsafeMutableRawBufferPointer(rebasing: target[0..<room])
                try file.withBytes { bytes in
                    step = try inflater.inflate(UnsafeRawBufferPointer(rebasing: bytes[position...]), into: output)
                }
            }
            buffer.append(contentsOf: piece[0..<step.given])
            position += step.taken
            wanted -= step.given
            if step.given < room {
                try inflater.finish()
                isAtEnd = true
            }
        }
    }
}
