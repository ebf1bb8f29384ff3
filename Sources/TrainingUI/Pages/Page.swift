internal import HTTPTypes
internal import Hummingbird
internal import WebPages

/// The pages: one document, whose scripts do the rest.
enum Page: String, CaseIterable, Sendable {
    case overview, model, system, runs, tsne

    var path: String { self == .tsne ? "/tsne" : "/train/\(rawValue)" }

    init?(path: String) {
        guard let page = Self.allCases.first(where: { $0.path == path }) else { return nil }
        self = page
    }

    /// The document, in the language of `?lang=` or else of the browser.
    func response(_ request: Request, _ target: RequestTarget, token: AccessToken) throws -> Response {
        guard let template = WebAsset.bytes("ui/page.html") else {
            throw HTTPFailure(status: .internalServerError, message: "the build lacks the page ui/page.html")
        }
        let chosen = try target.value("lang").flatMap(Language.init)
        let language = chosen ?? Language.preferred(request.headers[.acceptLanguage])
        let page = PageTemplate.fill(
            template,
            with: [
                "language": Array(language.rawValue.utf8), "page": Array(rawValue.utf8),
                "token": Array(token.value.utf8),
            ])
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentLanguage: language.rawValue,
                .vary: "Accept-Language",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: page)))
    }
}
