internal import Dispatch
internal import GRDB
internal import Synchronization

/// Records in an SQLite file, which other processes may read while a training writes it, and which can be opened again
/// later.
///
/// Records are written in batches by a thread of the storage, a fifth of a second after they came; a program that is
/// killed loses no older ones. A file is made with the first record. While the disk refuses, records wait in memory,
/// within bounds; past these the oldest updates are lost and counted so, and `lastError` says why. Opening a file and
/// asking it changes nothing in it. A record is kept once, and in its place whenever it comes; all updates are kept as a
/// whole, and 64 maps of a worker. What still comes of a session that was removed is let go.
public final class FileStatsStorage: StatsStorage {
    private struct State {
        var queue = RecordQueue(recordLimit: 8_192, byteLimit: 1 << 26)
        var counters = RouterCounters()
        var isScheduled = false
        var isClosed = false
        var error: StatsError?
    }

    private struct Watch {
        /// The newest record that the listeners were told of.
        var lastID = 0
        var known = KnownSources()
        var timer: (any DispatchSourceTimer)?
    }

    let file: StatsFile
    private let state = Mutex(State())
    private let hub = StatsEventHub()
    /// Writes; one batch at a time.
    private let writing = DispatchQueue(label: "training-stats.file", qos: .utility)
    /// Looks for records that the listeners do not know.
    private let watching = DispatchQueue(label: "training-stats.watch", qos: .utility)
    private let watch = Mutex(Watch())
    let seriesCache = SeriesCache()

    private static let delay = DispatchTimeInterval.milliseconds(200)
    private static let retryDelay = DispatchTimeInterval.milliseconds(1_000)
    private static let watchInterval = DispatchTimeInterval.milliseconds(250)

    /// Opens a file, or the place for one: a file that does not exist yet, or is empty, has no records.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - readOnly: whether nothing may be written. Records are then lost and counted so.
    /// - Throws: `StatsError.notStatsFile` for a file that is damaged or of another kind, `.newerStatsFile`, or `.file`
    ///   when it cannot be opened, or could not be made.
    public convenience init(_ path: String, readOnly: Bool = false) throws {
        self.init(try StatsFile(path: path, readOnly: readOnly))
    }

    /// - Parameter file: a spill file keeps all maps.
    init(_ file: StatsFile) {
        self.file = file
    }

    deinit {
        watch.withLock { $0.timer?.cancel() }
    }

    /// The path of the file.
    public var name: String { file.path }
    /// Whether the file was opened for reading only.
    public var isReadOnly: Bool { file.isReadOnly }
    /// Why records wait or were lost; `nil` once writing works again.
    public var lastError: StatsError? { state.withLock { $0.error } }

    // MARK: Records

    /// Takes records; a thread of the storage writes them. Those that break the rules are lost and counted so.
    public func put(_ records: [StatsRecord]) {
        state.withLock { state in
            state.counters.received += records.count
            if state.isClosed || isReadOnly {
                state.counters.lost += records.count
                return
            }
            state.queue.append(records)
            state.counters.lost += state.queue.dropOldest()
            schedule(&state, after: Self.delay)
        }
    }

    /// Writes records and waits for it; those put before are written first.
    /// - Throws: `StatsError` when they could not be written: then none is, and they may be given again.
    @discardableResult
    public func store(_ records: [StatsRecord]) throws -> (accepted: Int, duplicates: Int) {
        try checkOpen()
        return try writing.sync {
            _ = writePending()
            var names = StatsRow.NameCache()
            for (index, record) in records.enumerated() { try record.validate(index: index) }
            let rows = try records.map { try StatsRow($0, names: &names) }
            let accepted: Int
            do throws(StatsError) {
                accepted = try write(rows)
            } catch {
                note(error)
                throw error
            }
            state.withLock {
                $0.error = nil
                $0.counters.received += records.count
                $0.counters.delivered += records.count
            }
            watching.async { self.look() }
            return (accepted, records.count - accepted)
        }
    }

    private func schedule(_ state: inout State, after delay: DispatchTimeInterval) {
        guard !state.isScheduled, !state.queue.isEmpty else { return }
        state.isScheduled = true
        writing.asyncAfter(deadline: .now() + delay) {
            self.state.withLock { $0.isScheduled = false }
            let works = self.writePending()
            self.state.withLock { self.schedule(&$0, after: works ? Self.delay : Self.retryDelay) }
        }
    }

    /// Writes what waits, on the queue for it.
    /// - Returns: `false` when the disk refused; the records then wait on.
    private func writePending() -> Bool {
        while true {
            // While it fails, little is tried, so that little work is done in vain.
            let batch = state.withLock { $0.queue.take($0.error == nil ? 1_024 : 16) }
            if batch.isEmpty { return true }
            var names = StatsRow.NameCache()
            let rows = batch.compactMap { try? StatsRow($0, names: &names) }
            do throws(StatsError) {
                _ = try write(rows)
            } catch {
                note(error)
                state.withLock { state in
                    state.queue.prepend(batch)
                    state.counters.lost += state.queue.dropOldest()
                }
                return false
            }
            state.withLock { state in
                state.error = nil
                state.counters.delivered += rows.count
                state.counters.lost += batch.count - rows.count
            }
            watching.async { self.look() }
        }
    }

