#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
internal import GRDB
internal import Synchronization

/// The SQLite database of a `FileStatsStorage`: opened when it is needed, made when something is to be written.
///
/// Reading never changes the file: readers have connections of their own, and the one that writes is opened with the
/// first write.
final class StatsFile: Sendable {
    /// "W2VS": tells our databases from others.
    static let applicationID = 0x5732_5653
    /// The format that this program writes, and the newest that it reads.
    static let version = 1

    let path: String
    let isReadOnly: Bool
    /// Whether the file holds records that a router could not deliver yet.
    let isSpill: Bool

    private struct State {
        var readers: DatabasePool?
        var writer: DatabaseQueue?
        var isClosed = false
    }
    private let state = Mutex(State())

    /// Opens a file that is there, and looks whether one could be made that is not.
    /// - Throws: `StatsError`.
    init(path: String, readOnly: Bool, isSpill: Bool = false) throws(StatsError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .file(file: path, action: "open it", reason: "no usable file name")
        }
        self.path = path
        isReadOnly = readOnly
        self.isSpill = isSpill
        if try Self.size(path) > 0 {
            if !readOnly, access(path, W_OK) != 0 { throw Self.system(path, "write it") }
            _ = try state.withLock { state throws(StatsError) in try openReaders(&state) }
        } else if !readOnly {
            guard access(Self.folder(path), W_OK) == 0 else { throw Self.system(path, "write it") }
        }
    }

    /// Runs queries that see one state of the file.
    /// - Returns: `nil` when nothing has been written yet.
    func read<Answer>(_ body: (Database) throws -> Answer) throws(StatsError) -> Answer? {
        let readers = try state.withLock { state throws(StatsError) in
            if state.isClosed { throw .closed(storage: path) }
            return try openReaders(&state)
        }
        do {
            return try readers?.read(body)
        } catch {
            throw isClosed ? .closed(storage: path) : failure(error, "read it")
        }
    }

    /// Runs statements in one transaction.
    func write<Answer>(_ body: (Database) throws -> Answer) throws(StatsError) -> Answer {
        let writer = try openedWriter()
        do {
            return try writer.write(body)
        } catch {
            throw isClosed ? .closed(storage: path) : failure(error, "write it")
        }
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Gives room that is no longer used back to the file system.
    func shrink() throws(StatsError) {
        let writer = try openedWriter()
        do {
            try writer.writeWithoutTransaction { db in
                _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum")
                _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        } catch {
            throw failure(error, "shrink it")
        }
    }

    /// Brings everything into the one file and lets go of it.
    func close() {
        let (readers, writer) = state.withLock { state in
            defer { state = State(isClosed: true) }
            return (state.readers, state.writer)
        }
        try? readers?.close()
        writer?.writeWithoutTransaction { db in
            // Without write-ahead log a finished file can be read from where nothing can be written. Whoever reads
            // it at the moment is in the way, and then the log stays, empty.
            _ = try? Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            _ = try? Row.fetchAll(db, sql: "PRAGMA busy_timeout = 0")
            _ = try? Row.fetchAll(db, sql: "PRAGMA journal_mode = DELETE")
        }
        try? writer?.close()
    }

    // MARK: Opening

    private func openReaders(_ state: inout State) throws(StatsError) -> DatabasePool? {
        if let readers = state.readers { return readers }
        guard try Self.size(path) > 0 else { return nil }
        do {
            let readers = try DatabasePool(path: path, configuration: Self.configuration(readOnly: true))
            try readers.read(check)
            state.readers = readers
            return readers
        } catch let error as DatabaseError
            where !isReadOnly && state.writer == nil
            && [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
        {
            // What a killed process left behind has to be brought in order first.
            state.writer = try openWriter()
            return try openReaders(&state)
        } catch {
            throw failure(error, "open it")
        }
    }

    private func openedWriter() throws(StatsError) -> DatabaseQueue {
        if isReadOnly { throw .readOnly(file: path) }
        return try state.withLock { state throws(StatsError) in
            if state.isClosed { throw .closed(storage: path) }
            if let writer = state.writer { return writer }
            let writer = try openWriter()
            state.writer = writer
            return writer
        }
    }

    private func openWriter() throws(StatsError) -> DatabaseQueue {
        let isNew = try Self.size(path) == 0
        do {
            let writer = try DatabaseQueue(path: path, configuration: Self.configuration(readOnly: false))
            try writer.writeWithoutTransaction { db in
                // Both survive the end of the process; undelivered records need not survive that of the machine, and
                // are often written when a program is about to end.
                try db.execute(sql: "PRAGMA synchronous = \(isSpill ? "OFF" : "NORMAL")")
            }
            if isNew { try writer.writeWithoutTransaction(create) }
            try writer.read(check)
            try writer.writeWithoutTransaction { db in
                _ = try Row.fetchAll(db, sql: "PRAGMA journal_mode = WAL")
            }
            return writer
        } catch {
            throw failure(error, "open it")
        }
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            // The file may be hostile: nothing in its schema may run functions, and its cells are checked.
            try db.execute(
                sql: """
                    PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
                    PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 16777216
                    """)
        }
        return configuration
    }

    /// Makes the tables, unless another process did meanwhile; all or nothing.
    private func create(_ db: Database) throws {
        // Only possible before the first page is written.
        try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
        try db.inTransaction(.immediate) {
            if try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 {
                try db.execute(sql: Self.schema)
                if isSpill { try db.execute(sql: "INSERT INTO property VALUES ('undelivered', 1)") }
            }
            return .commit
        }
    }

    private func check(_ db: Database) throws {
        let id = try Int.fetchOne(db, sql: "PRAGMA application_id")
        guard id == Self.applicationID else {
            throw StatsError.notStatsFile(file: path, reason: "it is an SQLite database of another program")
        }
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard version <= Self.version else {
            throw StatsError.newerStatsFile(file: path, version: version, known: Self.version)
        }
        let tables = Set(try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
        for table in Self.tables where !tables.contains(table) {
            throw StatsError.notStatsFile(file: path, reason: "it lacks the table \(table)")
        }
        guard isSpill else { return }
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM property WHERE name = 'undelivered'") == 1 else {
            throw StatsError.file(
                file: path, action: "keep undelivered records there", reason: "it is the stats file of a run")
        }
    }

    private static let tables = ["property", "session", "source", "layout", "record", "detail"]

    /// docs/file-formats.md says what the columns mean.
    private static let schema = """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        CREATE TABLE property (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE session (
            id INTEGER PRIMARY KEY, session TEXT NOT NULL UNIQUE, name TEXT, removed INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE source (
            id INTEGER PRIMARY KEY, session INTEGER NOT NULL, type TEXT NOT NULL, worker TEXT NOT NULL,
            UNIQUE (session, type, worker));
        CREATE TABLE layout (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE);
        CREATE TABLE record (
            id INTEGER PRIMARY KEY AUTOINCREMENT, source INTEGER NOT NULL, sequence INTEGER NOT NULL,
            kind INTEGER NOT NULL, timestamp INTEGER NOT NULL, iteration INTEGER NOT NULL, layout INTEGER,
            scalars BLOB, UNIQUE (source, sequence));
        CREATE INDEX record_kind ON record (source, kind, sequence, timestamp);
        CREATE TABLE detail (id INTEGER PRIMARY KEY, content BLOB NOT NULL);
        """

    // MARK: Files and errors

    /// Bytes of the file; 0 when there is none.
    private static func size(_ path: String) throws(StatsError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return 0 }
            throw system(path, "open it")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw .notStatsFile(file: path, reason: "it is a directory")
        default: throw .notStatsFile(file: path, reason: "it is no regular file")
        }
    }

    private static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func system(_ path: String, _ action: String) -> StatsError {
        .file(file: path, action: action, reason: String(cString: strerror(errno)))
    }

    private func failure(_ error: any Error, _ action: String) -> StatsError {
        switch error {
        case StatsError.invalidRecord(_, let place, let reason):
            .notStatsFile(file: path, reason: "it is damaged: \(place.isEmpty ? "" : "\(place): ")\(reason)")
        case let error as StatsError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB:
            .notStatsFile(file: path, reason: "it is no SQLite database")
        case let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT:
            .notStatsFile(file: path, reason: "it is damaged: \(error.message ?? "corrupt")")
        case let error as DatabaseError:
            .file(file: path, action: action, reason: error.message ?? "\(error.resultCode)")
        default: .file(file: path, action: action, reason: "\(error)")
        }
    }
}
