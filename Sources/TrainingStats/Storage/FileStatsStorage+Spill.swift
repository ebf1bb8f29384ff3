internal import GRDB

/// What a router needs of the file in which it keeps undelivered records.
extension FileStatsStorage {
    /// Records in the file.
    func recordCount() throws -> Int {
        try file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM record") ?? 0 } ?? 0
    }

    /// The records that came first after number `id`: at most `limit` of about `bytes` bytes, at least one when there is
    /// any. One that cannot be read is `nil`.
    func oldestRecords(after id: Int, limit: Int, bytes: Int) throws -> [(id: Int, record: StatsRecord?)] {
        try file.read { db in
            let cursor = try Row.fetchCursor(
                db,
                sql: """
                    SELECT record.id, session.session, type, worker, sequence, timestamp, kind, content FROM record
                    LEFT JOIN source ON source.id = record.source LEFT JOIN session ON session.id = source.session
                    LEFT JOIN detail ON detail.id = record.id
                    WHERE record.id > ? ORDER BY record.id LIMIT ?
                    """, arguments: [id, max(1, limit)])
            var records: [(id: Int, record: StatsRecord?)] = []
            var size = 0
            while let row = try cursor.next() {
                let source = try? StatsSource(session: row.text(1), type: row.text(2), worker: row.text(3))
                let record = try? source.map {
                    try StatsRow.record(
                        source: $0, sequence: row.whole(4), timestamp: row.whole(5), kind: row.whole(6),
                        content: row.bytes(7))
                }
                size += record?.estimatedSize ?? 0
                if !records.isEmpty, size > bytes { break }
                records.append((try row.whole(0), record))
            }
            return records
        } ?? []
    }

    /// Removes the records up to number `id`.
    func removeRecords(through id: Int) throws {
        try onWriter { file in
            try file.write { db in
                try db.execute(sql: "DELETE FROM detail WHERE id <= ?", arguments: [id])
                try db.execute(sql: "DELETE FROM record WHERE id <= ?", arguments: [id])
            }
        }
    }

    /// Gives the room of removed records back.
    func shrink() throws {
        try onWriter { try $0.shrink() }
    }
}
