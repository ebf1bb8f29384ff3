/// Where a listener sends its records: a storage, a collection, another machine.
public protocol StatsStorageRouter: AnyObject, Sendable {
    /// Takes records. Returns without waiting for a disk or a network, and never fails: training goes on whatever
    /// becomes of them. `counters` tells.
    func put(_ records: [StatsRecord])
    /// Waits until everything put so far is where it should be, or the time is over.
    /// - Returns: whether all of it arrived.
    @discardableResult
    func flush(timeout: Duration) -> Bool
    /// What became of the records.
    var counters: RouterCounters { get }
}

extension StatsStorageRouter {
    /// Takes what is known of a session: DL4J's `putStorageMetaData`.
    public func putStorageMetaData(_ metadata: SessionMetadata, source: StatsSource, sequence: Int, timestamp: Int64) {
        put([StatsRecord(source: source, sequence: sequence, timestamp: timestamp, content: .metadata(metadata))])
    }

    /// Takes what does not change during a run: DL4J's `putStaticInfo`.
    public func putStaticInfo(_ info: StaticInfo, source: StatsSource, sequence: Int, timestamp: Int64) {
        put([StatsRecord(source: source, sequence: sequence, timestamp: timestamp, content: .staticInfo(info))])
    }

    /// Takes the state at one iteration: DL4J's `putUpdate`.
    public func putUpdate(_ report: StatsReport, source: StatsSource, sequence: Int, timestamp: Int64) {
        put([StatsRecord(source: source, sequence: sequence, timestamp: timestamp, content: .update(report))])
    }
}
