internal import HTTPTypes
internal import Hummingbird
internal import TrainingStats

extension API {
    /// The event stream of a run, or of the list of runs alone.
    func events(
        _ request: Request, _ target: RequestTarget, _ context: UIRequestContext
    ) async throws -> Response {
        let observatory = observatory
        var cache: SourceCache?
        var state = SourceCache.News()
        var map = -1
        if !["session", "type", "worker"].allSatisfy({ target.values($0).isEmpty }) {
            let source = try Self.source(target)
            let found = try await observatory.work.run {
                let cache = try observatory.cache(source)
                return (cache, try cache.news(after: .max, map: -1))
            }
            (cache, state) = found
            map = state.map?.sequence ?? -1
        }
        let sequence = try Self.resumption(request) ?? state.lastSequence
        let channel = context.channel
        let key = cache.map { SourceKey(storage: ObjectIdentifier($0.storage), source: $0.source) }
        let client = EventClient(key: key) { channel.close(promise: nil) }
        let stream = EventStream(
            client: client, observatory: observatory, cache: cache, sequence: sequence, map: map,
            isEnded: state.isEnded)
        try observatory.events.add(client)
        let body = request.body
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"],
            body: .init { writer in
                defer { observatory.events.remove(client) }
                var stream = stream
                try await body.consumeWithInboundCloseHandler { _ in
                    try await stream.run(&writer)
                } onInboundClosed: {
                    client.finish()
                }
                try await writer.finish(nil)
            })
    }

    /// The last point that the client got before its connection broke.
    private static func resumption(_ request: Request) throws -> Int? {
        guard let text = request.headers[.lastEventID], !text.isEmpty else { return nil }
        guard let sequence = Int(text), sequence >= -1 else {
            throw HTTPFailure.badRequest("Last-Event-ID is no number of a point")
        }
        return sequence
    }
}
