import FileAccess
import Foundation
import Testing
import TrainingStats

@testable import TrainingUI

@Suite("who may ask what")
struct SecurityTests {
    @Test("only the host names of this machine, with the server's port")
    func hosts() async throws {
        try await withServer { server, _, client async throws in
            let port = client.port
            for host in ["localhost:\(port)", "LOCALHOST:\(port)", "127.0.0.1:\(port)", "[::1]:\(port)"] {
                #expect(try await client.send("GET", "/api/runs", host: host).status == 200)
            }
            for host in [
                "evil.example", "evil.example:\(port)", "localhost:1", "localhost", "localhost.evil.example:\(port)",
                "127.0.0.1.evil.example:\(port)", "192.168.1.1:\(port)", "", "localhost:\(port)@evil.example",
            ] {
                let reply = try await client.send("GET", "/api/runs", host: host)
                #expect(reply.status == 403, "\(host)")
                #expect(try reply.error() == "the Host header does not name this server")
                #expect(try await client.send("GET", "/assets/ui/main.js", host: host).status == 403)
            }
            let twice = try await client.send("GET", "/api/runs", headers: ["Host: evil.example"])
            #expect(twice.status == 403)
            let none = try await client.exchange(Array("GET /api/runs HTTP/1.0\r\n\r\n".utf8))
            #expect(none.status == 403)
        }
    }

    @Test("posts of pages of other sites are refused")
    func origins() async throws {
        try await withServer(Reports.run(1)) { server, storage, client async throws in
            let port = client.port
            let fields = ["Content-Type: application/json", "X-W2V-Token: \(server.pageToken.value)"]
            let body = Array(#"{"session":"run","name":"x"}"#.utf8)
            for origin in ["http://evil.example", "null", "http://localhost:\(port + 1)", "http://127.0.0.1:\(port)"] {
                let reply = try await client.send(
                    "POST", "/api/rename", headers: fields + ["Origin: \(origin)"], body: body)
                #expect(reply.status == 403, "\(origin)")
                #expect(try reply.error() == "the request comes from a page of another site")
            }
            #expect(try storage.metadata(session: "run")?.name == nil)
            let own = try await client.send(
                "POST", "/api/rename", headers: fields + ["Origin: http://localhost:\(port)"], body: body)
            #expect(own.status == 200)
            // A program sends no origin.
            #expect(try await client.send("POST", "/api/rename", headers: fields, body: body).status == 200)
        }
    }

    @Test("changes need the page's token, and JSON")
    func pageToken() async throws {
        try await withServer(Reports.run(1)) { server, storage, client async throws in
            let right = server.pageToken.value
            for token in ["", "x", String(right.dropLast()), right + "x", right.uppercased()] {
                let reply = try await client.post(
                    "/api/remove", #"{"session":"run"}"#, headers: token.isEmpty ? [] : ["X-W2V-Token: \(token)"])
                #expect(reply.status == 403)
                #expect(try reply.error() == "the page's token is missing or old; load the page again")
            }
            let form = try await client.send(
                "POST", "/api/remove", headers: ["Content-Type: text/plain", "X-W2V-Token: \(right)"],
                body: Array(#"{"session":"run"}"#.utf8))
            #expect(form.status == 415)
            for json in ["", "{", "[]", #"{"session":1}"#, #"{"name":"x"}"#] {
                let reply = try await client.post("/api/remove", json, headers: ["X-W2V-Token: \(right)"])
                #expect(reply.status == 400, "\(json)")
                #expect(!(try reply.error().isEmpty))
            }
            #expect(try storage.sessionExists("run"))
        }
        #expect(UIServer(port: 0).pageToken.value != UIServer(port: 0).pageToken.value)
    }

    @Test("other machines only with a token")
    func hostNeedsToken() throws {
        let server = UIServer(port: 0)
        #expect(server.host == "localhost")
        #expect(throws: UIServerError.hostNeedsToken(host: "0.0.0.0")) { try server.setHost("0.0.0.0") }
        #expect(throws: UIServerError.hostNeedsToken(host: "ui.example")) {
            try server.setHost("localhost", names: ["ui.example"])
        }
        #expect(throws: UIServerError.self) { try server.setHost("0.0.0.0", token: "short") }
        #expect(throws: UIServerError.self) { try server.setHost("0.0.0.0", token: "0123456789 0123456789") }
        #expect(throws: UIServerError.self) { try server.setHost("evil\r\nhost", token: "0123456789abcdef") }
        #expect(throws: UIServerError.self) { try server.setHost("", token: "0123456789abcdef") }
        #expect(server.host == "localhost")
        try server.setHost("127.0.0.1")
        try server.setHost("::1")
        #expect(server.address.hasPrefix("http://[::1]:"))
        try server.setHost("0.0.0.0", token: "0123456789abcdef")
        #expect(server.link.hasSuffix("/train/overview?token=0123456789abcdef"))
    }

    @Test("with a token every request shows it: by header, or by the cookie that the link leaves")
    func accessToken() async throws {
        let token = "a-token-that-nobody-guesses"
        let server = UIServer(port: 0)
        try server.setHost("0.0.0.0", token: token, names: ["ui.example"])
        try await withServer(Reports.run(1), server) { server, _, client async throws in
            for path in ["/", "/train/overview", "/api/runs", "/api/events", "/assets/ui/main.js", "/none"] {
                let reply = try await client.send("GET", path)
                #expect(reply.status == 401, "\(path)")
                #expect(reply.headers["www-authenticate"] == "Bearer")
            }
            #expect(try await client.post("/api/rename", "{}").status == 401)
            #expect(
                try await client.send("GET", "/api/runs", headers: ["Authorization: Bearer \(token)"]).status == 200)
            for wrong in ["Bearer x\(token)", "Bearer", "Basic \(token)", token] {
                #expect(
                    try await client.send("GET", "/api/runs", headers: ["Authorization: \(wrong)"]).status == 401)
            }
            #expect(try await client.send("GET", "/train/model?token=x\(token)").status == 403)

            let link = try await client.send("GET", "/train/model?lang=ja&token=\(token)")
            #expect(link.status == 200)
            #expect(link.headers["refresh"] == "0; url=/train/model?lang=ja")
            let cookie = try #require(link.headers["set-cookie"])
            #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
            #expect(!cookie.contains(token))
            let pair = try #require(cookie.split(separator: ";").first)
            #expect(
                try await client.send("GET", "/api/runs", headers: ["Cookie: other=1; \(pair); last=2"]).status == 200)
            #expect(try await client.send("GET", "/api/runs", headers: ["Cookie: \(pair)x"]).status == 401)

            // Addresses in digits and the names that were given; no others.
            let bearer = ["Authorization: Bearer \(token)"]
            for host in ["192.168.7.1:\(client.port)", "ui.example", "ui.example:443", "[fe80::1]:\(client.port)"] {
                #expect(try await client.send("GET", "/api/runs", host: host, headers: bearer).status == 200)
            }
            #expect(try await client.send("GET", "/api/runs", host: "evil.example", headers: bearer).status == 403)
        }
    }

