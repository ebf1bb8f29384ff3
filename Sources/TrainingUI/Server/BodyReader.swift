internal import FileAccess
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// Reads the bodies of posts within bounds of size, time and memory.
final class BodyReader: Sendable {
    /// Most bytes of a posted batch of records as they travel, and unpacked.
    static let recordsLimit = 16 << 20
    static let unpackedLimit = 64 << 20
    /// Most bytes of any other body.
    static let smallLimit = 64 << 10
    /// Bytes of all bodies together that are in memory at once.
    static let memoryLimit = 128 << 20

    private let inMemory = Mutex(0)

    /// Reads the whole body and gives it to `use`.
    ///
    /// - Parameters:
    ///   - limit: most bytes; one more, and the rest is not read.
    ///   - seconds: time for all of it; then the connection is closed, so that nobody holds it by dripping.
    func withBody<Result>(
        of request: Request, on channel: any Channel, limit: Int, seconds: Int64,
        _ use: ([UInt8]) async throws -> Result
    ) async throws -> Result {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Self.tooLarge(limit) }
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(seconds)) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        var bytes: [UInt8] = []
        defer { inMemory.withLock { $0 -= bytes.count } }
        for try await piece in request.body {
            guard bytes.count + piece.readableBytes <= limit else { throw Self.tooLarge(limit) }
            let hasRoom = inMemory.withLock { sum in
                guard sum + piece.readableBytes <= Self.memoryLimit else { return false }
                sum += piece.readableBytes
                return true
            }
            guard hasRoom else { throw HTTPFailure.busy("too many posts at once", retryAfter: 1) }
            bytes.append(contentsOf: piece.readableBytesView)
        }
        if let announced, announced != bytes.count { throw HTTPFailure.badRequest("the body breaks off") }
        return try await use(bytes)
    }

    /// Unpacks a body as its `Content-Encoding` says.
    static func unpack(_ body: [UInt8], encoding: String?) throws -> [UInt8] {
        switch encoding?.lowercased() {
        case nil, "identity": return body
        case "gzip":
            var unpacked: [UInt8] = []
            do {
                var decoder = GzipDecoder(file: "the body")
                try body.withUnsafeBytes { bytes in
                    try decoder.decode(bytes) { piece in
                        guard unpacked.count + piece.count <= unpackedLimit else {
                            throw HTTPFailure.tooLarge("the body is larger than \(unpackedLimit >> 20) MB unpacked")
                        }
                        piece.withUnsafeBufferPointer { unpacked.append(contentsOf: $0) }
                    }
                }
                try decoder.finish()
            } catch let error as FileError {
                throw HTTPFailure.badRequest("\(error)")
            }
            return unpacked
        case .some:
            throw HTTPFailure(
                status: .unsupportedMediaType, message: "bodies may be packed with gzip only",
                headers: [.acceptEncoding: "gzip"])
        }
    }

    private static func tooLarge(_ limit: Int) -> HTTPFailure {
        .tooLarge("the body is larger than \(limit >= 1 << 20 ? "\(limit >> 20) MB" : "\(limit >> 10) kB")")
    }
}
