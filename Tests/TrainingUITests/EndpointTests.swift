import Foundation
import Testing
import Training
import TrainingStats

@testable import TrainingUI

@Suite("answers")
struct EndpointTests {
    @Test("runs, with name, state and progress, the newest first")
    func runs() async throws {
        var records = Reports.run(3)
        let other = Reports.source("later", worker: "w1")
        records += Reports.opening(other, command: nil).map { record in
            guard case .staticInfo(var info) = record.content else { return record }
            info.startTime += 5_000
            var later = record
            later.content = .staticInfo(info)
            return later
        }
        records.append(Reports.update(8, of: 8, source: other))
        try await withServer(records) { server, storage, client async throws in
            let answer = try await client.json("/api/runs")
            let runs = try #require(answer["runs"] as? [[String: Any]])
            #expect(runs.map { $0["session"] as? String } == ["later", "run"])
            #expect((answer["problems"] as? [String]) == [])
            let now = try #require(answer["now"] as? Int)
            #expect(abs(now - Int(Date().timeIntervalSince1970 * 1_000)) < 60_000)
            #expect(runs[0]["state"] as? String == "finished")
            #expect(runs[0]["command"] is NSNull)
            #expect(runs[0]["fraction"] as? Double == 1)
            #expect(runs[0]["start"] as? Int == 1_700_000_005_000)
            let run = runs[1]
            // Its reports are of the year 2023.
            #expect(run["state"] as? String == "silent")
            #expect(run["name"] as? String == "run")
            #expect(run["command"] as? String == "w2v train")
            #expect(run["modelClass"] as? String == "Word2Vec")
            #expect(run["storage"] as? String == "memory")
            #expect(run["updates"] as? Int == 3)
            #expect(run["iteration"] as? Int == 2)
            #expect(run["fraction"] as? Double == 0.002)
            #expect(run["score"] as? Double == Reports.score(2))
            #expect(run["hasLayers"] as? Bool == true)
            #expect(run["hasMap"] as? Bool == false)
            #expect(run["lastUpdate"] as? Int == 1_700_000_002_000)
            let worker = try #require((run["workers"] as? [[String: Any]])?.first)
            #expect(worker["type"] as? String == Reports.type)
            #expect(worker["worker"] as? String == "w0")
            #expect(worker["updates"] as? Int == 3)
            #expect(worker["isLast"] as? Bool == false)

            // What arrives now makes it a running one, at once.
            storage.put([Reports.update(3)])
            #expect(storage.flush(timeout: .seconds(10)))
            let again = try #require(try await client.json("/api/runs")["runs"] as? [[String: Any]])
            #expect(again[1]["state"] as? String == "running")
            #expect(again[1]["updates"] as? Int == 4)
            let lastUpdate = try #require(again[1]["lastUpdate"] as? Int)
            #expect(lastUpdate >= now)
        }
    }

    @Test("a storage that cannot be read is a problem of its own")
    func closedStorage() async throws {
        try await withServer(Reports.run(1)) { server, storage, client async throws in
            storage.close()
            #expect((try await client.json("/api/runs")["runs"] as? [Any])?.isEmpty == true)
            #expect(try await client.send("GET", "/api/series?" + query()).status == 404)
        }
    }

    @Test("static information and metadata, without the labels")
    func info() async throws {
        try await withServer(Reports.opening(labels: ["a", "b"])) { _, _, client async throws in
            let answer = try await client.json("/api/info?" + query())
            let model = try #require((answer["info"] as? [String: Any])?["model"] as? [String: Any])
            #expect(model["modelClass"] as? String == "Word2Vec")
            #expect((model["layers"] as? [Any])?.count == 2)
            #expect((model["labels"] as? [Any])?.isEmpty == true)
            #expect((answer["metadata"] as? [String: Any])?["command"] as? String == "w2v train")
            #expect((answer["workers"] as? [Any])?.count == 1)
            #expect(try await client.json("/api/labels?" + query())["labels"] as? [String] == ["a", "b"])
        }
    }

