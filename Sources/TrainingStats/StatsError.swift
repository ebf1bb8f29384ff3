internal import FileAccess

/// What went wrong with recorded statistics.
public enum StatsError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The file is no stats file, or a damaged one.
    case notStatsFile(file: String, reason: String)
    /// The file cannot be opened, read or written.
    case file(file: String, action: String, reason: String)
    /// A batch of records is not what it should be.
    case invalidRecords(place: String, reason: String)
    /// An address that records cannot be sent to.
    case invalidAddress(address: String, reason: String)
    /// The storage was closed.
    case closed(name: String)
    /// No such session.
    case unknownSession(String)

    /// One line for a terminal, with control characters escaped.
    public var description: String {
        switch self {
        case .notStatsFile(let file, let reason): "\(printable(file)): not a stats file: \(printable(reason))"
        case .file(let file, let action, let reason):
            "\(printable(file)): cannot \(printable(action)): \(printable(reason))"
        case .invalidRecords(let place, let reason): "\(printable(place)): \(printable(reason))"
        case .invalidAddress(let address, let reason): "\(printable(address)): \(printable(reason))"
        case .closed(let name): "\(printable(name)): the storage is closed"
        case .unknownSession(let session): "no session '\(printable(session))'"
        }
    }
}
