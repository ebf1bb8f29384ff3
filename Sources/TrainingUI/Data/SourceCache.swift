internal import Hummingbird
internal import Synchronization
internal import TrainingStats

/// What the pages ask of one worker's run, kept so that no request reads the whole run again: it asks the storage only
/// for what is new.
///
/// Its functions ask the storage and may wait for a disk; they belong on a `WorkQueue`.
final class SourceCache: Sendable {
    /// Whole reports that stand for a run, at most.
    static let sampleLimit = 64
    /// A storage is asked again after this time even when it told of nothing: another process may write its file.
    static let pollInterval = Duration.seconds(1)

    let storage: any StatsStorage
    let source: StatsSource

    private struct State {
        var series = StatsSeries()
        /// Updates that the storage counts but has in no point of its series.
        var missing = 0
        var latest: StatsRecord?
        var maps: [(sequence: Int, iteration: Int)] = []
        var samples: [StatsRecord] = []
        /// The last update when `samples` were taken, and when that was.
        var sampled: (sequence: Int, time: ContinuousClock.Instant)?
        var checked: ContinuousClock.Instant?
        /// Static information without its labels, which can be as many as there are words, and when it was read.
        var info: StaticInfo?
        var informed: ContinuousClock.Instant?
        var advice: (json: [UInt8], time: ContinuousClock.Instant)?
        /// Answers of `/api/series` to the last few choices of columns.
        var bodies: [(columns: Set<String>, body: ByteBuffer)] = []
    }

    private let state = Mutex(State())
    private let isStale = Atomic<Bool>(true)
    private let isInfoStale = Atomic<Bool>(true)
    /// Apart from the rest, whose lock is held while a storage is asked.
    private let used = Mutex(ContinuousClock.now)

    init(storage: any StatsStorage, source: StatsSource) {
        self.storage = storage
        self.source = source
    }

    /// Says that the storage has something new. Quick: storages call it.
    func markStale() { isStale.store(true, ordering: .relaxed) }

    /// Says that the storage has new static information. Quick: storages call it.
    func markInfoStale() { isInfoStale.store(true, ordering: .relaxed) }

    /// When it was last asked for something.
    var lastUse: ContinuousClock.Instant { used.withLock { $0 } }

    // MARK: Answers

    /// Sequence number of the last update; −1 before the first.
    func lastSequence() throws -> Int { try current { $0.series.lastSequence } }

    /// The answer of `/api/series`.
    /// - Parameter columns: names; empty for all.
    func seriesBody(columns: Set<String>) throws -> ByteBuffer {
        try current { state in
            if let known = state.bodies.first(where: { $0.columns == columns }) { return known.body }
            let body = ByteBuffer(bytes: state.series.json(columns: columns))
            if state.bodies.count == 4 { state.bodies.removeFirst() }
            state.bodies.append((columns, body))
            return body
        }
    }

    /// The last update.
    func latest() throws -> StatsRecord? { try current { $0.latest } }

    /// The maps that are kept.
    func maps() throws -> [(sequence: Int, iteration: Int)] { try current { $0.maps } }

    /// Whole updates spread over the run, the first and the last included.
    func samples() throws -> [StatsRecord] {
        try current { state in
            try sample(&state)
            return state.samples
        }
    }

    /// Static information without its labels.
    func info() throws -> StaticInfo? { try current { try info(&$0) } }

    private func info(_ state: inout State) throws -> StaticInfo? {
        let now = ContinuousClock.now
        let wasTold = isInfoStale.exchange(false, ordering: .acquiring)
        let lifetime: Duration = state.info == nil ? Self.pollInterval : .seconds(30)
        if !wasTold, let informed = state.informed, now - informed < lifetime { return state.info }
        do {
            state.info = try storage.staticInfo(source)
        } catch {
            markInfoStale()
            throw error
        }
        state.info?.model?.labels = []
        state.informed = now
        return state.info
    }