    @Test("series of all columns or of some")
    func series() async throws {
        try await withServer(Reports.run(3)) { _, storage, client async throws in
            let all = try await client.json("/api/series?" + query())
            #expect(all["updates"] as? Int == 3)
            #expect(all["lastSequence"] as? Int == 4)
            #expect(all["firstSequences"] as? [Int] == [2, 3, 4])
            #expect(all["lastSequences"] as? [Int] == [2, 3, 4])
            #expect(all["iterations"] as? [Int] == [0, 1, 2])
            #expect((all["timestamps"] as? [Int])?.first == 1_700_000_000_000)
            let columns = try #require(all["columns"] as? [String: [String: Any]])
            #expect(Set(columns.keys) == Set(Reports.report(0).scalars.map(\.name)))
            #expect(columns["score"]?["mean"] as? [Double] == (0..<3).map(Reports.score))
            #expect(columns["score"]?["low"] == nil)

            let some = try await client.json(
                "/api/series?" + query() + "&name=score&name=" + encoded("layer/input/ratio") + "&name=none")
            #expect(Set((some["columns"] as? [String: Any] ?? [:]).keys) == ["score", "layer/input/ratio"])

            storage.put([Reports.update(3, score: .nan), Reports.update(4, score: -.infinity)])
            #expect(storage.flush(timeout: .seconds(10)))
            let later = try await client.json("/api/series?" + query() + "&name=score")
            let score = try #require((later["columns"] as? [String: [String: Any]])?["score"])
            #expect((score["mean"] as? [Any])?.count == 5)
            #expect((score["mean"] as? [Any])?.last is NSNull)
            #expect(score["nonFinite"] as? [String: Int] == ["3": 1, "4": 1])
        }
    }

    @Test("a long series has at most 1,024 points, whose extremes are kept")
    func longSeries() async throws {
        var records = Reports.run(3_000)
        records[1_502] = Reports.update(1_500, score: 1_000)
        try await withServer(records) { _, _, client async throws in
            let series = try await client.json("/api/series?" + query() + "&name=score")
            #expect(series["updates"] as? Int == 3_000)
            let iterations = try #require(series["iterations"] as? [Int])
            #expect(iterations.count <= 1_024)
            #expect(iterations.last == 2_999)
            let score = try #require((series["columns"] as? [String: [String: Any]])?["score"])
            let (low, high) = (score["low"] as? [Double], score["high"] as? [Double])
            #expect(high?.max() == 1_000)
            #expect(low?.count == iterations.count)
        }
    }

    @Test("updates that arrive late are in the series, too")
    func lateUpdates() async throws {
        try await withServer(Reports.run(5)) { _, storage, client async throws in
            storage.put([Reports.update(10)])
            #expect(storage.flush(timeout: .seconds(10)))
            #expect(try await client.json("/api/series?" + query())["updates"] as? Int == 6)
            storage.put([Reports.update(7)])
            #expect(storage.flush(timeout: .seconds(10)))
            let series = try await client.json("/api/series?" + query())
            #expect(series["updates"] as? Int == 7)
            #expect(series["iterations"] as? [Int] == [0, 1, 2, 3, 4, 7, 10])
        }
    }

    @Test("the last report as a whole")
    func latest() async throws {
        try await withServer(Reports.opening()) { _, storage, client async throws in
            let none = try await client.send("GET", "/api/latest?" + query())
            #expect(none.status == 404)
            #expect(try none.error() == "there is no report yet")
            storage.put([Reports.update(0), Reports.update(1, score: .nan)])
            #expect(storage.flush(timeout: .seconds(10)))
            let reply = try await client.send("GET", "/api/latest?" + query())
            let latest = try reply.json()
            #expect(latest["sequence"] as? Int == 3)
            #expect(latest["timestamp"] as? Int == 1_700_000_001_000)
            #expect((latest["report"] as? [String: Any])?["score"] as? String == "NaN")
        }
    }

    @Test("histograms over the run, at most 64")
    func strip() async throws {
        try await withServer(Reports.run(300)) { _, storage, client async throws in
            let path = "/api/strip?" + query() + "&layer=input&kind=gradients"
            let strip = try await client.json(path)
            let iterations = try #require(strip["iterations"] as? [Int])
            let histograms = try #require(strip["histograms"] as? [[String: Any]])
            #expect(iterations.count == 64)
            #expect(histograms.count == 64)
            #expect(iterations.first == 0)
            #expect(iterations.last == 299)
            #expect((histograms[0]["counts"] as? [Int])?.count == 20)
            #expect(histograms[0]["nonFinite"] as? Int == 0)
            let none = try await client.json("/api/strip?" + query() + "&layer=none&kind=gradients")
            #expect((none["histograms"] as? [Any])?.isEmpty == true)
            let wrong = try await client.send("GET", "/api/strip?" + query() + "&layer=input&kind=bias")
            #expect(wrong.status == 400)
            #expect(try wrong.error() == "'kind' must be one of parameters, gradients, updates, activations")
            #expect(try await client.send("GET", "/api/strip?" + query() + "&kind=gradients").status == 400)
        }
    }

    @Test("maps, one by one")
    func maps() async throws {
        let records = Reports.opening() + [Reports.map(10, sequence: 2), Reports.map(20, sequence: 3)]
        try await withServer(records) { _, _, client async throws in
            let maps = try #require(try await client.json("/api/maps?" + query())["maps"] as? [[String: Int]])
            #expect(maps == [["sequence": 2, "iteration": 10], ["sequence": 3, "iteration": 20]])
            let map = try await client.json("/api/map?" + query() + "&sequence=3")
            #expect(map["count"] as? Int == 3)
            #expect(map["high"] as? [Double] == [2, 20])
            #expect(Data(base64Encoded: map["packed"] as? String ?? "")?.count == 12)
            #expect(try await client.send("GET", "/api/map?" + query() + "&sequence=4").status == 404)
            #expect(try await client.send("GET", "/api/map?" + query() + "&sequence=x").status == 400)
            let run = try #require((try await client.json("/api/runs")["runs"] as? [[String: Any]])?.first)
            #expect(run["hasMap"] as? Bool == true)
        }
    }

