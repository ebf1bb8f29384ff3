internal import Dispatch
internal import FileAccess
internal import Foundation

/// The part of a remote router that lives on a thread of its own: takes records from memory or from the spill file and
/// sends them until they have arrived.
final class RemoteSender: Sendable {
    private struct State: Sendable {
        var queue: RecordQueue
        /// Records taken out of the queue, on their way.
        var inFlight = 0
        /// Records in the spill file, those on their way included.
        var spilled = 0
        /// Whatever the spill file had lost when `spilled` was last corrected.
        var spillLost = 0
        var counters = RouterCounters()
        var error: StatsError?
        /// A batch has at most this many records …
        var recordLimit: Int
        /// … and about this many bytes.
        var byteLimit: Int
        /// Failures in a row.
        var failuresInARow = 0
        var nextAttempt = DispatchTime.now()
        /// When the oldest record in the queue has waited for others long enough.
        var ripe = DispatchTime.distantFuture
        /// When a wait in `flush` ended in vain; `nil` once something was delivered again.
        var gaveUp: DispatchTime?
        /// Threads that wait in `flush`.
        var flushing = 0
        var isClosed = false
        var isStopping = false
        var hasStopped = false

        var isDelivered: Bool { queue.isEmpty && inFlight == 0 && spilled == 0 }
    }

    private enum Batch {
        case memory([StatsRecord])
        /// Records of the spill file up to a number; those that cannot be read are missing.
        case spilled([StatsRecord], through: Int, rows: Int)

        var records: [StatsRecord] {
            switch self {
            case .memory(let records), .spilled(let records, _, _): records
            }
        }
    }

    private enum Step {
        case memory([StatsRecord])
        case spill(limit: Int, bytes: Int)
        case stop
    }

    private let address: RemoteAddress
    private let configuration: RemoteUIStatsStorageRouter.Configuration
    private let spill: FileStatsStorage
    private let poster: RecordPoster
    private let monitor: Monitor<State>
    private static let linger = DispatchTimeInterval.milliseconds(200)
    /// For so long after a wait in vain closing waits for nothing.
    private static let patience = DispatchTimeInterval.seconds(5)
    /// Time that the spill file may take at the end.
    private static let diskPatience = DispatchTimeInterval.seconds(10)

    init(
        address: RemoteAddress, token: String?, spill: FileStatsStorage,
        configuration: RemoteUIStatsStorageRouter.Configuration
    ) throws {
        self.address = address
        self.spill = spill
        self.configuration = configuration
        poster = RecordPoster(address: address, token: token, timeout: configuration.requestTimeout)
        var state = State(
            queue: RecordQueue(recordLimit: configuration.queueLimit, byteLimit: configuration.queueByteLimit),
            recordLimit: max(1, configuration.batchLimit), byteLimit: configuration.batchByteLimit)
        state.spilled = try spill.recordCount()
        state.counters.received = state.spilled
        monitor = Monitor(state)
    }

    /// Starts the thread.
    func start() {
        DispatchQueue(label: "training-stats.remote", qos: .utility).async { self.run() }
    }

    // MARK: Any thread

    func put(_ records: [StatsRecord]) {
        guard !records.isEmpty else { return }
        let all = records.count
        // Such as the UI would refuse.
        let records = records.filter(\.isValid)
        monitor.change { state in
            state.counters.received += all
            state.counters.lost += all - records.count
            if state.isClosed {
                state.counters.lost += records.count
                return
            }
            if records.isEmpty { return }
            if state.queue.isEmpty { state.ripe = .now() + Self.linger }
            state.queue.append(records)
            // What is in the file is older and goes first.
            if state.spilled > 0 || state.queue.isOverfull { spillQueue(&state) }
        }
    }

