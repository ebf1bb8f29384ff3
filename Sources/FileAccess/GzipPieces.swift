import Dispatch
import Synchronization

extension Gzip {
    /// Bytes of each member that `compressPieces` makes.
    static let pieceSize = 1 << 20

    /// Packs the bytes as one gzip member for each MiB, on all threads. Members that follow one another are one stream
    /// to every reader (RFC 1952, section 2.2). The result does not depend on the number of threads.
    static func compressPieces(_ bytes: [UInt8]) -> [[UInt8]] {
        let count = max(1, (bytes.count + pieceSize - 1) / pieceSize)
        let packed = Mutex([[UInt8]](repeating: [], count: count))
        DispatchQueue.concurrentPerform(iterations: count) { piece in
            let range = piece * pieceSize..<min(bytes.count, (piece + 1) * pieceSize)
            let member = compress(Array(bytes[range]), level: 6)
            packed.withLock { $0[piece] = member }
        }
        return packed.withLock { $0 }
    }
}