    @Test("renaming and removing")
    func changes() async throws {
        try await withServer(Reports.run(2)) { server, storage, client async throws in
            let token = ["X-W2V-Token: \(server.pageToken.value)"]
            let renamed = try await client.post(
                "/api/rename", #"{"session":"run","name":"my \u0000best run"}"#, headers: token)
            #expect(renamed.status == 400)
            let good = try await client.post("/api/rename", #"{"session":"run","name":"my best run"}"#, headers: token)
            #expect(good.status == 200)
            let run = try #require((try await client.json("/api/runs")["runs"] as? [[String: Any]])?.first)
            #expect(run["name"] as? String == "my best run")
            #expect(run["session"] as? String == "run")
            #expect(try await client.post("/api/rename", #"{"session":"x","name":"y"}"#, headers: token).status == 404)

            #expect(try await client.json("/api/series?" + query())["updates"] as? Int == 2)
            #expect(try await client.post("/api/remove", #"{"session":"run"}"#, headers: token).status == 200)
            #expect((try await client.json("/api/runs")["runs"] as? [Any])?.isEmpty == true)
            #expect(try await client.send("GET", "/api/series?" + query()).status == 404)
            #expect(try storage.listSessionIDs().isEmpty)
            #expect(try await client.post("/api/remove", #"{"session":"run"}"#, headers: token).status == 404)
        }
    }

    @Test(
        "questions that make no sense are refused with a sentence",
        arguments: [
            ("/api/series", 400, "the query lacks 'session'"),
            ("/api/series?session=a&session=b&type=t&worker=w", 400, "the query has 'session' more than once"),
            ("/api/series?session=run&type=StatsListener", 400, "the query lacks 'worker'"),
            ("/api/series?session=run&type=StatsListener&worker=none", 404, "this session has no such worker"),
            ("/api/series?session=none&type=t&worker=w", 404, "there is no such session"),
            ("/api/series?session=%ff&type=t&worker=w", 400, "the query is not percent-encoded UTF-8"),
            ("/api/series?session=%2", 400, "the query is not percent-encoded UTF-8"),
            ("/api/none", 404, "there is no such page"),
            ("/api/", 404, "there is no such page"),
            ("/train/none", 404, "there is no such page"),
            ("/assets/../Package.swift", 404, "there is no such page"),
            ("/assets/ui/page.html", 404, "there is no such page"),
            ("/%00", 404, "there is no such page"),
        ])
    func badQuestions(path: String, status: Int, sentence: String) async throws {
        try await withServer(Reports.run(1)) { _, _, client async throws in
            let reply = try await client.send("GET", path)
            #expect(reply.status == status)
            #expect(try reply.error() == sentence)
            #expect(reply.headers["content-type"] == "application/json; charset=utf-8")
        }
    }

    @Test("identifiers are data, whatever is in them")
    func hostileIdentifiers() async throws {
        let source = StatsSource(
            session: #"</script><img src=x onerror=alert(1)>"&%"#, type: "タイプ & type", worker: #"w"\'=+ #?"#)
        try await withServer(Reports.run(2, source: source)) { _, _, client async throws in
            let reply = try await client.send("GET", "/api/runs")
            #expect(!reply.text.contains("<"))
            let run = try #require((try reply.json()["runs"] as? [[String: Any]])?.first)
            #expect(run["session"] as? String == source.session)
            #expect(try await client.json("/api/series?" + query(source))["updates"] as? Int == 2)
            #expect(try await client.json("/api/info?" + query(source))["info"] is [String: Any])
        }
    }

    @Test("HEAD is GET without the body; other methods are refused")
    func methods() async throws {
        try await withServer(Reports.run(1)) { server, _, client async throws in
            let head = try await client.send("HEAD", "/api/runs")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect((head.headers["content-length"].flatMap { Int($0) } ?? 0) > 100)
            for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
                let reply = try await client.send(method, "/api/runs")
                #expect(reply.status == 405)
                #expect(reply.headers["allow"] == "GET, HEAD")
            }
            #expect(try await client.post("/api/runs", "{}").status == 405)
            for path in ["/api/rename", "/api/remove", "/api/records"] {
                let reply = try await client.send("GET", path + "?session=run&name=x")
                #expect(reply.status == 405)
                #expect(reply.headers["allow"] == "POST")
            }
        }
    }
}
