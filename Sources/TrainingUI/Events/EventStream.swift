internal import Hummingbird
internal import TrainingStats

/// Tells one client what happens, as Server-Sent Events.
struct EventStream {
    /// Least time between two writes to a client.
    static let pace = Duration.milliseconds(50)
    /// A comment goes out after so long without an event.
    static let keepAlive = Duration.seconds(5)
    /// Least time between two events `runs` that only tell of progress.
    static let runsPace = Duration.seconds(2)

    let client: EventClient
    let observatory: Observatory
    /// The run that the client listens to.
    let cache: SourceCache?
    /// Number of the last point that the client knows.
    private var sequence: Int
    /// Number of the last map that the client knows.
    private var map: Int
    private var hasTold = (end: false, runs: ContinuousClock.now - Self.runsPace)

    /// - Parameters:
    ///   - sequence: number of the last point that the client knows.
    ///   - map: of the last map.
    init(client: EventClient, observatory: Observatory, cache: SourceCache?, sequence: Int, map: Int, isEnded: Bool) {
        self.client = client
        self.observatory = observatory
        self.cache = cache
        self.sequence = sequence
        self.map = map
        hasTold.end = isEnded
    }

    /// Runs until the client ends.
    mutating func run(_ writer: inout any ResponseBodyWriter) async throws {
        try await write("retry: 2000\n\n", to: &writer)
        client.wake(.update)
        var lastWrite = ContinuousClock.now
        var owed: EventClient.Wake = []
        for await _ in client.bell {
            owed.formUnion(client.takeReasons())
            let text = try await events(&owed)
            if !text.isEmpty {
                try await write(text, to: &writer)
            } else if .now - lastWrite >= Self.keepAlive {
                try await write(":\n\n", to: &writer)
            } else {
                continue
            }
            lastWrite = .now
            try await Task.sleep(for: Self.pace)
        }
    }

    private func write(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
        try await client.write { try await writer.write(ByteBuffer(string: text)) }
    }

    /// What is due now; what must wait stays in `owed`.
    private mutating func events(_ owed: inout EventClient.Wake) async throws -> String {
        var text = ""
        if owed.contains(.info) { text += event("info") }
        if let cache, !owed.isDisjoint(with: [.update, .tick]) {
            text += try await news(cache)
        }
        owed.subtract([.info, .update, .tick])
        if owed.contains(.runs) || owed.contains(.anyUpdate) && .now - hasTold.runs >= Self.runsPace {
            text += event("runs")
            hasTold.runs = .now
            owed = []
        }
        return text
    }

    private mutating func news(_ cache: SourceCache) async throws -> String {
        let (sequence, map) = (sequence, map)
        let news = try await observatory.work.run { try cache.news(after: sequence, map: map) }
        var text = ""
        if news.isReset {
            text += event("reset", id: news.lastSequence)
        } else {
            for point in news.points {
                text += event("point", id: point.sequence, data: String(decoding: point.json, as: UTF8.self))
            }
        }
        self.sequence = news.lastSequence
        if let new = news.map {
            text += event("map", data: "{\"sequence\":\(new.sequence),\"iteration\":\(new.iteration)}")
            self.map = new.sequence
        }
        if news.isEnded != hasTold.end {
            hasTold.end = news.isEnded
            observatory.events.notifyAll(.runs)
        }
        return text
    }

    private func event(_ name: String, id: Int? = nil, data: String = "{}") -> String {
        "event: \(name)\n" + (id.map { "id: \($0)\n" } ?? "") + "data: \(data)\n\n"
    }
}
