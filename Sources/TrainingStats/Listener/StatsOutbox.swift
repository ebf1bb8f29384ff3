#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Numbers the records of a source and hands them to a router, or keeps them until there is one.
struct StatsOutbox: Sendable {
    /// Most updates that are kept while there is no router.
    static let updateLimit = 512
    /// Most maps that are kept while there is no router.
    static let mapLimit = 16
    /// Most sessions of which anything is kept while there is no router.
    static let sessionLimit = 64

    private(set) var router: (any StatsStorageRouter)?
    private(set) var source: StatsSource
    /// Number of the next record, when it is of this source.
    private var next: (source: StatsSource, sequence: Int)?
    private var waiting: [Waiting] = []
    private var sent = 0
    /// What a router that comes later is told first.
    private var info: StatsRecord.Content?
    private var metadata: StatsRecord.Content?

    private struct Waiting {
        /// How many came before it.
        var number: Int
        var source: StatsSource
        var timestamp: Int64
        var content: StatsRecord.Content
    }

    init(router: (any StatsStorageRouter)?, source: StatsSource) {
        self.router = router
        self.source = source
    }

    /// Milliseconds since 1970.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Goes on with a new session.
    mutating func begin(session: String) {
        let sessions = waiting.count { if case .staticInfo = $0.content { true } else { false } }
        if sessions >= Self.sessionLimit, let oldest = waiting.first?.source {
            waiting.removeAll { $0.source == oldest }
        }
        source.session = session
        (info, metadata) = (nil, nil)
    }

    /// Sends a record, or keeps it.
    mutating func send(_ content: StatsRecord.Content) {
        switch content {
        case .staticInfo: info = content
        case .metadata: metadata = content
        case .update, .map: break
        }
        waiting.append(Waiting(number: sent, source: source, timestamp: Self.now, content: content))
        sent += 1
        if router == nil { thinOut() } else { handOver() }
    }

    /// Sends what waits to a router, and from now on everything. One that takes the place of another is told first what
    /// is known of the session.
    mutating func setRouter(_ router: any StatsStorageRouter) {
        let isFirst = self.router == nil
        self.router = router
        if isFirst {
            handOver()
        } else {
            for content in [metadata, info].compactMap({ $0 }) { send(content) }
        }
    }

    private mutating func handOver() {
        guard let router, !waiting.isEmpty else { return }
        // Numbers are given now, so that there is no gap where records were thinned out.
        var records: [StatsRecord] = []
        for waiting in waiting {
            let sequence = next?.source == waiting.source ? next?.sequence ?? 0 : 0
            next = (waiting.source, sequence + 1)
            records.append(
                StatsRecord(
                    source: waiting.source, sequence: sequence, timestamp: waiting.timestamp,
                    content: waiting.content))
        }
        router.put(records)
        waiting = []
    }

    /// Gives up one of the waiting updates or maps when there is one too many, so that the rest lies evenly over the run.
    private mutating func thinOut() {
        thinOut(limit: Self.updateLimit) { if case .update = $0 { true } else { false } }
        thinOut(limit: Self.mapLimit) { if case .map = $0 { true } else { false } }
    }

    private mutating func thinOut(limit: Int, _ isOfKind: (StatsRecord.Content) -> Bool) {
        let indices = waiting.indices.filter { isOfKind(waiting[$0].content) }
        guard indices.count > limit else { return }
        guard let index = Spread.indexToDrop(indices.map { waiting[$0].number }) else { return }
        waiting.remove(at: indices[index])
    }
}
