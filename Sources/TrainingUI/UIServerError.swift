internal import FileAccess

/// Why the training UI cannot start, or refuses a setting.
public enum UIServerError: Error, CustomStringConvertible, Sendable, Equatable {
    /// Another program listens on the port.
    case portInUse(port: Int)
    /// No port number: where it comes from, and what is there.
    case invalidPort(name: String, value: String)
    /// The address cannot be listened on: the host, and the system's own words.
    case cannotListen(host: String, port: Int, reason: String)
    /// Other machines could reach the pages without a token.
    case hostNeedsToken(host: String)
    /// A token that does not protect, or that cannot travel in an address.
    case invalidToken(reason: String)
    /// A name that is none.
    case invalidHost(host: String, reason: String)

    /// One line for a terminal, with control characters escaped.
    public var description: String {
        switch self {
        case .portInUse(let port):
            "port \(port) is already in use; choose another with --ui-port or W2V_UI_PORT"
        case .invalidPort(let name, let value):
            "\(name): '\(printable(value))' is no port; expected a number from 0 to 65535"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(printable(host)), port \(port): \(printable(reason))"
        case .hostNeedsToken(let host):
            "the pages would be open to other machines on '\(printable(host))': a token is needed as well"
        case .invalidToken(let reason):
            "the token cannot be used: \(reason)"
        case .invalidHost(let host, let reason):
            "'\(printable(host))' cannot be the UI's host: \(reason)"
        }
    }
}
