import ArgumentParser
import EmbeddingVisualization

/// `w2v ui`: looks at recorded runs, or at trainings elsewhere.
struct UI: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows recorded runs, or trainings that report from elsewhere, in the browser.",
        discussion: """
            w2v ui run.stats
            w2v ui --remote --remote-token-file token.txt --ui-host 192.0.2.7 --ui-token-file page-token.txt

            A file may still be written by a training: the pages follow it. Ctrl-C ends the serving.
            """)

    @Argument(help: "Files that --stats wrote, or that a remote router kept.", completion: .file())
    var files: [String] = []

    @Flag(help: "Take the reports of trainings that run with --remote-ui. (default: off)")
    var remote = false

    @Option(
        help: "File whose first line is the token of those trainings. (default: a new token, printed)",
        completion: .file())
    var remoteTokenFile: String?

    @Option(help: "Keep what they report in this file. (default: in memory)", completion: .file())
    var stats: String?

    @OptionGroup var server: ServerOptions

    @Flag(name: .shortAndLong, help: "Say nothing but the address and errors.")
    var quiet = false

    func validate() throws {
        if files.isEmpty, !remote { throw ValidationError("Nothing to show: give files, --remote or both.") }
        if !remote, remoteTokenFile != nil || stats != nil {
            throw ValidationError("--remote-token-file and --stats go with --remote.")
        }
    }

    func run() throws {
        // A storage takes a file that is not there as one without records; whoever names one to look at mistyped it.
        for file in files where !fileExists(file) {
            throw FileError.system(file: file, action: "read it", reason: "there is no such file")
        }
        let storages = try files.map { try FileStatsStorage($0, readOnly: true) }
        let received = try stats.map { try FileStatsStorage($0) }
        let interruption = Interruption()
        let server = try server.makeServer()
        for storage in storages {
            server.attach(storage)
            if !quiet { Console.say("\(printable(storage.name)): \(try Self.summary(of: storage))") }
        }
        var newToken: String?
        if remote {
            if let remoteTokenFile {
                try server.enableRemoteListener(token: try TokenFile.read(remoteTokenFile), storage: received)
            } else {
                newToken = server.enableRemoteListener(storage: received)
            }
        }
        try server.startAndWait()
        if let newToken { Console.say("token for --remote-ui-token-file: \(newToken)") }
        Console.say("serving at \(server.link) ; Ctrl-C ends it")
        interruption.wait()
        server.stop()
        received?.close()
        for storage in storages { storage.close() }
    }

    /// What a file holds, for people.
    private static func summary(of storage: FileStatsStorage) throws -> String {
        let sessions = try storage.listSessionIDs()
        let updates = try sessions.reduce(0) { try $0 + storage.numberOfUpdates(session: $1) }
        return "\(counted(updates, "record")) in \(counted(sessions.count, "session"))"
    }
}

extension ServerOptions {
    /// A server at the address that the options name, not started yet.
    /// - Throws: `UIServerError` for an address that cannot be, `FileError` for the token's file.
    func makeServer() throws -> UIServer {
        let server = UIServer()
        if let uiPort { server.port = uiPort }
        if let uiHost {
            try server.setHost(uiHost, token: try TokenFile.read(uiTokenFile ?? ""))
        }
        return server
    }
}
