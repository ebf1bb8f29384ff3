internal import HTTPTypes

/// Who may ask what: the checks that every request passes before anything else is looked at.
struct AccessPolicy: Sendable {
    /// Host names, in lower case, that go with any port: a proxy or a tunnel may have another.
    let names: Set<String>
    /// Whether an address in digits will do as a host: a page of another site cannot have one that is ours.
    let takesAddresses: Bool
    /// What every request must show; `nil` on loopback, where only programs of this machine can ask.
    let token: AccessToken?
    /// What the browser shows after it has shown the token once.
    let cookie = AccessToken()
    /// What the pages show for changes of their own.
    let pageToken: AccessToken

    /// Cookies know no ports, so that their names must.
    static func cookieName(port: Int) -> String { "w2v_ui_\(port)" }

    /// Refuses hosts that are not ours: a page of another site whose name was bent to this address (DNS rebinding).
    /// - Parameter port: the one that the server is bound to.
    func checkHost(_ request: HTTPRequest, port: Int) throws {
        guard let authority = request.authority, request.headerFields[values: .host].isEmpty,
            let (host, asked) = Self.split(authority),
            names.contains(host) || takesAddresses && Self.isAddress(host)
                || asked ?? 80 == port && Self.loopbackNames.contains(host)
        else { throw HTTPFailure.forbidden("the Host header does not name this server") }
    }

    private static let loopbackNames: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Refuses what a page of another site sends.
    func checkOrigin(_ request: HTTPRequest) throws {
        let origins = request.headerFields[values: .origin]
        guard let authority = request.authority else {
            throw HTTPFailure.forbidden("the Host header does not name this server")
        }
        guard origins.allSatisfy({ $0 == "http://\(authority)" || $0 == "https://\(authority)" }) else {
            throw HTTPFailure.forbidden("the request comes from a page of another site")
        }
    }

    /// Whether a request shows the server's token, by header or by cookie.
    func admits(_ request: HTTPRequest, port: Int) -> Bool {
        guard let token else { return true }
        if let offer = Self.bearer(request), token.matches(offer) { return true }
        return request.headerFields[values: .cookie].contains { header in
            header.split(separator: ";").contains { pair in
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
                return parts.count == 2 && parts[0] == Self.cookieName(port: port) && cookie.matches(parts[1])
            }
        }
    }

    /// Refuses changes that do not come from a page of this process.
    func checkPageToken(_ request: HTTPRequest) throws {
        guard let offer = request.headerFields[.w2vToken], pageToken.matches(offer) else {
            throw HTTPFailure.forbidden("the page's token is missing or old; load the page again")
        }
    }

    /// The token of `Authorization: Bearer TOKEN`.
    static func bearer(_ request: HTTPRequest) -> Substring? {
        guard let value = request.headerFields[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1]
    }

    /// Host, in lower case, and port of an authority; `nil` when it is none.
    static func split(_ authority: String) -> (host: String, port: Int?)? {
        var host = authority[...]
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            let digits = authority[authority.index(after: colon)...]
            guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            port = Int(digits)
            host = authority[..<colon]
        }
        return host.isEmpty ? nil : (host.lowercased(), port)
    }

    /// Whether a host is an address in digits: `[…]` or four numbers.
    static func isAddress(_ host: String) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.dropFirst().dropLast().utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: ":"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } && UInt8($0) != nil }
    }

    /// Whether a host can only be reached from this machine.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        return host == "localhost" || host == "::1" || host.hasPrefix("127.") && isAddress(host)
    }
}

extension HTTPField.Name {
    /// Carries the page's token.
    static let w2vToken = named("X-W2V-Token")
    static let host = named("Host")
    static let contentSecurityPolicy = named("Content-Security-Policy")
    static let referrerPolicy = named("Referrer-Policy")
    static let openerPolicy = named("Cross-Origin-Opener-Policy")
    static let resourcePolicy = named("Cross-Origin-Resource-Policy")
    static let refresh = named("Refresh")
    static let lastEventID = named("Last-Event-ID")

    private static func named(_ name: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name("\(name)") else { preconditionFailure("not the name of a header field") }
        return name
    }
}
