internal import HTTPTypes

/// A request that is not answered as asked: the status, and one sentence that says why.
struct HTTPFailure: Error, Equatable {
    var status: HTTPResponse.Status
    var message: String
    /// Further fields of the answer.
    var headers = HTTPFields()

    static func badRequest(_ message: String) -> HTTPFailure { HTTPFailure(status: .badRequest, message: message) }
    static func forbidden(_ message: String) -> HTTPFailure { HTTPFailure(status: .forbidden, message: message) }
    static func notFound(_ message: String) -> HTTPFailure { HTTPFailure(status: .notFound, message: message) }
    static func tooLarge(_ message: String) -> HTTPFailure { HTTPFailure(status: .contentTooLarge, message: message) }

    /// The method is none of those that the address takes.
    static func method(_ allowed: String) -> HTTPFailure {
        HTTPFailure(
            status: .methodNotAllowed, message: "this address takes \(allowed) only", headers: [.allow: allowed])
    }

    /// Too much at once; the client should come again.
    static func busy(_ message: String, retryAfter seconds: Int) -> HTTPFailure {
        HTTPFailure(
            status: .serviceUnavailable, message: message, headers: [.retryAfter: String(seconds)])
    }
}
