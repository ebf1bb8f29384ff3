internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import TrainingStats

extension API {
    /// What the pages change.
    enum Change: String {
        case rename, remove

        init?(path: String) {
            guard path.hasPrefix("/api/"), let change = Change(rawValue: String(path.dropFirst(5))) else { return nil }
            self = change
        }
    }

    private struct Renaming: Decodable, Sendable {
        var session: String
        var name: String
    }

    private struct Removal: Decodable, Sendable {
        var session: String
    }

    /// Renames or removes a session. The caller has checked the page's token.
    func change(_ change: Change, _ request: Request, _ context: UIRequestContext) async throws -> Response {
        try Self.checkJSON(request)
        let observatory = observatory
        return try await bodies.withBody(
            of: request, on: context.channel, limit: BodyReader.smallLimit, seconds: 10
        ) { body in
            try await work {
                switch change {
                case .rename:
                    let renaming = try StatsJSON.decode(Renaming.self, from: body)
                    try observatory.rename(renaming.session, to: renaming.name)
                case .remove:
                    try observatory.remove(try StatsJSON.decode(Removal.self, from: body).session)
                }
                return Array("{}".utf8)
            }
        }
    }

    /// Takes records from another machine.
    func records(_ request: Request, _ context: UIRequestContext) async throws -> Response {
        guard request.method == .post else { throw HTTPFailure.method("POST") }
        guard let remote = remote() else { throw HTTPFailure.notFound("the remote listener is off") }
        guard let offer = AccessPolicy.bearer(request.head), remote.token.matches(offer) else {
            throw HTTPFailure.forbidden("the token is missing or wrong")
        }
        try Self.checkJSON(request)
        let encoding = request.headers[.contentEncoding]
        let intake = observatory.intake
        return try await bodies.withBody(
            of: request, on: context.channel, limit: BodyReader.recordsLimit, seconds: 60
        ) { body in
            Self.json(
                try await intake.run {
                    let records = try StatsJSON.decodeRecords(try BodyReader.unpack(body, encoding: encoding))
                    let (accepted, duplicates) = try remote.storage.store(records)
                    return Array("{\"accepted\":\(accepted),\"duplicates\":\(duplicates)}".utf8)
                })
        }
    }

    /// Refuses what a form could send: only a script of ours, or a program, says that its body is JSON.
    private static func checkJSON(_ request: Request) throws {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type?.filter({ $0 != " " }) == "application/json" else {
            throw HTTPFailure(
                status: .unsupportedMediaType, message: "the Content-Type must be application/json",
                headers: [.accept: "application/json"])
        }
    }
}

/// Who may post records, and where they go.
struct RemoteListener: Sendable {
    var token: AccessToken
    var storage: any StatsStorage
}
