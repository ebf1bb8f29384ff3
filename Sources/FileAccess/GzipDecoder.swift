/// Unpacks a gzip stream (several members too, and zero bytes after the last) as its bytes arrive.
public struct GzipDecoder: ~Copyable {
    private var inflater: Inflater
    private var piece = [UInt8](repeating: 0, count: 1 << 18)

    /// - Parameter file: name for error messages.
    public init(file: String) {
        inflater = Inflater(file: file)
    }

    /// Unpacks all of `input`, giving the unpacked text in pieces of up to 256 KiB.
    /// - Throws: `FileError.damagedGzip`, or what `emit` throws.
    public mutating func decode(_ input: UnsafeRawBufferPointer, _ emit: (Span<UInt8>) throws -> Void) throws {
        var rest = input
        while true {
            var step = (taken: 0, given: 0)
            try piece.withUnsafeMutableBytes { step = try inflater.inflate(rest, into: $0) }
            if step.given > 0 { try emit(piece.span.extracting(0..<step.given)) }
            rest = UnsafeRawBufferPointer(rebasing: rest[step.taken...])
            if step.given < piece.count { return }
        }
    }

    /// Call after the last bytes.
    /// - Throws: `FileError.damagedGzip` when the stream breaks off in the middle.
    public consuming func finish() throws {
        try inflater.finish()
    }
}
