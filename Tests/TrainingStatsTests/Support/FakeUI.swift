import FileAccess
import Foundation
import Synchronization
import TrainingStats

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A server in the place of a training UI that answers posts as a test wants it.
final class FakeUI: Sendable {
    /// A post as it came.
    struct Post: Sendable {
        var time: ContinuousClock.Instant
        /// The first line and the fields, by name in lower case.
        var line: String
        var fields: [String: String]
        var body: [UInt8]
        /// The records in the body; empty where it is no such thing.
        var records: [StatsRecord]
    }

    /// What to do with a post.
    enum Reply: Sendable {
        /// Keep the records and say so.
        case accept
        /// Keep the records, but end the connection without an answer.
        case acceptAndDrop
        case status(Int, String = #"{"error":"no"}"#, location: String? = nil)
        /// End the connection.
        case drop
        /// Never answer.
        case hang
    }

    /// What was accepted.
    let storage = InMemoryStatsStorage()
    private let listener: Listener
    private let posted = Mutex<[Post]>([])
    private let answer: @Sendable (Post, Int) -> Reply

    /// Listens on a port.
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - answer: what to do with a post, of which so many came before.
    init(port: Int = 0, _ answer: @escaping @Sendable (Post, Int) -> Reply = { _, _ in .accept }) throws {
        self.answer = answer
        let listener = try Listener(port: port)
        self.listener = listener
        Thread.detachNewThread { [weak self] in
            listener.run { connection in
                guard let self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    // Not waiting: it may be the listener's thread that let go of the server last.
    deinit { listener.end() }

    var port: Int { listener.port }
    var url: String { "http://127.0.0.1:\(port)" }
    var posts: [Post] { posted.withLock { $0 } }
    /// Sequence numbers of what was accepted.
    func accepted(_ source: StatsSource = Records.source) throws -> [Int] {
        try storage.updates(source, after: -1, limit: .max).map(\.sequence)
    }

    /// Listens no more; what is open stays so. The port is free when it returns.
    func stop() {
        listener.end()
        listener.wait()
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        func more() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(connection, &buffer, buffer.count, 0)
            if count > 0 { bytes += buffer[..<count] }
            return count > 0
        }
        var end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        while end == nil {
            guard more() else { return }
            end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        }
        guard let end else { return }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        bytes.removeSubrange(..<end.upperBound)
        if fields["expect"]?.lowercased() == "100-continue" { write("HTTP/1.1 100 Continue\r\n\r\n", connection) }
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        while bytes.count < length { guard more() else { return } }
        var post = Post(time: .now, line: lines[0], fields: fields, body: bytes, records: [])
        post.records = (try? StatsJSON.decodeRecords(Self.unpacked(bytes))) ?? []
        let number = posted.withLock { posted in
            posted.append(post)
            return posted.count - 1
        }
        switch answer(post, number) {
        case .accept:
            let counts = (try? storage.store(post.records)) ?? (accepted: 0, duplicates: 0)
            respond(200, #"{"accepted":\#(counts.accepted),"duplicates":\#(counts.duplicates)}"#, connection)
        case .acceptAndDrop: _ = try? storage.store(post.records)
        case .status(let status, let body, let location):
            respond(status, body, connection, location.map { "Location: \($0)\r\n" } ?? "")
        case .drop: return
        case .hang:
            while !listener.isEnded.load(ordering: .relaxed), more() {}
        }
    }

    private func respond(_ status: Int, _ body: String, _ connection: Int32, _ fields: String = "") {
        write(
            "HTTP/1.1 \(status) Reason\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\(fields)\r\n\(body)", connection)
    }

    private func write(_ text: String, _ connection: Int32) {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let sent = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, flags) }
            guard sent > 0 else { return }
            bytes = bytes.dropFirst(sent)
        }
    }

    static func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        var unpacked: [UInt8] = []
        var decoder = GzipDecoder(file: "post")
        try bytes.withUnsafeBytes { bytes in
            try decoder.decode(bytes) { piece in piece.withUnsafeBufferPointer { unpacked.append(contentsOf: $0) } }
        }
        try decoder.finish()
        return unpacked
    }
}

/// Short pauses, so that tests need not wait.
func quick(_ change: (inout RemoteUIStatsStorageRouter.Configuration) -> Void = { _ in })
    -> RemoteUIStatsStorageRouter.Configuration
{
    var configuration = RemoteUIStatsStorageRouter.Configuration()
    configuration.firstPause = .milliseconds(10)
    configuration.longestPause = .milliseconds(100)
    change(&configuration)
    return configuration
}
