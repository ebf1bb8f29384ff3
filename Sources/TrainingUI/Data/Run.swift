internal import Foundation
internal import TrainingStats

/// A session with its workers: RUN of the interface.
struct Run {
    let session: String
    let start: Int64?
    private let name: String
    private let command: String?
    private let storage: String
    private let workers: [RunList.Worker]
    private let state: String
    /// The worker that stands for the run: the one that has come furthest.
    private let leader: RunList.Worker?

    init(_ session: String, _ workers: [RunList.Worker], _ metadata: SessionMetadata?, storage: String, now: Int64) {
        self.session = session
        self.workers = workers
        self.storage = storage
        name = metadata?.name ?? session
        command = metadata?.command
        start = workers.compactMap(\.start).min() ?? workers.compactMap(\.lastSeen).min()
        leader = workers.max { $0.iteration < $1.iteration }
        let last = workers.compactMap(\.lastSeen).max()
        if !workers.isEmpty, workers.allSatisfy(\.isLast) {
            state = "finished"
        } else {
            state = last.map { now - $0 > RunList.silence } ?? true ? "silent" : "running"
        }
    }

    func write(to json: inout JSONWriter) {
        json.raw("{\"session\":")
        json.string(session)
        json.raw(",\"name\":")
        json.string(name)
        json.raw(",\"command\":")
        json.string(command)
        json.raw(",\"modelClass\":")
        json.string(workers.compactMap(\.modelClass).first)
        json.raw(",\"storage\":")
        json.string(storage)
        json.raw(",\"start\":")
        json.integer(start)
        json.raw(",\"lastUpdate\":")
        json.integer(workers.compactMap(\.lastSeen).max())
        json.raw(",\"updates\":")
        json.integer(workers.reduce(0) { $0 + $1.updates })
        json.raw(",\"iteration\":")
        json.integer(leader?.iteration ?? 0)
        json.raw(",\"fraction\":")
        json.number(leader?.fraction ?? 0)
        json.raw(",\"score\":")
        json.number(leader?.score)
        json.raw(",\"state\":")
        json.string(state)
        json.raw(",\"hasLayers\":")
        json.bool(workers.contains(where: \.hasLayers))
        json.raw(",\"hasMap\":")
        json.bool(workers.contains(where: \.hasMap))
        json.raw(",\"workers\":")
        json.array(workers) { $1.write(to: &$0) }
        json.raw("}")
    }
}

extension RunList.Worker {
    /// WORKER of the interface.
    func write(to json: inout JSONWriter) {
        json.raw("{\"type\":")
        json.string(source.type)
        json.raw(",\"worker\":")
        json.string(source.worker)
        json.raw(",\"updates\":")
        json.integer(updates)
        json.raw(",\"lastSeen\":")
        json.integer(lastSeen)
        json.raw(",\"isLast\":")
        json.bool(isLast)
        json.raw("}")
    }
}

/// Milliseconds since 1970 by this machine's clock.
func millisecondsNow() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