    private func write(_ rows: [StatsRow]) throws(StatsError) -> Int {
        try file.write { db in
            var writer = StatsFileWriter(db, mapLimit: file.isSpill ? nil : WorkerRecords.mapCapacity)
            return try rows.reduce(0) { try writer.insert($1) ? $0 + 1 : $0 }
        }
    }

    private func note(_ error: StatsError) {
        state.withLock { state in
            state.error = error
            state.counters.failures += 1
        }
    }

    /// Waits until everything put so far is in the file and the listeners have been told.
    @discardableResult
    public func flush(timeout: Duration) -> Bool {
        let deadline = DispatchTime.after(timeout)
        let done = DispatchSemaphore(value: 0)
        writing.async {
            if self.writePending() { self.watching.async { done.signal() } }
        }
        return done.wait(timeout: deadline) == .success && hub.wait(until: deadline)
    }

    /// What became of the records. A record that was there already counts as delivered.
    public var counters: RouterCounters {
        state.withLock { state in
            var counters = state.counters
            counters.queued = counters.received - counters.delivered - counters.lost
            return counters
        }
    }

    // MARK: Sessions

    /// Gives a session a name for people.
    /// - Throws: `StatsError.noSuchSession`, `.invalidValue` for an unusable name, or what writing throws.
    public func renameSession(_ session: String, to name: String) throws {
        let name = try SessionMetadata.checkedName(name)
        try change(session) { db in
            try db.execute(
                sql: "UPDATE session SET name = ? WHERE session = ? AND removed = 0", arguments: [name, session])
            return db.changesCount == 1
        }
    }

    /// Removes all records of a session and gives their room back.
    /// - Throws: `StatsError.noSuchSession`, or what writing throws.
    public func removeSession(_ session: String) throws {
        try change(session) { try StatsFileWriter.remove(session: session, $0) }
        watching.sync { watch.withLock { $0.known.remove(session: session) } }
        try shrink()
    }

    /// Runs something where nothing else writes meanwhile.
    func onWriter<Answer>(_ body: (StatsFile) throws -> Answer) throws -> Answer {
        try writing.sync { try body(file) }
    }

    /// Takes out the oldest records that are not written yet, as if they had never been put.
    func takeUnwritten(limit: Int, bytes: Int) -> [StatsRecord] {
        state.withLock { state in
            let records = state.queue.take(limit, bytes: bytes)
            state.counters.received -= records.count
            return records
        }
    }

    /// Changes a session after what waits has been written.
    private func change(_ session: String, _ body: (Database) throws -> Bool) throws {
        try checkOpen()
        try writing.sync {
            _ = writePending()
            guard try file.read({ _ in true }) == true else { throw StatsError.noSuchSession(session) }
            guard try file.write(body) else { throw StatsError.noSuchSession(session) }
        }
    }

    private func checkOpen() throws(StatsError) {
        if isClosed { throw .closed(storage: name) }
        if isReadOnly { throw .readOnly(file: name) }
    }

    // MARK: Listeners

    /// Calls a function for each event from now on, whichever process wrote the record.
    public func addListener(_ listener: @escaping @Sendable (StatsStorageEvent) -> Void) -> StatsListenerToken {
        watching.sync {
            watch.withLock { watch in
                guard watch.timer == nil, !isClosed else { return }
                start(&watch)
            }
            return hub.add(listener)
        }
    }

    /// Ends what `addListener` began. A call that is under way ends by itself.
    public func removeListener(_ token: StatsListenerToken) {
        hub.remove(token)
        watching.async {
            self.watch.withLock { watch in
                guard !self.hub.hasListeners else { return }
                watch.timer?.cancel()
                watch.timer = nil
            }
        }
    }

    private func start(_ watch: inout Watch) {
        watch.known = KnownSources()
        watch.lastID = 0
        do throws(StatsError) {
            for source in try file.read({ try StatsFileReader($0).sources() }) ?? [] { watch.known.insert(source) }
            watch.lastID = try file.read { try StatsFileReader($0).lastID() } ?? 0
        } catch {
            note(error)
        }
        let timer = DispatchSource.makeTimerSource(queue: watching)
        timer.schedule(deadline: .now() + Self.watchInterval, repeating: Self.watchInterval, leeway: .milliseconds(50))
        timer.setEventHandler { [weak self] in self?.look() }
        timer.resume()
        watch.timer = timer
    }

    /// Tells the listeners of records that came since, whoever wrote them; on the queue for it.
    private func look() {
        guard hub.hasListeners, !isClosed else { return }
        watch.withLock { watch in
            do throws(StatsError) {
                while let rows = try file.read({ try StatsFileReader($0).rows(after: watch.lastID, limit: 4_096) }),
                    let last = rows.last
                {
                    watch.lastID = last.id
                    hub.post(
                        rows.flatMap {
                            watch.known.events(
                                $0.kind.eventKind, source: $0.source, sequence: $0.sequence, timestamp: $0.timestamp)
                        })
                }
            } catch {
                note(error)
            }
        }
    }

    // MARK: Closing

    /// Writes what waits, once, and lets go of the file; what the disk refuses is lost. Later puts are lost and counted
    /// so; later queries throw.
    public func close() {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if wasClosed { return }
        writing.sync {
            _ = writePending()
            state.withLock { $0.counters.lost += $0.queue.takeAll().count }
        }
        watching.sync {
            watch.withLock { watch in
                watch.timer?.cancel()
                watch.timer = nil
            }
        }
        file.close()
    }

    /// Whether `close` was called.
    public var isClosed: Bool { state.withLock { $0.isClosed } }
}