    @Test("every answer keeps browsers within its bounds", arguments: ["/api/runs", "/none", "/", "/favicon.ico"])
    func fields(path: String) async throws {
        try await withServer { _, _, client async throws in
            let headers = try await client.send("GET", path).headers
            #expect(
                headers["content-security-policy"]
                    == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
            #expect(headers["x-content-type-options"] == "nosniff")
            #expect(headers["referrer-policy"] == "no-referrer")
            #expect(headers["cross-origin-opener-policy"] == "same-origin")
            #expect(headers["cross-origin-resource-policy"] == "same-origin")
            #expect(headers["cache-control"] == "no-store")
            #expect(headers["access-control-allow-origin"] == nil)
        }
    }

    @Test("bodies have bounds")
    func bodyLimits() async throws {
        try await withServer(Reports.run(1)) { server, _, client async throws in
            let token = ["X-W2V-Token: \(server.pageToken.value)"]
            let long = String(repeating: "x", count: BodyReader.smallLimit)
            let reply = try await client.post("/api/rename", #"{"session":"run","name":"\#(long)"}"#, headers: token)
            #expect(reply.status == 413)
            #expect(try reply.error() == "the body is larger than 64 kB")
            #expect(try await client.send("GET", "/api/runs", body: Array("{}".utf8)).status == 400)
            // The server may end the connection before the client has sent all of it.
            let huge = try? await client.send("GET", "/" + String(repeating: "x", count: 200_000))
            #expect(huge?.status ?? 400 >= 400)
            #expect(try await client.send("GET", "/api/runs").status == 200)
        }
    }

    @Test(
        "what is no HTTP is refused",
        arguments: ["\u{16}\u{3}\u{1}\r\n\r\n", "GET\r\n\r\n", "GET /\u{1} HTTP/1.1\r\n\r\n"])
    func noHTTP(bytes: String) async throws {
        try await withServer { _, _, client async throws in
            let reply = try? await client.exchange(Array(bytes.utf8))
            #expect((reply?.status ?? 400) >= 400)
            #expect(try await client.send("GET", "/api/runs").status == 200)
        }
    }

    /// The HTTP library may take scheme and host of an absolute target away before anybody here sees them.
    @Test("an absolute target is no way round the host check, and leads nowhere else")
    func absoluteTarget() async throws {
        try await withServer(Reports.run(1)) { _, _, client async throws in
            for host in ["evil.example", "evil.example:\(client.port)", ""] {
                let target = "http://localhost:\(client.port)/api/runs"
                #expect(try await client.send("GET", target, host: host).status == 403, "\(host)")
            }
            let reply = try await client.send("GET", "http://evil.example/api/runs")
            if reply.status == 200 {
                #expect((try reply.json()["runs"] as? [Any])?.count == 1)
            } else {
                #expect(reply.status == 400 || reply.status == 403)
            }
        }
    }

    @Test("tokens match whole, and in a time that does not depend on them")
    func tokens() throws {
        let token = try AccessToken("0123456789abcdef")
        #expect(token.matches("0123456789abcdef"))
        for offer in ["", "0", "0123456789abcde", "0123456789abcdeg", "0123456789abcdef0123456789abcdef"] {
            #expect(!token.matches(offer))
        }
        #expect(AccessToken().value.utf8.count == 32)
        #expect(AccessToken().value != AccessToken().value)
    }
}
