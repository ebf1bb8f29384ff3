/// Records that wait to be written or sent, the oldest first, bounded in number and size.
struct RecordQueue: Sendable {
    /// Records that wait at most.
    let recordLimit: Int
    /// Bytes that they may take, as `StatsRecord.estimatedSize` counts them.
    let byteLimit: Int
    private(set) var records: [StatsRecord] = []
    private(set) var bytes = 0

    init(recordLimit: Int, byteLimit: Int) {
        self.recordLimit = max(1, recordLimit)
        self.byteLimit = max(1, byteLimit)
    }

    var count: Int { records.count }
    var isEmpty: Bool { records.isEmpty }
    var isOverfull: Bool { records.count > recordLimit || bytes > byteLimit }

    mutating func append(_ new: some Collection<StatsRecord>) {
        records += new
        bytes += Self.size(new)
    }

    /// Puts back what `take` gave.
    mutating func prepend(_ old: some Collection<StatsRecord>) {
        records.insert(contentsOf: old, at: 0)
        bytes += Self.size(old)
    }

    /// Takes the oldest records out: at least one when there is any, at most `limit`, of about `byteLimit` bytes.
    mutating func take(_ limit: Int, bytes byteLimit: Int = .max) -> [StatsRecord] {
        var (number, size) = (0, 0)
        for record in records.prefix(max(1, limit)) {
            let next = record.estimatedSize
            if number > 0, size + next > byteLimit { break }
            size += next
            number += 1
        }
        let taken = Array(records.prefix(number))
        records.removeFirst(number)
        bytes -= size
        return taken
    }

    /// Takes everything out.
    mutating func takeAll() -> [StatsRecord] {
        defer { (records, bytes) = ([], 0) }
        return records
    }

    /// Lets go of the oldest updates and maps, until a sixteenth of the room is free again: what says how a run began
    /// stays as long as it can.
    /// - Returns: how many records are gone.
    mutating func dropOldest() -> Int {
        guard isOverfull else { return 0 }
        let before = records.count
        var (number, size) = (records.count, bytes)
        func fits() -> Bool { number <= recordLimit - recordLimit / 16 && size <= byteLimit - byteLimit / 16 }
        records.removeAll { record in
            guard !fits(), record.content.eventKind == .postUpdate else { return false }
            number -= 1
            size -= record.estimatedSize
            return true
        }
        if !fits() {
            // Nothing but descriptions of runs.
            while let first = records.first, !fits() {
                number -= 1
                size -= first.estimatedSize
                records.removeFirst()
            }
        }
        bytes = size
        return before - records.count
    }

    private static func size(_ records: some Collection<StatsRecord>) -> Int {
        records.reduce(0) { $0 + $1.estimatedSize }
    }
}
