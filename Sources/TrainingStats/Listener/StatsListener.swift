internal import Foundation
internal import Synchronization
public import Training

/// Watches a trainer and sends what it sees to a storage or another router, in the shape that the training UI shows.
///
///     let storage = InMemoryStatsStorage()
///     word2vec.setListeners(StatsListener(storage))
///
/// It reports iteration 0, then every n-th iteration or at least once a second, and the last state always. It never makes
/// a training fail, and waits at most 5 s for its router, at the end. A listener may watch several trainings one after
/// the other: each after the first is a session of its own, named after the first with "-2", "-3" ….
public final class StatsListener: TrainingListener {
    /// The kind of reporter that listeners of this class are.
    public static let typeID = "StatsListener"
    /// How long the listener waits for its router at the end.
    static let flushTimeout = Duration.seconds(5)

    /// What reports hold.
    public let configuration: StatsUpdateConfiguration
    /// What is told once at the beginning.
    public let initialization: StatsInitializationConfiguration
    /// Who reports within the session. Default: host and process.
    public let workerID: String
    private let firstSessionID: String
    private let schedule: Mutex<ReportSchedule>
    private let state: Mutex<State>

    struct State: Sendable {
        var outbox: StatsOutbox
        var metadata: SessionMetadata?
        var run: TrainingRun?
        var runs = 0
        var score = ScoreMean()
        /// Figures that no report has told yet.
        var figures: [TrainingFigure] = []
        var previous = PreviousReport()
        var listenerSeconds = 0.0
    }

    /// A listener.
    /// - Parameters:
    ///   - router: where reports go; `nil`: `setRouter` will tell.
    ///   - frequency: report every n-th iteration; `nil`: as the configuration says, by default at least once a second.
    ///   - sessionID: the run; `nil`: a new one, unique.
    ///   - workerID: who reports within the run; `nil`: host and process.
    ///   - configuration: what reports hold.
    ///   - initialization: what is told once at the beginning.
    public init(
        _ router: (any StatsStorageRouter)?, frequency: Int? = nil, sessionID: String? = nil, workerID: String? = nil,
        configuration: StatsUpdateConfiguration = .init(), initialization: StatsInitializationConfiguration = .init()
    ) {
        var configuration = configuration
        if let frequency { configuration.reportingFrequency = frequency }
        self.configuration = configuration
        self.initialization = initialization
        let process = "\(systemHostName)-\(getpid())"
        let session = sessionID ?? Self.uniqueSessionID()
        firstSessionID = session
        self.workerID = workerID ?? process
        let source = StatsSource(session: session, type: Self.typeID, worker: self.workerID)
        state = Mutex(State(outbox: StatsOutbox(router: router, source: source)))
        schedule = Mutex(
            ReportSchedule(
                frequency: configuration.reportingFrequency, mapFrequency: configuration.mapFrequency))
    }

    /// The session that is reported: of the training that began last.
    public var sessionID: String { state.withLock { $0.outbox.source.session } }

    /// Where reports go.
    public var router: (any StatsStorageRouter)? { state.withLock { $0.outbox.router } }

    /// Where reports go from now on. What was reported while there was no router goes there first: the last 512 reports
    /// and 16 maps or, of a longer run, as many spread evenly over it.
    public func setRouter(_ router: any StatsStorageRouter) {
        state.withLock { state in
            state.outbox.setRouter(router)
        }
    }

    /// What is told of the session before everything else, such as the command that was started.
    public func setMetadata(_ metadata: SessionMetadata) {
        state.withLock { state in
            state.metadata = metadata
            if state.run != nil { state.outbox.send(.metadata(metadata)) }
        }
    }

    // MARK: - What trainers call

    /// Begins a session with what is known of the machine, the software and the model.
    public func trainingStarted(_ run: TrainingRun) {
        let start = threadProcessorSeconds()
        let info = staticInfo(run)
        schedule.withLock { $0.begin() }
        state.withLock { state in
            state.runs += 1
            if state.runs > 1 { state.outbox.begin(session: "\(firstSessionID)-\(state.runs)") }
            state.run = run
            state.score = ScoreMean(averages: run.averagesScore)
            state.previous = PreviousReport()
            state.listenerSeconds = 0
            if let metadata = state.metadata { state.outbox.send(.metadata(metadata)) }
            state.outbox.send(.staticInfo(info))
            state.listenerSeconds += threadProcessorSeconds() - start
        }
    }

    /// Everything that the configuration collects, when a report or a map is due.
    public func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail {
        let due = schedule.withLock { $0.ask(iteration: iteration, elapsedSeconds: elapsedSeconds) }
        var wanted: TrainingDetail = []
        if due.report {
            wanted.insert(.score)
            if configuration.collectsLayers { wanted.insert(.layers) }
            if configuration.collectNeighbors { wanted.insert(.neighbors) }
        }
        if due.map, configuration.collectMaps { wanted.insert(.coordinates) }
        return wanted
    }

    /// Makes a report or a map when one is due.
    public func iterationDone(_ progress: TrainingProgress) {
        let start = threadProcessorSeconds()
        let due = schedule.withLock {
            $0.tell(
                iteration: progress.iteration, elapsedSeconds: progress.elapsedSeconds,
                mapPoints: progress.coordinates.map { $0.values.count / max(1, $0.dimensions) })
        }
        state.withLock { state in
            state.score.add(progress)
            state.figures += progress.figures
            if due.map, configuration.collectMaps { sendMap(progress, &state) }
            // Figures are worth a report of their own: each has its place in the course of the training.
            if due.report || !state.figures.isEmpty {
                state.outbox.send(.update(report(progress, isLast: false, &state)))
            }
            state.listenerSeconds += threadProcessorSeconds() - start
        }
    }

    /// Makes the last report, and waits up to 5 s until the router has delivered it.
    public func trainingEnded(_ progress: TrainingProgress) {
        let start = threadProcessorSeconds()
        let router = state.withLock { state -> (any StatsStorageRouter)? in
            state.score.add(progress)
            if configuration.collectMaps { sendMap(progress, &state) }
            state.outbox.send(.update(report(progress, isLast: true, &state)))
            state.listenerSeconds += threadProcessorSeconds() - start
            return state.outbox.router
        }
        router?.flush(timeout: Self.flushTimeout)
    }

    private func sendMap(_ progress: TrainingProgress, _ state: inout State) {
        guard let coordinates = progress.coordinates else { return }
        state.outbox.send(.map(MapSnapshot(iteration: progress.iteration, coordinates: coordinates)))
    }

    // MARK: - Names

    /// Time, process and chance, in an order that sorts by time.
    private static func uniqueSessionID() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
        let clock = "\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))"
        return "\(date)-\(clock)-\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
    }
}
