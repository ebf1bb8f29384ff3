import FileAccess
import Foundation
import TestSupport
import Testing
import TrainingStats

@testable import TrainingUI

@Suite("records from other machines")
struct RemoteListenerTests {
    private static let token = "remote-token-0123456789"

    private func post(
        _ client: Client, _ body: [UInt8], token: String? = RemoteListenerTests.token, headers: [String] = []
    ) async throws -> Reply {
        try await client.send(
            "POST", "/api/records",
            headers: ["Content-Type: application/json"] + (token.map { ["Authorization: Bearer \($0)"] } ?? [])
                + headers,
            body: body)
    }

    @Test("off by default, on with a token, off again")
    func onAndOff() async throws {
        try await withServer { server, _, client async throws in
            let body = try StatsJSON.encode(Reports.run(2))
            #expect(server.remoteToken == nil)
            let off = try await post(client, body)
            #expect(off.status == 404)
            #expect(try off.error() == "the remote listener is off")

            #expect(throws: UIServerError.self) { try server.enableRemoteListener(token: "short") }
            try server.enableRemoteListener(token: Self.token)
            #expect(server.remoteToken == Self.token)
            for token in [nil, "", "x", Self.token + "x", String(Self.token.dropLast())] {
                let reply = try await post(client, body, token: token)
                #expect(reply.status == 403)
                #expect(try reply.error() == "the token is missing or wrong")
            }
            // The page's token is another.
            #expect(try await post(client, body, token: server.pageToken.value).status == 403)
            #expect((try await client.json("/api/runs")["runs"] as? [Any])?.isEmpty == true)

            let reply = try await post(client, body)
            #expect(reply.status == 200)
            #expect(try reply.json() as? [String: Int] == ["accepted": 4, "duplicates": 0])
            #expect((try await client.json("/api/runs")["runs"] as? [Any])?.count == 1)

            server.disableRemoteListener()
            #expect(try await post(client, body).status == 404)
            // What arrived stays.
            #expect((try await client.json("/api/runs")["runs"] as? [Any])?.count == 1)
            let new = server.enableRemoteListener()
            #expect(new == server.remoteToken)
            #expect(try await post(client, body).status == 403)
            #expect(
                try await post(client, body, token: new).json() as? [String: Int] == ["accepted": 0, "duplicates": 4])
        }
    }

    @Test("each record counts once, packed or not")
    func idempotent() async throws {
        try await withServer { server, storage, client async throws in
            try server.enableRemoteListener(token: Self.token, storage: storage)
            let first = try StatsJSON.encode(Reports.run(10))
            let both = try StatsJSON.encode(Reports.run(12))
            #expect(try await post(client, first).json() as? [String: Int] == ["accepted": 12, "duplicates": 0])
            let packed = try await post(client, Gzip.compress(both), headers: ["Content-Encoding: gzip"])
            #expect(try packed.json() as? [String: Int] == ["accepted": 2, "duplicates": 12])
            #expect(try await client.json("/api/series?" + query())["updates"] as? Int == 12)
            #expect(server.storages.count == 1)
        }
    }

    @Test("posted records reach the pages that listen")
    func toEvents() async throws {
        try await withServer { server, storage, client async throws in
            try server.enableRemoteListener(token: Self.token, storage: storage)
            _ = try await post(client, try StatsJSON.encode(Reports.run(1)))
            let reader = try await EventReader(client, "/api/events?" + query())
            _ = try await post(client, try StatsJSON.encode([Reports.update(1)]))
            #expect(await reader.next(named: "point")?.id == 3)
        }
    }

    @Test(
        "what is no array of records is refused with the place, and nothing of it is kept",
        arguments: ["", "{", "{}", "[1]", #"[{"source":1}]"#, "\u{0}", "[" + String(repeating: "[", count: 100_000)])
    func malformed(json: String) async throws {
        try await withServer { server, storage, client async throws in
            try server.enableRemoteListener(token: Self.token, storage: storage)
            let reply = try await post(client, Array(json.utf8))
            #expect(reply.status == 400)
            #expect(!(try reply.error().isEmpty))
            #expect(try storage.listSessionIDs().isEmpty)
        }
    }

    @Test("one bad record spoils its batch, and the answer says where")
    func badRecord() async throws {
        try await withServer { server, storage, client async throws in
            try server.enableRemoteListener(token: Self.token, storage: storage)
            var records = Reports.run(2)
            records[2].sequence = -5
            let reply = try await post(client, try StatsJSON.encode(records))
            #expect(reply.status == 400)
            #expect(try reply.error().hasPrefix("record 2, sequence: "))
            #expect(try storage.listSessionIDs().isEmpty)
        }
    }

    @Test("packed bodies that are damaged, cut, of another kind, or bombs")
    func packed() async throws {
        try await withServer { server, storage, client async throws in
            try server.enableRemoteListener(token: Self.token, storage: storage)
            let good = Gzip.compress(try StatsJSON.encode(Reports.run(2)))
            var damaged = good
            damaged[damaged.count / 2] ^= 0xff
            for body in [damaged, Array(good.dropLast(5)), Array("[]".utf8), []] {
                #expect(try await post(client, body, headers: ["Content-Encoding: gzip"]).status == 400)
            }
            let other = try await post(client, good, headers: ["Content-Encoding: br"])
            #expect(other.status == 415)
            let bomb = Gzip.compress([UInt8](repeating: 32, count: BodyReader.unpackedLimit + 1), level: 1)
            #expect(bomb.count < BodyReader.recordsLimit)
            let reply = try await post(client, bomb, headers: ["Content-Encoding: gzip"])
            #expect(reply.status == 413)
            #expect(try reply.error() == "the body is larger than 64 MB unpacked")
            #expect(try storage.listSessionIDs().isEmpty)
        }
    }

    @Test("100 MB are refused at the first byte, announced or not, and the server goes on")
    func hugePost() async throws {
        try await withServer { server, storage, client async throws in
            try server.enableRemoteListener(token: Self.token, storage: storage)
            let port = client.port
            let head =
                "POST /api/records HTTP/1.1\r\nHost: localhost:\(port)\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer \(Self.token)\r\n"
            // Announced: the answer comes before any of the body.
            let announced = try await client.exchange(Array((head + "Content-Length: 104857600\r\n\r\n").utf8))
            #expect(announced.status == 413)
            #expect(try announced.error() == "the body is larger than 16 MB")
            #expect(announced.headers["connection"] == "close")
            // In chunks of 1 MB: the server answers after 16 of them and then closes; sending may fail by then.
            let chunked = try await offThread {
                let socket = try Socket(port: port)
                try socket.write(Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8))
                let chunk = Array("100000\r\n".utf8) + [UInt8](repeating: 32, count: 1 << 20) + Array("\r\n".utf8)
                for _ in 0..<100 {
                    do { try socket.write(chunk) } catch { break }
                }
                return try? Client.reply(socket)
            }
            // A connection that was reset has lost the answer; but never is such a body taken.
            #expect(chunked?.status ?? 413 == 413)
            #expect(try storage.listSessionIDs().isEmpty)
            #expect(try await client.send("GET", "/api/runs").status == 200)
        }
    }

    @Test("a storage that takes nothing any more is no success")
    func closedStorage() async throws {
        try await withServer { server, storage, client async throws in
            try server.enableRemoteListener(token: Self.token, storage: storage)
            storage.close()
            let reply = try await post(client, try StatsJSON.encode(Reports.run(1)))
            #expect(reply.status == 503)
            #expect(try reply.error() == "memory: the storage is closed")
        }
    }
}
