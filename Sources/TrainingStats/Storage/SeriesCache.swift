internal import Synchronization

/// The whole series of the workers that were asked for last, so that a page opens without reading the file again.
final class SeriesCache: Sendable {
    private static let capacity = 16

    private struct State {
        /// The one asked for last is the last.
        var series: [(source: StatsSource, series: StatsSeries)] = []
    }
    private let state = Mutex(State())

    subscript(source: StatsSource) -> StatsSeries? {
        get { state.withLock { state in state.series.last { $0.source == source }?.series } }
        set {
            state.withLock { state in
                state.series.removeAll { $0.source == source }
                guard let newValue else { return }
                state.series.append((source, newValue))
                if state.series.count > Self.capacity { state.series.removeFirst() }
            }
        }
    }
}
