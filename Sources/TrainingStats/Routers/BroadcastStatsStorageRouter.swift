/// Sends every record to several routers, so that one listener is enough for a file and a remote UI.
public final class BroadcastStatsStorageRouter: StatsStorageRouter {
    private let routers: [any StatsStorageRouter]

    /// A router to all of these.
    public init(_ routers: [any StatsStorageRouter]) {
        self.routers = routers
    }

    /// Takes records for all routers.
    public func put(_ records: [StatsRecord]) {
        for router in routers { router.put(records) }
    }

    /// Waits for all routers, for that time at most in all.
    @discardableResult
    public func flush(timeout: Duration) -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + timeout
        var arrived = true
        for router in routers where !router.flush(timeout: max(.zero, end - clock.now)) { arrived = false }
        return arrived
    }

    /// The sums over all routers: a record that went to two counts twice.
    public var counters: RouterCounters {
        routers.map(\.counters).reduce(into: RouterCounters()) { sum, part in
            sum.received += part.received
            sum.delivered += part.delivered
            sum.queued += part.queued
            sum.spilled += part.spilled
            sum.lost += part.lost
            sum.failures += part.failures
        }
    }
}