    /// Waits for delivery, and brings into the file what is still there when the time is over.
    func flush(until deadline: DispatchTime, reserve: DispatchTimeInterval) -> Bool {
        monitor.change { state in
            state.flushing += 1
            state.nextAttempt = .now()
        }
        defer { monitor.change { $0.flushing -= 1 } }
        let end = deadline - reserve
        let arrived = wait(until: end) { $0.isDelivered }
        if arrived { return true }
        poster.cancel()
        _ = wait(until: end + Self.linger) { $0.inFlight == 0 }
        monitor.change { spillQueue(&$0) }
        spill.flush(timeout: deadline.remaining)
        monitor.change { $0.gaveUp = .now() }
        return monitor.read(\.isDelivered)
    }

    /// Takes no more records, waits for delivery, and ends the thread.
    func close(until deadline: DispatchTime, reserve: DispatchTimeInterval) {
        let wasClosed = monitor.change { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if wasClosed { return }
        // Who has just waited, at the end of a training, need not wait once more.
        let hasWaited = monitor.read { $0.gaveUp.map { DispatchTime.now() < $0 + Self.patience } ?? false }
        if !hasWaited { _ = flush(until: deadline, reserve: reserve) }
        stop()
        // A busy disk gets the time that it needs: what it has not written by then is lost with the process.
        _ = wait(until: .now() + Self.diskPatience) { $0.hasStopped }
    }

    /// Ends the thread as soon as it can; what waits in memory goes to the file.
    func stop() {
        monitor.change { state in
            state.isClosed = true
            state.isStopping = true
        }
        poster.stop()
    }

    var counters: RouterCounters {
        let spillLost = spill.counters.lost
        return monitor.read { state in
            var counters = state.counters
            counters.queued = state.queue.count + state.inFlight
            counters.spilled = max(0, state.spilled - (spillLost - state.spillLost))
            counters.lost += spillLost
            return counters
        }
    }

    var error: StatsError? { monitor.read(\.error) ?? spill.lastError }
    var isClosed: Bool { monitor.read(\.isClosed) }

    private func wait(until deadline: DispatchTime, _ ready: (State) -> Bool) -> Bool {
        monitor.wait { state in
            if ready(state) { return .ready(true) }
            return DispatchTime.now() < deadline ? .wait(until: deadline) : .ready(false)
        }
    }

    private func spillQueue(_ state: inout State) {
        let records = state.queue.takeAll()
        guard !records.isEmpty else { return }
        spill.put(records)
        state.spilled += records.count
    }

    // MARK: The sender's thread

    private func run() {
        /// Rows of the spill file up to this one are done with.
        var done = 0
        while true {
            let batch: Batch
            switch monitor.wait({ decide(&$0) }) {
            case .stop: return finish()
            case .memory(let records): batch = .memory(records)
            case .spill(let limit, let bytes):
                guard let next = nextSpilled(after: done, limit: limit, bytes: bytes) else { continue }
                batch = next
            }
            let outcome = batch.records.isEmpty ? .accepted : poster.post(batch.records)
            let isDone = monitor.change { settle(batch, outcome, &$0) }
            if isDone, case .spilled(_, let id, _) = batch {
                done = id
                // When the disk refuses, the rows stay and are sent once more by the next run: they arrive once.
                try? spill.removeRecords(through: id)
                if monitor.read({ $0.spilled == 0 }) { try? spill.shrink() }
            }
        }
    }

    private func finish() {
        let isEmpty = monitor.change { state in
            spillQueue(&state)
            return state.spilled == 0
        }
        spill.close()
        // The file is the router's own, see `StatsFile.isSpill`.
        if isEmpty { try? FileManager.default.removeItem(atPath: spill.name) }
        monitor.change { $0.hasStopped = true }
    }

    private func decide(_ state: inout State) -> Monitor<State>.Verdict<Step> {
        if state.isStopping { return .ready(.stop) }
        if state.queue.isEmpty, state.spilled == 0 { return .wait(until: .distantFuture) }
        let isFull = state.queue.count >= state.recordLimit || state.spilled > 0
        let ripe = isFull || state.flushing > 0 ? state.nextAttempt : max(state.nextAttempt, state.ripe)
        if DispatchTime.now() < ripe { return .wait(until: ripe) }
        if state.spilled > 0 { return .ready(.spill(limit: state.recordLimit, bytes: state.byteLimit)) }
        let records = state.queue.take(state.recordLimit, bytes: state.byteLimit)
        state.inFlight = records.count
        return .ready(.memory(records))
    }

    /// Reads the next records of the spill file; what could not be written there comes out of its memory.
    private func nextSpilled(after id: Int, limit: Int, bytes: Int) -> Batch? {
        let put = spill.counters.received
        var isReadable = true
        do {
            var rows = try spill.oldestRecords(after: id, limit: limit, bytes: bytes)
            if rows.isEmpty, spill.flush(timeout: .seconds(1)) {
                rows = try spill.oldestRecords(after: id, limit: limit, bytes: bytes)
            }
            if let last = rows.last {
                return .spilled(rows.compactMap(\.record), through: last.id, rows: rows.count)
            }
        } catch {
            isReadable = false
            monitor.change { note("\(error)", &$0, pause: configuration.firstPause) }
        }
        let unwritten = spill.takeUnwritten(limit: limit, bytes: bytes)
        return monitor.change { state in
            if unwritten.isEmpty {
                // When nothing is there, the rest was put twice, or the disk refused it and it counts as lost.
                let counters = spill.counters
                if isReadable, counters.received == put, counters.queued == 0 {
                    let lost = counters.lost - state.spillLost
                    state.counters.delivered += max(0, state.spilled - lost)
                    state.spillLost += lost
                    state.spilled = 0
                }
                return nil
            }
            state.spilled -= unwritten.count
            state.inFlight = unwritten.count
            return .memory(unwritten)
        }
    }

    /// Takes note of what became of a batch.
    /// - Returns: whether its records are done with, arrived or lost.
    private func settle(_ batch: Batch, _ outcome: RecordPoster.Outcome, _ state: inout State) -> Bool {
        let count = batch.records.count
        switch outcome {
        case .accepted:
            state.counters.delivered += count
            state.gaveUp = nil
            state.failuresInARow = 0
            state.error = nil
            state.recordLimit = min(2 * state.recordLimit, max(1, configuration.batchLimit))
        case .invalid(let reason), .tooLarge(let reason):
            note(reason, &state, pause: .zero)
            if count == 1 {
                state.counters.lost += 1
                break
            }
            // Smaller batches, until the record that is not taken stands alone.
            if case .tooLarge = outcome {
                state.byteLimit = max(1, batch.records.reduce(0) { $0 + $1.estimatedSize } / 2)
            } else {
                state.recordLimit = max(1, count / 2)
            }
            giveBack(batch, &state)
            return false
        case .refused(let reason):
            note(reason, &state, pause: configuration.longestPause)
            giveBack(batch, &state)
            return false
        case .failed(let reason):
            let doubled = configuration.firstPause * (1 << min(20, state.failuresInARow))
            note(reason, &state, pause: min(doubled, configuration.longestPause))
            state.failuresInARow += 1
            giveBack(batch, &state)
            return false
        }
        state.inFlight = 0
        if case .spilled(let records, _, let rows) = batch {
            state.spilled -= rows
            // Damaged on the disk.
            state.counters.lost += rows - records.count
        }
        return true
    }

    private func giveBack(_ batch: Batch, _ state: inout State) {
        guard case .memory(let records) = batch else { return }
        state.inFlight = 0
        state.queue.prepend(records)
        if state.spilled > 0 || state.queue.isOverfull { spillQueue(&state) }
    }

    /// Counts a failure and puts off the next attempt, by half of the pause to all of it.
    private func note(_ reason: String, _ state: inout State, pause: Duration) {
        state.counters.failures += 1
        state.error = .notDelivered(address: address.text, reason: reason)
        // Somebody waits for it to succeed.
        let pause = state.flushing > 0 ? min(pause, .seconds(1)) : pause
        state.nextAttempt = .after(pause * Double.random(in: 0.5...1))
    }
}
