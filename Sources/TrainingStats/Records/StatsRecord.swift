/// Where a record comes from: one worker's records of one kind in one session.
public struct StatsSource: Codable, Hashable, Sendable {
    /// The run. Unique for each run.
    public var session: String
    /// The kind of reporter, such as `StatsListener.typeID`.
    public var type: String
    /// The process or thread that reports within the run.
    public var worker: String

    /// The source as given.
    public init(session: String, type: String, worker: String) {
        self.session = session
        self.type = type
        self.worker = worker
    }
}

/// One message of a listener: what travels through routers and lies in storages.
///
/// `source` and `sequence` are its key: who gets a record twice keeps it once. Time stamps are information only; two
/// records may carry the same.
public struct StatsRecord: Codable, Sendable, Equatable {
    /// What a record says.
    public enum Content: Sendable, Equatable {
        /// About the session as a whole; a later one replaces it.
        case metadata(SessionMetadata)
        /// About the worker's machine, software and model; a later one replaces it.
        case staticInfo(StaticInfo)
        /// The state of the training at one iteration.
        case update(StatsReport)
        /// The map at one iteration.
        case map(MapSnapshot)
    }

    /// Where it comes from.
    public var source: StatsSource
    /// Number of the record within its source: 0, 1, 2 … over all contents, without gaps.
    public var sequence: Int
    /// Milliseconds since 1970, by the clock of the worker.
    public var timestamp: Int64
    /// What it says.
    public var content: Content

    /// The record as given.
    public init(source: StatsSource, sequence: Int, timestamp: Int64, content: Content) {
        self.source = source
        self.sequence = sequence
        self.timestamp = timestamp
        self.content = content
    }
}

/// An object with one member, named after the case: `{"update":{…}}`.
extension StatsRecord.Content: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case metadata, staticInfo, update, map
    }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.allKeys.count == 1, let kind = container.allKeys.first else {
            let kinds = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected one of \(kinds)"))
        }
        switch kind {
        case .metadata: self = .metadata(try container.decode(SessionMetadata.self, forKey: kind))
        case .staticInfo: self = .staticInfo(try container.decode(StaticInfo.self, forKey: kind))
        case .update: self = .update(try container.decode(StatsReport.self, forKey: kind))
        case .map: self = .map(try container.decode(MapSnapshot.self, forKey: kind))
        }
    }

    /// Writes one member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .metadata(let metadata): try container.encode(metadata, forKey: .metadata)
        case .staticInfo(let info): try container.encode(info, forKey: .staticInfo)
        case .update(let report): try container.encode(report, forKey: .update)
        case .map(let map): try container.encode(map, forKey: .map)
        }
    }
}

/// What is known of a session besides its records.
public struct SessionMetadata: Codable, Sendable, Equatable {
    /// The name that a person gave it; `nil`: the session's identifier serves.
    public var name: String?
    /// What was started, such as "w2v train corpus.txt"; `nil` when not known.
    public var command: String?

    /// The metadata as given.
    public init(name: String? = nil, command: String? = nil) {
        self.name = name
        self.command = command
    }
}
