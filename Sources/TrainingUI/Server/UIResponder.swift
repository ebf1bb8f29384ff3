internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TrainingStats

/// What a request comes with besides itself.
struct UIRequestContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }

    /// The port that the server is bound to.
    var port: Int { channel.localAddress?.port ?? 0 }
}

/// Answers every request of one started server: checks, then pages, assets or API.
struct UIResponder: HTTPResponder {
    let policy: AccessPolicy
    let api: API

    func respond(to request: Request, context: UIRequestContext) async throws -> Response {
        var response: Response
        do {
            response = try await answer(request, context)
        } catch {
            response = Self.response(to: Self.failure(error))
            // What is left of a body would have to be read before the next request: rather close, with time for the
            // answer to arrive.
            if request.method == .post || Self.hasBody(request) {
                response.headers[.connection] = "close"
                let channel = context.channel
                channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
            }
        }
        Self.addSecurity(&response.headers)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ context: UIRequestContext) async throws -> Response {
        try policy.checkHost(request.head, port: context.port)
        let target = try RequestTarget(request.head.path ?? "")
        if request.method == .post {
            try policy.checkOrigin(request.head)
            if target.path == "/api/records" {
                return try await api.records(request, context)
            }
        } else if Self.hasBody(request) {
            throw HTTPFailure.badRequest("only a post may have a body")
        }
        if !policy.admits(request.head, port: context.port) {
            guard let token = policy.token, let offer = try target.value("token"), request.method == .get else {
                throw HTTPFailure(
                    status: .unauthorized, message: "open the link with the token that the program printed",
                    headers: [.wwwAuthenticate: "Bearer"])
            }
            guard token.matches(offer) else { throw HTTPFailure.forbidden("the token is wrong") }
            return admission(to: target, port: context.port)
        }
        return try await dispatch(request, target, context)
    }

    private func dispatch(
        _ request: Request, _ target: RequestTarget, _ context: UIRequestContext
    ) async throws -> Response {
        let path = target.path
        if let change = API.Change(path: path) {
            guard request.method == .post else { throw HTTPFailure.method("POST") }
            try policy.checkPageToken(request.head)
            return try await api.change(change, request, context)
        }
        if path == "/api/records" { throw HTTPFailure.method("POST") }
        let query = API.Query(path: path)
        let page = Page(path: path)
        let asset = Asset(path: path)
        let leads = path == "/" || path == "/train" || path == "/train/"
        guard query != nil || page != nil || asset != nil || leads || path == "/favicon.ico" else {
            throw HTTPFailure.notFound("there is no such page")
        }
        guard request.method == .get || request.method == .head else { throw HTTPFailure.method("GET, HEAD") }
        if let query { return try await api.answer(query, request, target, context) }
        if let page { return try page.response(request, target, token: policy.pageToken) }
        if let asset { return asset.response(request) }
        guard leads else { return .withoutBody(.noContent) }
        return Response(status: .found, headers: [.location: Page.overview.path + Self.language(target)])
    }

    private static func hasBody(_ request: Request) -> Bool {
        request.headers[.transferEncoding] != nil || (request.headers[.contentLength] ?? "0") != "0"
    }

    private static func language(_ target: RequestTarget) -> String {
        let chosen = target.values("lang").first.flatMap(Language.init)
        return chosen.map { "?lang=\($0.rawValue)" } ?? ""
    }

    /// Hands out the cookie and leads on without the token in the address. A redirect would lose a `SameSite=Strict`
    /// cookie where the link stood on a page of another site; a page of ours that leads on does not.
    private func admission(to target: RequestTarget, port: Int) -> Response {
        let cookie = "\(AccessPolicy.cookieName(port: port))=\(policy.cookie.value)"
        let path = Page(path: target.path)?.path ?? Page.overview.path
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .setCookie: "\(cookie); Path=/; HttpOnly; SameSite=Strict",
                .refresh: "0; url=\(path)\(Self.language(target))",
            ],
            body: .init(byteBuffer: ByteBuffer(string: "<!DOCTYPE html><title>w2v</title>\n")))
    }

    /// What an error says to the client. Of an error that nobody foresaw it says nothing.
    static func failure(_ error: any Error) -> HTTPFailure {
        switch error {
        case let failure as HTTPFailure: return failure
        case let error as StatsError:
            let status: HTTPResponse.Status =
                switch error {
                case .noSuchSession: .notFound
                case .invalidRecord, .invalidValue: .badRequest
                case .readOnly: .conflict
                case .closed: .serviceUnavailable
                default: .internalServerError
                }
            return HTTPFailure(status: status, message: "\(error)")
        default: return HTTPFailure(status: .internalServerError, message: "the request could not be answered")
        }
    }

    private static func response(to failure: HTTPFailure) -> Response {
        var json = JSONWriter()
        json.raw("{\"error\":")
        json.string(failure.message)
        json.raw("}")
        var response = API.json(json.bytes)
        response.status = failure.status
        for field in failure.headers { response.headers[field.name] = field.value }
        return response
    }

    /// Fields of every answer: nothing but our own files may act on a page, and no other site may frame or read it.
    private static func addSecurity(_ headers: inout HTTPFields) {
        headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.referrerPolicy] = "no-referrer"
        headers[.openerPolicy] = "same-origin"
        headers[.resourcePolicy] = "same-origin"
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
    }
}

extension Response {
    /// A status that has no body by its nature, and so no length either.
    static func withoutBody(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> Response {
        var response = Response(status: status, headers: headers)
        response.headers[.contentLength] = nil
        return response
    }
}
