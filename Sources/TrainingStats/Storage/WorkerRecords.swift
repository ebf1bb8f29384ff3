/// What a storage in memory keeps of one worker.
struct WorkerRecords: Sendable {
    /// The newest whole updates that are kept; up to 1/8 more before the oldest go in one piece.
    static let recentCapacity = 512
    /// Older whole updates, spread evenly.
    static let olderCapacity = 128
    /// Maps, spread evenly.
    static let mapCapacity = 64

    /// Bytes that may be taken, as `StatsRecord.estimatedSize` counts them.
    struct Room: Sendable {
        var updates: Int
        var maps: Int
    }

    private var updateBytes = 0
    private var mapBytes = 0
    private var seen = SequenceSet()
    private var series = StatsSeries()
    private var recent: [StatsRecord] = []
    private var older: [StatsRecord] = []
    /// Largest sequence number of an update that is no longer in `recent`; −1 when all are.
    private var lastOlder = -1
    private var mapRecords: [(sequence: Int, map: MapSnapshot)] = []
    /// What a record takes besides its map.
    private static let mapOverhead = 300
    private var info: (sequence: Int, info: StaticInfo)?
    private var lastMetadata = -1

    /// Keeps a record.
    /// - Parameter room: whole updates and maps in excess of it are given up, those first that are missed the least.
    /// - Returns: `false` when a record with its number came before.
    mutating func insert(_ record: StatsRecord, room: Room) -> Bool {
        guard seen.insert(record.sequence) else { return false }
        switch record.content {
        case .metadata: break
        case .staticInfo(let new):
            if record.sequence > info?.sequence ?? -1 { info = (record.sequence, new) }
        case .map(let map):
            let index = mapRecords.firstIndex { $0.sequence > record.sequence } ?? mapRecords.endIndex
            mapRecords.insert((record.sequence, map), at: index)
            mapBytes += Self.mapOverhead + map.packed.count
            if mapRecords.count > Self.mapCapacity { dropMap() }
        case .update(let report):
            series.insert(report, sequence: record.sequence, timestamp: record.timestamp)
            insertUpdate(record)
            updateBytes += record.estimatedSize
        }
        fit(room)
        return true
    }

    /// Gives up whole updates and maps until they fit, or only few are left; never the first and the last.
    mutating func fit(_ room: Room) {
        while mapBytes > room.maps, dropMap() {}
        while updateBytes > room.updates {
            if dropOlder() { continue }
            guard recent.count > 1 else { return }
            // No bytes are won by this, but now there is one to give up.
            older.append(recent.removeFirst())
            lastOlder = max(lastOlder, older.last?.sequence ?? -1)
        }
    }

    @discardableResult
    private mutating func dropMap() -> Bool {
        guard let index = Spread.indexToDrop(mapRecords.lazy.map(\.sequence)) else { return false }
        mapBytes -= Self.mapOverhead + mapRecords.remove(at: index).map.packed.count
        return true
    }

    @discardableResult
    private mutating func dropOlder() -> Bool {
        guard let index = Spread.indexToDrop(older.lazy.map(\.sequence)) else { return false }
        updateBytes -= older.remove(at: index).estimatedSize
        return true
    }

    /// Whether metadata with this number is the newest of the worker.
    mutating func isNewestMetadata(_ sequence: Int) -> Bool {
        guard sequence > lastMetadata else { return false }
        lastMetadata = sequence
        return true
    }

    private mutating func insertUpdate(_ record: StatsRecord) {
        guard record.sequence > lastOlder else { return insertOlder(record) }
        let index = (recent.lastIndex { $0.sequence < record.sequence } ?? -1) + 1
        recent.insert(record, at: index)
        guard recent.count > Self.recentCapacity + Self.recentCapacity / 8 else { return }
        let leaving = recent.prefix(recent.count - Self.recentCapacity)
        for record in leaving { insertOlder(record) }
        recent.removeFirst(leaving.count)
    }

    private mutating func insertOlder(_ record: StatsRecord) {
        let index = (older.lastIndex { $0.sequence < record.sequence } ?? -1) + 1
        older.insert(record, at: index)
        lastOlder = max(lastOlder, record.sequence)
        if older.count > Self.olderCapacity { dropOlder() }
    }

    // MARK: Queries

    var staticInfo: StaticInfo? { info?.info }
    var numberOfUpdates: Int { series.updates }
    var latestUpdate: StatsRecord? { recent.last }

    func update(sequence: Int) -> StatsRecord? {
        recent.last { $0.sequence == sequence } ?? older.last { $0.sequence == sequence }
    }

    func updates(after sequence: Int, limit: Int) -> [StatsRecord] {
        guard limit > 0 else { return [] }
        let old = older.lazy.filter { $0.sequence > sequence }.prefix(limit)
        let new = recent.lazy.filter { $0.sequence > sequence }
        return Array(old) + new.prefix(limit - old.count)
    }

    func sampledUpdates(count: Int) -> [StatsRecord] {
        let all = updateTimes.map(\.sequence)
        return Spread.indices(of: all, count: count).map {
            $0 < older.count ? older[$0] : recent[$0 - older.count]
        }
    }

    var updateTimes: [(sequence: Int, timestamp: Int64)] {
        (older + recent).map { ($0.sequence, $0.timestamp) }
    }

    func series(after sequence: Int, limit: Int) -> StatsSeries.Batch {
        let (points, complete) = series.points(after: sequence)
        if !complete, sequence >= lastOlder {
            // The first of the newer updates is merged with known ones, but it is still there as a whole.
            var exact = StatsSeries(capacity: series.capacity)
            for case (let record, .update(let report)) in recent.map({ ($0, $0.content) })
            where record.sequence > sequence {
                exact.append(report, sequence: record.sequence, timestamp: record.timestamp)
            }
            return StatsSeries.Batch(names: exact.names, points: exact.points).merged(to: limit)
        }
        return StatsSeries.Batch(names: series.names, points: Array(points)).merged(to: limit)
    }

    var maps: [(sequence: Int, iteration: Int)] { mapRecords.map { ($0.sequence, $0.map.iteration) } }

    func map(sequence: Int) -> MapSnapshot? { mapRecords.first { $0.sequence == sequence }?.map }
}
