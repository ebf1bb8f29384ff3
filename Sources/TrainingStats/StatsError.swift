internal import FileAccess

/// What went wrong with records, storages and routers.
public enum StatsError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The file holds no records, or is too damaged to say: the reason.
    case notStatsFile(file: String, reason: String)
    /// A later version of this program wrote the file.
    case newerStatsFile(file: String, version: Int, known: Int)
    /// The system or the database refused: the file, what was tried, and its own words.
    case file(file: String, action: String, reason: String)
    /// The storage was opened for reading only.
    case readOnly(file: String)
    /// The storage was closed.
    case closed(storage: String)
    /// There is no such session.
    case noSuchSession(String)
    /// A record breaks the rules: its index in the batch when there is one, the place within it, and what is wrong.
    case invalidRecord(index: Int?, path: String, reason: String)
    /// A value given by a person or a program breaks the rules.
    case invalidValue(name: String, reason: String)
    /// The address of a training UI cannot be used.
    case invalidAddress(address: String, reason: String)
    /// Records could not be delivered.
    case notDelivered(address: String, reason: String)

    /// One line for a terminal, with control characters escaped.
    public var description: String {
        switch self {
        case .notStatsFile(let file, let reason):
            "\(printable(file)): not a file of training statistics: \(printable(reason))"
        case .newerStatsFile(let file, let version, let known):
            "\(printable(file)): a later version wrote this file: its format is \(version), known are up to \(known)"
        case .file(let file, let action, let reason):
            "\(printable(file)): cannot \(printable(action)): \(printable(reason))"
        case .readOnly(let file):
            "\(printable(file)): opened for reading only"
        case .closed(let storage):
            "\(printable(storage)): the storage is closed"
        case .noSuchSession(let session):
            "no session \(printable(session))"
        case .invalidRecord(let index, let path, let reason):
            "\(index.map { "record \($0)" } ?? "record")\(path.isEmpty ? "" : ", \(printable(path))"): \(printable(reason))"
        case .invalidValue(let name, let reason):
            "\(printable(name)): \(printable(reason))"
        case .invalidAddress(let address, let reason):
            "\(printable(address)): not the address of a training UI: \(printable(reason))"
        case .notDelivered(let address, let reason):
            "\(printable(address)): records not delivered: \(printable(reason))"
        }
    }
}
