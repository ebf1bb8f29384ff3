internal import Synchronization

/// One open event stream: what it wants, and a bell that others ring. Nothing is queued for it: it knows the last
/// point it told and asks for what came after, so that a slow reader costs no memory.
final class EventClient: Sendable {
    /// Why the bell rang.
    struct Wake: OptionSet {
        let rawValue: Int

        /// The source may have new points or maps.
        static let update = Wake(rawValue: 1)
        /// Static information or metadata changed.
        static let info = Wake(rawValue: 2)
        /// The list of runs changed.
        static let runs = Wake(rawValue: 4)
        /// Some run has new points.
        static let anyUpdate = Wake(rawValue: 8)
        /// A second has passed.
        static let tick = Wake(rawValue: 16)
    }

    /// The run that it listens to; `nil`: to the list of runs only.
    let key: SourceKey?
    /// Rings once for any number of reasons; ends with the client.
    let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation
    private let reasons = Mutex<Wake>([])
    /// Since when a write has been under way.
    private let writing = Mutex<ContinuousClock.Instant?>(nil)
    private let disconnect: @Sendable () -> Void

    /// - Parameter disconnect: closes the connection; called when the reader has stopped reading.
    init(key: SourceKey?, disconnect: @escaping @Sendable () -> Void) {
        self.key = key
        self.disconnect = disconnect
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Rings. Quick: storages call it.
    func wake(_ reason: Wake) {
        reasons.withLock { $0.formUnion(reason) }
        ring.yield()
    }

    /// The reasons since the last call.
    func takeReasons() -> Wake {
        reasons.withLock { reasons in
            defer { reasons = [] }
            return reasons
        }
    }

    /// Ends the stream.
    func finish() { ring.finish() }

    /// Marks the time of a write, so that one that hangs shows.
    func write(_ write: () async throws -> Void) async throws {
        writing.withLock { $0 = .now }
        try await write()
        writing.withLock { $0 = nil }
    }

    /// Closes the connection when a write has been under way for that long.
    func disconnectIfStuck(for limit: Duration) {
        guard let since = writing.withLock({ $0 }), .now - since > limit else { return }
        finish()
        disconnect()
    }
}
