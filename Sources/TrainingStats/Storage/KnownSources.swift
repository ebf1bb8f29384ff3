/// Which sessions, types and workers have been seen: tells which records are the first of theirs.
struct KnownSources: Sendable {
    private var types: [String: Set<String>] = [:]
    private var workers: [String: Set<String>] = [:]

    /// What a record of that kind makes happen, and takes note of it.
    mutating func events(
        _ kind: StatsStorageEvent.Kind, source: StatsSource, sequence: Int, timestamp: Int64
    ) -> [StatsStorageEvent] {
        func event(_ kind: StatsStorageEvent.Kind) -> StatsStorageEvent {
            StatsStorageEvent(kind: kind, source: source, sequence: sequence, timestamp: timestamp)
        }
        var events: [StatsStorageEvent] = []
        if types[source.session] == nil { events.append(event(.newSessionID)) }
        if types[source.session, default: []].insert(source.type).inserted { events.append(event(.newTypeID)) }
        if workers[source.session, default: []].insert(source.worker).inserted { events.append(event(.newWorkerID)) }
        events.append(event(kind))
        return events
    }

    /// Takes note of a source that is no news.
    mutating func insert(_ source: StatsSource) {
        types[source.session, default: []].insert(source.type)
        workers[source.session, default: []].insert(source.worker)
    }

    mutating func remove(session: String) {
        types[session] = nil
        workers[session] = nil
    }
}

extension StatsRecord.Content {
    /// The event that a record of this content is.
    var eventKind: StatsStorageEvent.Kind {
        switch self {
        case .metadata: .postMetaData
        case .staticInfo: .postStaticInfo
        case .update, .map: .postUpdate
        }
    }
}
