import CZlib

/// gzip (RFC 1952) in memory, and a reader that unpacks a stream piece by piece.
public enum Gzip {
    /// Whether the bytes begin as a gzip file does.
    public static func isGzip(_ start: Span<UInt8>) -> Bool {
        start.count >= 3 && start[0] == 0x1f && start[1] == 0x8b && start[2] == 8
    }

    /// Packs the bytes with the best compression. The header carries no time and no name, so that the same input
    /// gives the same bytes.
    public static func compress(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
        // zlib keeps the stream's address, so that it may not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        // 15 bits of window, plus 16: a gzip header.
        precondition(embedding_deflate_init(stream, level, 15 + 16) == Z_OK, "zlib refuses its parameters")
        defer { deflateEnd(stream) }
        var packed: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var input = bytes
        input.withUnsafeMutableBufferPointer { source in
            var rest = source.count
            var next = source.baseAddress
            var status = Z_OK
            repeat {
                let give = min(rest, 1 << 30)
                stream.pointee.next_in = next
                stream.pointee.avail_in = UInt32(give)
                let flush = give == rest ? Z_FINISH : Z_NO_FLUSH
                repeat {
                    piece.withUnsafeMutableBufferPointer { target in
                        stream.pointee.next_out = target.baseAddress
                        stream.pointee.avail_out = UInt32(target.count)
                        status = deflate(stream, flush)
                    }
                    packed.append(contentsOf: piece[0..<(piece.count - Int(stream.pointee.avail_out))])
                } while stream.pointee.avail_out == 0
                next = next.map { $0 + give }
                rest -= give
            } while status != Z_STREAM_END
        }
        return packed
    }
}

/// Unpacks a gzip stream (several members too) as its bytes arrive.
public struct GzipDecoder: ~Copyable {
    /// On the heap: zlib keeps the stream's address, so that it may not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let file: String
    private var produced = 0
    private var betweenMembers = false

    /// - Parameter file: name for error messages.
    public init(file: String) {
        self.file = file
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        precondition(embedding_inflate_init(stream, 15 + 16) == Z_OK, "zlib refuses its parameters")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks all of `input`, giving the unpacked text in pieces of up to 256 KiB.
    public mutating func decode(_ input: UnsafeRawBufferPointer, _ emit: (Span<UInt8>) throws -> Void) throws {
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        while true {
            if betweenMembers {
                if stream.pointee.avail_in == 0 { return }
                inflateReset(stream)
                betweenMembers = false
            }
            let status = piece.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(target.count)
                return inflate(stream, Z_NO_FLUSH)
            }
            let count = piece.count - Int(stream.pointee.avail_out)
            if count > 0 { try emit(piece.span.extracting(0..<count)) }
            produced += count
            switch status {
            case Z_STREAM_END: betweenMembers = true
            case Z_OK: if stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0 { return }
            case Z_BUF_ERROR: return
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "invalid data"
                throw FileError.damagedGzip(file: file, offset: produced, reason: reason)
            }
        }
    }

    /// Call after the last bytes.
    /// - Throws: `FileError.damagedGzip` when the stream breaks off in the middle.
    public consuming func finish() throws {
        guard betweenMembers else {
            throw FileError.damagedGzip(file: file, offset: produced, reason: "the file breaks off")
        }
    }
}
