internal import HTTPTypes
internal import Hummingbird
internal import TrainingStats

/// The answers under `/api`; docs/training-ui.md describes them.
struct API: Sendable {
    let observatory: Observatory
    let bodies: BodyReader
    /// The remote listener, when it is on.
    let remote: @Sendable () -> RemoteListener?

    /// What can be asked with GET.
    enum Query: String, CaseIterable {
        case runs, info, series, latest, strip, maps, map, labels, advice, events

        init?(path: String) {
            guard path.hasPrefix("/api/"), let query = Query(rawValue: String(path.dropFirst(5))) else { return nil }
            self = query
        }
    }

    func answer(
        _ query: Query, _ request: Request, _ target: RequestTarget, _ context: UIRequestContext
    ) async throws -> Response {
        let observatory = observatory
        if query == .events { return try await events(request, target, context) }
        if query == .runs {
            return try await work { try observatory.runs.json(storages: observatory.storages) }
        }
        let source = try Self.source(target)
        switch query {
        case .runs, .events: throw HTTPFailure.notFound("there is no such page")
        case .info: return try await work { try Self.info(source, observatory) }
        case .series:
            let columns = Set(target.values("name"))
            return Self.json(
                try await observatory.work.run { try observatory.cache(source).seriesBody(columns: columns) })
        case .latest: return try await work { try Self.latest(try observatory.cache(source)) }
        case .strip:
            let layer = try target.required("layer")
            guard let kind = LayerStatistics.Kind(rawValue: try target.required("kind")) else {
                let kinds = LayerStatistics.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPFailure.badRequest("'kind' must be one of \(kinds)")
            }
            return try await work { try Self.strip(try observatory.cache(source), layer, kind) }
        case .maps: return try await work { Self.maps(try observatory.cache(source).maps()) }
        case .map:
            guard let sequence = Int(try target.required("sequence")) else {
                throw HTTPFailure.badRequest("'sequence' must be a whole number")
            }
            return try await work {
                guard let map = try observatory.cache(source).storage.map(source, sequence: sequence) else {
                    throw HTTPFailure.notFound("there is no map with this number")
                }
                return try StatsJSON.encode(map)
            }
        case .labels:
            return try await work {
                let info = try observatory.cache(source).storage.staticInfo(source)
                var json = JSONWriter()
                json.raw("{\"labels\":")
                json.array(info?.model?.labels ?? []) { $0.string($1) }
                json.raw("}")
                return json.bytes
            }
        case .advice: return try await work { try Self.advice(source, observatory) }
        }
    }

    /// The worker that a query names.
    static func source(_ target: RequestTarget) throws -> StatsSource {
        StatsSource(
            session: try target.required("session"), type: try target.required("type"),
            worker: try target.required("worker"))
    }

    /// JSON that is worked out where waiting is allowed.
    func work(_ answer: @escaping @Sendable () throws -> [UInt8]) async throws -> Response {
        Self.json(ByteBuffer(bytes: try await observatory.work.run(answer)))
    }

    static func json(_ bytes: [UInt8]) -> Response { json(ByteBuffer(bytes: bytes)) }

    private static func json(_ body: ByteBuffer) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: body))
    }
}
