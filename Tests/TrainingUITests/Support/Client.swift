import Foundation
import TestSupport
import Testing
import TrainingStats

@testable import TrainingUI

/// An answer.
struct Reply: Sendable {
    var status: Int
    /// By name in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The sentence of an error.
    func error() throws -> String { try json()["error"] as? String ?? "" }

    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }
}

/// Asks one server, off the tasks' threads, which the server itself needs.
struct Client: Sendable {
    let port: Int

    /// One request on a connection of its own.
    /// - Parameters:
    ///   - host: the `Host` field; "localhost:PORT" when `nil`.
    ///   - headers: further fields; `Content-Length` is added where there is a body.
    func send(
        _ method: String = "GET", _ path: String, host: String? = nil, headers: [String] = [], body: [UInt8]? = nil,
        isV6: Bool = false
    ) async throws -> Reply {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "localhost:\(port)")\r\nConnection: close\r\n"
        if let body { head += "Content-Length: \(body.count)\r\n" }
        head += headers.map { $0 + "\r\n" }.joined() + "\r\n"
        return try await exchange(Array(head.utf8) + (body ?? []), isV6: isV6)
    }

    /// Any bytes on a connection of their own, and the answer to them.
    func exchange(_ request: [UInt8], isV6: Bool = false) async throws -> Reply {
        let port = port
        return try await offThread {
            let socket = try Socket(port: port, isV6: isV6)
            try socket.write(request)
            return try Self.reply(socket, isHead: request.starts(with: "HEAD ".utf8))
        }
    }

    /// JSON by POST, with the fields that a page sends.
    func post(_ path: String, _ json: String, headers: [String] = []) async throws -> Reply {
        try await send(
            "POST", path, headers: ["Content-Type: application/json", "Origin: http://localhost:\(port)"] + headers,
            body: Array(json.utf8))
    }

    /// JSON of an answer that must be 200.
    func json(_ path: String) async throws -> [String: Any] {
        let reply = try await send("GET", path)
        try #require(reply.status == 200, "\(path): \(reply.text)")
        return try reply.json()
    }

    /// Reads one answer.
    static func reply(_ socket: Socket, isHead: Bool = false) throws -> Reply {
        var bytes: [UInt8] = []
        var reply: Reply?
        while true {
            if reply == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                reply = try head(bytes[..<end.lowerBound])
                bytes = Array(bytes[end.upperBound...])
            }
            if var reply {
                let length = reply.headers["content-length"].flatMap { Int($0) }
                if isHead || reply.status == 304 || reply.status == 204 || length.map({ bytes.count >= $0 }) == true {
                    reply.body = bytes
                    return reply
                }
            }
            let more = try socket.read()
            guard !more.isEmpty else { throw Socket.Failure(description: "the connection ended within an answer") }
            bytes += more
        }
    }

    static func head(_ bytes: ArraySlice<UInt8>) throws -> Reply {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let colon = try #require(line.firstIndex(of: ":"))
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        return Reply(status: status, headers: headers, body: [])
    }
}

/// The query of a source.
func query(_ source: StatsSource = Reports.source()) -> String {
    "session=\(encoded(source.session))&type=\(encoded(source.type))&worker=\(encoded(source.worker))"
}

func encoded(_ text: String) -> String {
    text.utf8.map { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            ? String(UnicodeScalar(byte)) : "%" + String(Int(byte) + 256, radix: 16).suffix(2)
    }.joined()
}

/// A started server on a free port with one storage in memory; stopped at the end.
func withServer(
    _ records: [StatsRecord] = [], _ server: UIServer = UIServer(port: 0),
    _ test: (UIServer, InMemoryStatsStorage, Client) async throws -> Void
) async throws {
    let storage = InMemoryStatsStorage()
    storage.put(records)
    server.attach(storage)
    try await server.start()
    do {
        try await test(server, storage, Client(port: server.port))
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}
