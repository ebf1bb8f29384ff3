import CZlib

/// gzip (RFC 1952) in memory.
public enum Gzip {
    /// The most that deflate can make of one byte: no honest stream unpacks to more than this many times its size.
    public static let largestRatio = 1032

    /// Whether the bytes begin as a gzip file does.
    public static func isGzip(_ start: Span<UInt8>) -> Bool {
        start.count >= 3 && start[0] == 0x1f && start[1] == 0x8b && start[2] == 8
    }

    /// Packs the bytes. The header carries no time and no name, so that the same input gives the same bytes.
    ///
    /// - Parameter level: 0 (stored) … 9 (smallest, the default); other values count as the nearest of these.
    public static func compress(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
        // zlib keeps the stream's address, so that it may not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        // 15 bits of window, plus 16: a gzip header.
        let status = embedding_deflate_init(stream, min(max(0, level), 9), 15 + 16)
        precondition(status == Z_OK, "zlib refuses its parameters, or there is no memory")
        defer { deflateEnd(stream) }
        var packed: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        bytes.withUnsafeBufferPointer { source in
            var rest = source.count
            // zlib only reads here; its type lacks the `const`.
            var next = UnsafeMutablePointer(mutating: source.baseAddress)
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
