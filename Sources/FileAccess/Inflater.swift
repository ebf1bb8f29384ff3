import CZlib

/// zlib's inflate over a series of gzip members: what the two readers of gzip data share.
///
/// Unsafe memory has its place here: zlib sees the caller's bytes only during a call.
struct Inflater: ~Copyable {
    /// On the heap: zlib keeps the stream's address, so that it may not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let file: String
    /// Bytes unpacked so far.
    private(set) var produced = 0
    private var state = State.start

    private enum State {
        /// Nothing has been read.
        case start
        case insideMember
        case betweenMembers
        /// Only zero bytes may follow, as tapes and some file systems pad.
        case padding
    }

    init(file: String) {
        self.file = file
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = embedding_inflate_init(stream, 15 + 16)
        precondition(status == Z_OK, "zlib refuses its parameters, or there is no memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks from `input` to `output` until one of them is used up.
    /// - Returns: bytes taken and bytes given. Fewer given than asked for means: all the input is taken.
    mutating func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(FileError) -> (taken: Int, given: Int) {
        var taken = 0
        var given = 0
        while given < output.count {
            if state == .betweenMembers || state == .padding {
                if taken == input.count { break }
                if input[taken] == 0 {
                    state = .padding
                    taken += 1
                    continue
                }
                guard state == .betweenMembers else { throw damage("something follows the padding") }
                inflateReset(stream)
                state = .insideMember
            }
            let source = UnsafeMutableRawPointer(mutating: input.baseAddress.map { $0 + taken })
            let offered = min(input.count - taken, 1 << 30)
            let room = min(output.count - given, 1 << 30)
            stream.pointee.next_in = source?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(offered)
            stream.pointee.next_out = output.baseAddress.map { ($0 + given).assumingMemoryBound(to: UInt8.self) }
            stream.pointee.avail_out = UInt32(room)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            let used = offered - Int(stream.pointee.avail_in)
            let made = room - Int(stream.pointee.avail_out)
            if used > 0 { state = .insideMember }
            taken += used
            given += made
            produced += made
            switch status {
            case Z_STREAM_END: state = .betweenMembers
            case Z_OK where used > 0 || made > 0: continue
            case Z_OK, Z_BUF_ERROR: return (taken, given)
            default: throw damage(stream.pointee.msg.map { String(cString: $0) } ?? "invalid data")
            }
        }
        return (taken, given)
    }

    /// - Throws: `FileError.damagedGzip` unless the last member is complete.
    func finish() throws(FileError) {
        guard state == .betweenMembers || state == .padding else { throw damage("the file breaks off") }
    }

    private func damage(_ reason: String) -> FileError {
        .damagedGzip(file: file, offset: produced, reason: reason)
    }
}