    /// What the rules find in the run: ADVICE of the interface, worked out once a second at most.
    /// - Parameter silentSeconds: since when nothing has arrived; `nil` for a run that is read from a file.
    func advice(silentSeconds: Double?) throws -> [UInt8] {
        try current { state in
            let now = ContinuousClock.now
            if let advice = state.advice, now - advice.time < Self.pollInterval { return advice.json }
            try sample(&state)
            let input = AdviceInput(
                info: try info(&state), series: state.series, samples: state.samples.compactMap(\.report),
                latest: state.latest?.report, silentSeconds: silentSeconds)
            let json = try StatsJSON.encode(Advisor.advice(for: input))
            state.advice = (json, now)
            return json
        }
    }

    private func sample(_ state: inout State) throws {
        let last = state.series.lastSequence
        let now = ContinuousClock.now
        if let sampled = state.sampled,
            sampled.sequence == last || now - sampled.time < Self.pollInterval && !state.samples.isEmpty
        {
            return
        }
        state.samples = try storage.sampledUpdates(source, count: Self.sampleLimit)
        state.sampled = (last, now)
    }

    /// What an event stream has not told yet.
    struct News {
        /// Points that it cannot tell one by one: the page must ask for the series again.
        var isReset = false
        /// Data of the events `point`, with their numbers.
        var points: [(sequence: Int, json: [UInt8])] = []
        /// A newer map.
        var map: (sequence: Int, iteration: Int)?
        /// The last update's number, where the next question begins.
        var lastSequence = -1
        /// Whether the last update ends the run.
        var isEnded = false
    }

    /// What came after an update and a map.
    func news(after sequence: Int, map: Int) throws -> News {
        try current { state in
            var news = News()
            let series = state.series
            news.lastSequence = series.lastSequence
            if sequence > series.lastSequence {
                news.isReset = true
            } else {
                let (points, isComplete) = series.points(after: sequence)
                if isComplete, points.allSatisfy({ $0.updates == 1 }) {
                    news.points = points.map { ($0.lastSequence, series.pointJSON($0)) }
                } else {
                    news.isReset = true
                }
            }
            if let last = state.maps.last, last.sequence > map { news.map = last }
            news.isEnded = state.latest?.report?.isLast ?? false
            return news
        }
    }

    // MARK: Keeping up

    private func current<Answer>(_ answer: (inout State) throws -> Answer) throws -> Answer {
        used.withLock { $0 = .now }
        return try state.withLock { state in
            try refresh(&state)
            return try answer(&state)
        }
    }

    private func refresh(_ state: inout State) throws {
        let now = ContinuousClock.now
        let wasTold = isStale.exchange(false, ordering: .acquiring)
        if !wasTold, let checked = state.checked, now - checked < Self.pollInterval { return }
        do {
            try update(&state)
            state.checked = now
        } catch {
            markStale()
            throw error
        }
    }

    private func update(_ state: inout State) throws {
        let before = (state.series.lastSequence, state.series.updates)
        // The count comes first: what arrives between the two questions is then no sign of a gap.
        let count = try storage.numberOfUpdates(source)
        if count == 0, state.series.updates > 0 { state = State() }
        try extend(&state.series)
        if count - state.series.updates > state.missing {
            // Older updates arrived late, from a spill file for instance.
            state.series = StatsSeries()
            try extend(&state.series)
            state.missing = max(0, count - state.series.updates)
        }
        if before != (state.series.lastSequence, state.series.updates) {
            state.bodies = []
            state.latest = try storage.latestUpdate(source)
        }
        state.maps = try storage.listMaps(source)
    }

    private func extend(_ series: inout StatsSeries) throws {
        while true {
            let last = series.lastSequence
            let batch = try storage.series(source, after: last, limit: series.capacity)
            series.append(batch)
            if batch.points.count < series.capacity || series.lastSequence == last { return }
        }
    }
}

extension StatsRecord {
    /// The report of an update; `nil` for other records.
    var report: StatsReport? {
        if case .update(let report) = content { report } else { nil }
    }
}
