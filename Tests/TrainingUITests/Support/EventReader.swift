import Foundation
import Synchronization
import TestSupport
import Testing

/// An event of a stream; a comment has the name ":".
struct ServerEvent: Sendable, Equatable {
    var name: String
    var id: Int?
    var data: String

    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
    }
}

/// Reads an event stream on a thread of its own.
final class EventReader: Sendable {
    /// The head of the answer.
    let reply: Reply
    private let socket: Socket
    private let stream: AsyncStream<ServerEvent>

    /// Connects and waits for the head.
    init(_ client: Client, _ path: String, lastEventID: String? = nil) async throws {
        let head =
            "GET \(path) HTTP/1.1\r\nHost: localhost:\(client.port)\r\n"
            + (lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? "") + "\r\n"
        let (socket, reply, rest) = try await offThread {
            let socket = try Socket(port: client.port)
            try socket.write(Array(head.utf8))
            var bytes: [UInt8] = []
            while true {
                if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                    return (socket, try Client.head(bytes[..<end.lowerBound]), Array(bytes[end.upperBound...]))
                }
                let more = try socket.read()
                guard !more.isEmpty else { throw Socket.Failure(description: "no head") }
                bytes += more
            }
        }
        self.socket = socket
        self.reply = reply
        let (stream, events) = AsyncStream<ServerEvent>.makeStream()
        self.stream = stream
        guard reply.status == 200 else {
            events.finish()
            return
        }
        Thread.detachNewThread {
            var parser = Parser(rest)
            while true {
                while let event = parser.next() { events.yield(event) }
                guard let more = try? socket.read(), !more.isEmpty else { return events.finish() }
                parser.bytes += more
            }
        }
    }

    deinit { socket.shut() }

    /// Ends the connection.
    func close() { socket.shut() }

    /// The next event that is not among `skipped`; `nil` when the stream has ended.
    func next(skipping skipped: Set<String> = [":", "retry"]) async -> ServerEvent? {
        for await event in stream where !skipped.contains(event.name) { return event }
        return nil
    }

    /// The next event of a name, whatever comes before it.
    func next(named name: String) async -> ServerEvent? {
        for await event in stream where event.name == name { return event }
        return nil
    }

    /// Takes chunked transfer encoding and the event stream apart.
    private struct Parser {
        var bytes: [UInt8]
        private var text: [UInt8] = []

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func next() -> ServerEvent? {
            unchunk()
            guard let end = text.firstRange(of: Array("\n\n".utf8)) else { return nil }
            let block = String(decoding: text[..<end.lowerBound], as: UTF8.self)
            text.removeSubrange(..<end.upperBound)
            var event = ServerEvent(name: "", id: nil, data: "")
            for line in block.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix(":") { event.name = ":" }
                if line.hasPrefix("retry: ") { event.name = "retry" }
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("id: ") { event.id = Int(line.dropFirst(4)) }
                if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            }
            return event
        }

        private mutating func unchunk() {
            while let end = bytes.firstRange(of: Array("\r\n".utf8)),
                let count = Int(String(decoding: bytes[..<end.lowerBound], as: UTF8.self), radix: 16),
                bytes.count >= end.upperBound + count + 2
            {
                text += bytes[end.upperBound..<(end.upperBound + count)]
                bytes.removeSubrange(..<(end.upperBound + count + 2))
            }
        }
    }
}
