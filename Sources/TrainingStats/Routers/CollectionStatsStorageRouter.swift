internal import Synchronization

/// Keeps the records in plain arrays, all of them, in the order in which they came: for tests, and for programs that
/// handle them in their own way.
public final class CollectionStatsStorageRouter: StatsStorageRouter {
    private let kept = Mutex<[StatsRecord]>([])

    /// An empty collection.
    public init() {}

    /// All records.
    public var records: [StatsRecord] { kept.withLock { $0 } }

    /// The records that tell of a session.
    public var metadata: [StatsRecord] {
        records.filter { if case .metadata = $0.content { true } else { false } }
    }

    /// The records that tell what does not change during a run.
    public var staticInfos: [StatsRecord] {
        records.filter { if case .staticInfo = $0.content { true } else { false } }
    }

    /// The records that tell the state at an iteration.
    public var updates: [StatsRecord] {
        records.filter { if case .update = $0.content { true } else { false } }
    }

    /// The records that hold a map.
    public var maps: [StatsRecord] {
        records.filter { if case .map = $0.content { true } else { false } }
    }

    /// Takes records.
    public func put(_ records: [StatsRecord]) { kept.withLock { $0 += records } }

    /// Removes and returns all records.
    public func takeAll() -> [StatsRecord] {
        kept.withLock { kept in
            defer { kept = [] }
            return kept
        }
    }

    /// Has nothing to wait for.
    @discardableResult
    public func flush(timeout: Duration) -> Bool { true }

    /// The records that are here count as received and delivered.
    public var counters: RouterCounters {
        var counters = RouterCounters()
        counters.received = kept.withLock { $0.count }
        counters.delivered = counters.received
        return counters
    }
}
