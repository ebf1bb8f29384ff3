import EmbeddingVisualization

/// What a command reports to while it works, and where that can be looked at.
final class Watch {
    /// Whom the trainer tells; empty when nobody watches.
    let listeners: [any TrainingListener]
    private let file: FileStatsStorage?
    private let remote: RemoteUIStatsStorageRouter?
    private let server: UIServer?
    private let stays: Bool
    private let quiet: Bool
    private var isDelivered = false

    /// Opens the storages and starts the server that the options ask for.
    /// - Throws: `StatsError`, `UIServerError`, `FileError`.
    init(_ options: WatchOptions, quiet: Bool) throws {
        self.quiet = quiet
        stays = options.uiStay
        file = try options.stats.map { try FileStatsStorage($0) }
        remote = try options.remoteUi.map { address in
            try RemoteUIStatsStorageRouter(address, token: try TokenFile.read(options.remoteUiTokenFile ?? ""))
        }
        var routers: [any StatsStorageRouter] = []
        if let file { routers.append(file) }
        if options.ui {
            let storage: any StatsStorage = file ?? InMemoryStatsStorage()
            if file == nil { routers.append(storage) }
            let server = try options.server.makeServer()
            server.attach(storage)
            try server.startAndWait()
            self.server = server
            Console.say("watch it at \(server.link)")
        } else {
            server = nil
        }
        if let remote { routers.append(remote) }
        guard let router = routers.count > 1 ? BroadcastStatsStorageRouter(routers) : routers.first else {
            listeners = []
            return
        }
        let listener = StatsListener(router, frequency: options.statsFrequency)
        let command = (["w2v"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
        listener.setMetadata(SessionMetadata(command: command))
        listeners = [listener]
    }

    /// Keeps serving when that was asked for, until the next signal, and closes everything.
    func finish(_ interruption: Interruption) {
        deliver()
        if let server, stays, !interruption.cancellation.isCancelled {
            if !quiet { Console.say("still serving at \(server.link) ; Ctrl-C ends it") }
            interruption.wait()
        }
        close()
    }

    /// Ends the serving and closes the storages; also where the work failed.
    func close() {
        deliver()
        server?.stop()
        file?.close()
    }

    /// Waits a little for the records to arrive, and says what did not.
    private func deliver() {
        guard !isDelivered else { return }
        isDelivered = true
        if let remote {
            remote.close()
            let counters = remote.counters
            if counters.delivered < counters.received {
                Console.say(
                    "w2v: warning: \(grouped(counters.received - counters.delivered)) of "
                        + "\(counted(counters.received, "record")) did not reach the remote UI"
                        + (remote.lastError.map { ": \($0)" } ?? ""))
            }
            if counters.spilled > 0 {
                let path = printable(remote.spillFile)
                Console.say(
                    "w2v: warning: \(counted(counters.spilled, "record")) kept; to see: w2v ui \(path)")
            }
        }
        if let file {
            file.flush(timeout: .seconds(5))
            if let error = file.lastError { Console.say("w2v: warning: \(error)") }
        }
    }
}
