import Foundation
import TestSupport
import Testing
import TrainingStats

@testable import TrainingUI

@Suite("starting and stopping")
struct LifecycleTests {
    @Test("attaching starts nothing; a started server answers; a stopped one does not")
    func startAndStop() async throws {
        let server = UIServer(port: 0)
        let storage = InMemoryStatsStorage()
        server.attach(storage)
        #expect(server.isStopped)
        try await server.start()
        #expect(server.isRunning)
        let port = server.port
        #expect(port > 0)
        #expect(server.address == "http://localhost:\(port)")
        #expect(server.link == "http://localhost:\(port)/train/overview")
        #expect(try await Client(port: port).json("/api/runs")["runs"] as? [String] == [])
        try await server.start()
        #expect(server.port == port)
        await server.stop()
        #expect(server.isStopped)
        await #expect(throws: Socket.Failure.self) { try await Client(port: port).send("GET", "/api/runs") }
        await server.stop()
    }

    @Test("an instance starts again, on the same port and with what was attached")
    func restart() async throws {
        let server = UIServer(port: 0)
        let storage = InMemoryStatsStorage()
        server.attach(storage)
        try await server.start()
        let port = server.port
        server.port = port
        for _ in 0..<3 {
            await server.stop()
            try await server.start()
            #expect(server.port == port)
        }
        storage.put(Reports.run(1))
        let runs = try await Client(port: port).json("/api/runs")["runs"] as? [[String: Any]]
        #expect(runs?.count == 1)
        await server.stop()
    }

    @Test("a taken port is one clear line")
    func takenPort() async throws {
        try await withServer { server, _, _ async throws in
            let other = UIServer(port: server.port)
            let error = await #expect(throws: UIServerError.self) { try await other.start() }
            #expect(error == .portInUse(port: server.port))
            #expect(
                error?.description
                    == "port \(server.port) is already in use; choose another with --ui-port or W2V_UI_PORT")
            #expect(other.isStopped)
            // It starts when the port is free.
            await server.stop()
            try await other.start()
            #expect(other.isRunning)
            await other.stop()
        }
    }

    @Test("a program that is not asynchronous can start and stop it")
    func blocking() async throws {
        let server = UIServer(port: 0)
        let isRunning = try await offThread {
            try server.startAndWait()
            return server.isRunning
        }
        #expect(isRunning)
        #expect(try await Client(port: server.port).send("GET", "/api/runs").status == 200)
        try await offThread { server.stop() }
        #expect(server.isStopped)
    }

    @Test("localhost means both addresses of this machine, where there are two")
    func bothLoopbacks() async throws {
        try await withServer { server, _, client async throws in
            #expect(try await client.send("GET", "/api/runs").status == 200)
            let hasV6 = try await offThread { (try? Socket(port: server.port, isV6: true)) != nil }
            guard hasV6 else { return }
            #expect(try await client.send("GET", "/api/runs", host: "[::1]:\(server.port)", isV6: true).status == 200)
        }
    }

    @Test("ports come from the program, from W2V_UI_PORT, or are 9000")
    func ports() throws {
        #expect(try UIServer.configuredPort(8_080, environment: "1234") == 8_080)
        #expect(try UIServer.configuredPort(nil, environment: "1234") == 1_234)
        #expect(try UIServer.configuredPort(nil, environment: nil) == 9_000)
        #expect(try UIServer.configuredPort(nil, environment: "") == 9_000)
        #expect(throws: UIServerError.invalidPort(name: "W2V_UI_PORT", value: "9x")) {
            try UIServer.configuredPort(nil, environment: "9x")
        }
        #expect(throws: UIServerError.invalidPort(name: "port", value: "65536")) {
            try UIServer.configuredPort(65_536, environment: nil)
        }
        #expect(
            UIServerError.invalidPort(name: "W2V_UI_PORT", value: "9\u{1b}[2J").description
                == "W2V_UI_PORT: '9\\u{1b}[2J' is no port; expected a number from 0 to 65535")
    }

    @Test("one server for the program, others on request")
    func instances() {
        #expect(UIServer.getInstance() === UIServer.getInstance())
        #expect(UIServer() !== UIServer.getInstance())
    }

    @Test("a storage is attached once, and taken away")
    func attachAndDetach() async throws {
        try await withServer(Reports.run(1)) { server, storage, client async throws in
            server.attach(storage)
            #expect(server.storages.count == 1)
            let other = InMemoryStatsStorage()
            other.put(Reports.run(1, source: Reports.source("other")))
            server.attach(other)
            #expect(try await sessions(client) == ["other", "run"])
            server.detach(storage)
            #expect(try await sessions(client) == ["other"])
            #expect(try await client.send("GET", "/api/series?" + query()).status == 404)
            server.detach(storage)
            #expect(server.storages.count == 1)
        }
    }

    @Test("an unknown session is asked for at the provider, and attached")
    func provider() async throws {
        let found = InMemoryStatsStorage()
        found.put(Reports.run(3, source: Reports.source("elsewhere")))
        try await withServer { server, _, client async throws in
            server.sessionProvider = { $0 == "elsewhere" ? found : nil }
            #expect(try await client.send("GET", "/api/series?" + query()).status == 404)
            #expect(try await client.json("/api/series?" + query(Reports.source("elsewhere")))["updates"] as? Int == 3)
            #expect(try await sessions(client) == ["elsewhere"])
        }
    }

    private func sessions(_ client: Client) async throws -> [String] {
        let runs = try #require(try await client.json("/api/runs")["runs"] as? [[String: Any]])
        return runs.compactMap { $0["session"] as? String }.sorted()
    }
}
