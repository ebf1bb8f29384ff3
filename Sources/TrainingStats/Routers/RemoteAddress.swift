internal import Foundation

/// Where a training UI takes records.
struct RemoteAddress: Sendable, Equatable {
    /// The port of a training UI when the address names none.
    static let defaultPort = 9_000

    /// As it was given.
    let text: String
    /// `POST` goes there.
    let records: URL

    /// Reads `http://HOST`, with `:PORT` (9000, or 443 for https, when left out) and perhaps the path under which a
    /// proxy offers the UI.
    init(_ text: String) throws(StatsError) {
        func fail(_ reason: String) -> StatsError { .invalidAddress(address: text, reason: reason) }
        guard let parts = URLComponents(string: text, encodingInvalidCharacters: false) else {
            throw fail("expected http://HOST:PORT")
        }
        guard let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https" else {
            throw fail("it has to begin with http:// or https://")
        }
        guard let host = parts.host, !host.isEmpty else { throw fail("the host is missing") }
        guard parts.user == nil, parts.password == nil else { throw fail("a user's name has no place in it") }
        guard parts.query == nil, parts.fragment == nil else { throw fail("? and # have no place in it") }
        // What stands after the colon, which Foundation leaves out when it is no number.
        let authority = text.dropFirst(scheme.count + 3).prefix { $0 != "/" }
        if authority.last == ":" { throw fail("the port is missing") }
        if let port = parts.port, !(1...65_535).contains(port) { throw fail("port \(port) is not 1 to 65535") }
        var address = URLComponents()
        address.scheme = scheme
        address.percentEncodedHost = parts.percentEncodedHost
        address.port = parts.port ?? (scheme == "http" ? Self.defaultPort : nil)
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        address.percentEncodedPath = path + "/api/records"
        guard let url = address.url else { throw fail("expected http://HOST:PORT") }
        self.text = text
        records = url
    }
}
