internal import Foundation
internal import GRDB

/// Puts rows into a stats file; used by one thread, within a transaction.
struct StatsFileWriter {
    let db: Database
    /// Maps that a worker keeps at most; `nil`: all.
    let mapLimit: Int?
    private var sources: [StatsSource: Int?] = [:]
    private var layouts: [String: Int] = [:]

    init(_ db: Database, mapLimit: Int?) {
        self.db = db
        self.mapLimit = mapLimit
    }

    /// Writes a row.
    /// - Returns: `false` when its number was there already or its session was removed.
    mutating func insert(_ row: StatsRow) throws -> Bool {
        guard let source = try sourceID(row.source) else { return false }
        let layout = try row.names.map { try layoutID($0) }
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO record (source, sequence, kind, timestamp, iteration, layout, scalars)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            source, row.sequence, row.kind.rawValue, row.timestamp, row.iteration, layout, row.scalars,
        ])
        guard db.changesCount == 1 else { return false }
        try db.cachedStatement(sql: "INSERT INTO detail VALUES (?, ?)")
            .execute(arguments: [db.lastInsertedRowID, row.content])
        if row.kind == .map { try thinOutMaps(source) }
        return true
    }

    /// The number of a source, which is made when it is new; `nil` when its session was removed.
    private mutating func sourceID(_ source: StatsSource) throws -> Int? {
        if let id = sources[source] { return id }
        try db.execute(sql: "INSERT OR IGNORE INTO session (session) VALUES (?)", arguments: [source.session])
        let session = try Int.fetchOne(
            db, sql: "SELECT id FROM session WHERE session = ? AND removed = 0", arguments: [source.session])
        var id: Int?
        if let session {
            let arguments: StatementArguments = [session, source.type, source.worker]
            try db.execute(
                sql: "INSERT OR IGNORE INTO source (session, type, worker) VALUES (?, ?, ?)", arguments: arguments)
            id = try Int.fetchOne(
                db, sql: "SELECT id FROM source WHERE session = ? AND type = ? AND worker = ?", arguments: arguments)
        }
        sources[source] = .some(id)
        return id
    }

    private mutating func layoutID(_ names: String) throws -> Int? {
        if let id = layouts[names] { return id }
        try db.execute(sql: "INSERT OR IGNORE INTO layout (names) VALUES (?)", arguments: [names])
        let id = try Int.fetchOne(db, sql: "SELECT id FROM layout WHERE names = ?", arguments: [names])
        layouts[names] = id
        return id
    }

    private func thinOutMaps(_ source: Int) throws {
        guard let mapLimit else { return }
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, sequence FROM record WHERE source = ? AND kind = ? ORDER BY sequence",
            arguments: [source, StatsRow.Kind.map.rawValue])
        guard rows.count > mapLimit, let index = Spread.indexToDrop(try rows.map { try $0.whole(1) }) else { return }
        let id = try rows[index].whole(0)
        try db.execute(
            sql: "UPDATE record SET kind = ? WHERE id = ?", arguments: [StatsRow.Kind.droppedMap.rawValue, id])
        try db.execute(sql: "DELETE FROM detail WHERE id = ?", arguments: [id])
    }

    /// Removes all records of a session and remembers that it was removed.
    /// - Returns: whether there was such a session.
    static func remove(session: String, _ db: Database) throws -> Bool {
        guard
            let id = try Int.fetchOne(
                db, sql: "SELECT id FROM session WHERE session = ? AND removed = 0", arguments: [session])
        else { return false }
        let records = "SELECT id FROM record WHERE source IN (SELECT id FROM source WHERE session = ?)"
        try db.execute(sql: "DELETE FROM detail WHERE id IN (\(records))", arguments: [id])
        try db.execute(sql: "DELETE FROM record WHERE id IN (\(records))", arguments: [id])
        try db.execute(sql: "DELETE FROM source WHERE session = ?", arguments: [id])
        try db.execute(sql: "UPDATE session SET removed = 1, name = NULL WHERE id = ?", arguments: [id])
        return true
    }
}
