import Foundation
import TestSupport
import Testing
import Training
import TrainingStats

@testable import TrainingUI

@Suite("event streams")
struct EventStreamTests {
    @Test("points arrive as they come, each once and with its values")
    func points() async throws {
        try await withServer(Reports.run(3)) { _, storage, client async throws in
            let reader = try await EventReader(client, "/api/events?" + query())
            #expect(reader.reply.status == 200)
            #expect(reader.reply.headers["content-type"] == "text/event-stream; charset=utf-8")
            #expect(reader.reply.headers["cache-control"] == "no-store")
            for number in 3..<40 { storage.put([Reports.update(number, score: number == 20 ? .nan : nil)]) }
            for number in 3..<40 {
                let event = try #require(await reader.next())
                #expect(event.name == "point")
                #expect(event.id == number + 2)
                let data = try event.json()
                #expect(data["sequence"] as? Int == number + 2)
                #expect(data["iteration"] as? Int == number)
                #expect(data["timestamp"] as? Int == 1_700_000_000_000 + number * 1_000)
                let values = try #require(data["values"] as? [String: Any])
                #expect(values.count == Reports.report(number).scalars.count)
                if number == 20 {
                    #expect(values["score"] as? String == "NaN")
                } else {
                    #expect(values["score"] as? Double == Reports.score(number))
                }
            }
        }
    }

    @Test("a connection that comes back goes on where it ended")
    func resume() async throws {
        try await withServer(Reports.run(10)) { _, storage, client async throws in
            let reader = try await EventReader(client, "/api/events?" + query(), lastEventID: "6")
            for number in 5..<10 {
                let event = try #require(await reader.next())
                #expect(event.name == "point")
                #expect(event.id == number + 2)
            }
            storage.put([Reports.update(10)])
            #expect(await reader.next()?.id == 12)
            #expect(try await EventReader(client, "/api/events?" + query(), lastEventID: "x").reply.status == 400)
        }
    }

    @Test("where points have been merged, or do not exist, the page asks again")
    func reset() async throws {
        try await withServer(Reports.run(3_000)) { _, storage, client async throws in
            let reader = try await EventReader(client, "/api/events?" + query(), lastEventID: "5")
            let event = try #require(await reader.next())
            #expect(event.name == "reset")
            #expect(event.data == "{}")
            #expect(event.id == 3_001)
            storage.put([Reports.update(3_000)])
            #expect(await reader.next()?.id == 3_002)
            // A number beyond the last: the run began anew under the same name.
            let other = try await EventReader(client, "/api/events?" + query(), lastEventID: "999999")
            #expect(await other.next()?.name == "reset")
        }
    }

    @Test("maps, information and the list of runs are told, too")
    func otherEvents() async throws {
        try await withServer(Reports.run(1)) { server, storage, client async throws in
            let reader = try await EventReader(client, "/api/events?" + query())
            storage.put([Reports.map(7, sequence: 3)])
            let map = try #require(await reader.next(named: "map"))
            #expect(try map.json() as? [String: Int] == ["sequence": 3, "iteration": 7])
            storage.put([
                StatsRecord(
                    source: Reports.source(), sequence: 4, timestamp: 0,
                    content: .metadata(SessionMetadata(name: "named")))
            ])
            #expect(await reader.next(named: "info")?.data == "{}")
            #expect(await reader.next(named: "runs")?.data == "{}")
            storage.put(Reports.opening(Reports.source("second")))
            #expect(await reader.next(named: "runs") != nil)
            // The end of a run changes its state in the list.
            storage.put([Reports.update(1_000, sequence: 5, of: 1_000)])
            #expect(await reader.next(named: "point") != nil)
            #expect(await reader.next(named: "runs") != nil)
        }
    }

    @Test("without a source only the list of runs is told")
    func runsOnly() async throws {
        try await withServer { server, storage, client async throws in
            let reader = try await EventReader(client, "/api/events")
            storage.put(Reports.run(1))
            #expect(await reader.next()?.name == "runs")
            storage.put([Reports.update(1)])
            #expect(await reader.next()?.name == "runs")
            #expect(try await EventReader(client, "/api/events?session=run").reply.status == 400)
            let unknown = query(Reports.source("none"))
            #expect(try await EventReader(client, "/api/events?" + unknown).reply.status == 404)
        }
    }

    @Test("a comment is sent while nothing happens")
    func keepAlive() async throws {
        try await withServer(Reports.run(1)) { _, _, client async throws in
            let reader = try await EventReader(client, "/api/events?" + query())
            #expect(await reader.next(skipping: ["retry"])?.name == ":")
        }
    }

    @Test("clients are counted, and gone ones make room")
    func clientLimit() async throws {
        try await withServer(Reports.run(1)) { server, _, client async throws in
            var readers: [EventReader] = []
            for _ in 0..<EventHub.clientLimit { readers.append(try await EventReader(client, "/api/events")) }
            #expect(server.observatory.events.count == EventHub.clientLimit)
            let refused = try await client.send("GET", "/api/events")
            #expect(refused.status == 503)
            #expect(try refused.error().hasPrefix("64 event streams are open already"))
            #expect(refused.headers["retry-after"] != nil)
            readers.removeLast().close()
            var status = 503
            for _ in 0..<500 where status != 200 {
                try await Task.sleep(for: .milliseconds(10))
                let reader = try await EventReader(client, "/api/events")
                status = reader.reply.status
            }
            #expect(status == 200)
        }
    }

    @Test("streams end when the server stops")
    func serverStops() async throws {
        try await withServer(Reports.run(1)) { server, _, client async throws in
            let readers = [
                try await EventReader(client, "/api/events"),
                try await EventReader(client, "/api/events?" + query()),
            ]
            await server.stop()
            for reader in readers { #expect(await reader.next() == nil) }
            #expect(server.observatory.events.count == 0)
        }
    }

    @Test("a reader that does not read costs nobody anything, and is told to start over")
    func slowReader() async throws {
        try await withServer(Reports.run(1)) { server, storage, client async throws in
            let request = "GET /api/events?\(query()) HTTP/1.1\r\nHost: localhost:\(client.port)\r\n\r\n"
            let socket = try await offThread {
                let socket = try Socket(port: client.port)
                try socket.write(Array(request.utf8))
                _ = try socket.read()
                return socket
            }
            let reader = try await EventReader(client, "/api/events?" + query())
            // Far more than the sockets' buffers hold, while only the other one reads.
            let last = 30_000
            for first in stride(from: 1, to: last, by: 200) {
                storage.put((first..<(first + 200)).map { Reports.update($0, of: 100_000) })
            }
            while let event = await reader.next(), event.id != last + 2 {}
            let text = try await offThread {
                var text = ""
                while !text.contains("id: \(last + 2)\n") {
                    text += String(decoding: try socket.read(), as: UTF8.self)
                }
                return text
            }
            #expect(text.contains("event: reset"))
        }
    }
}
