import ArgumentParser
import EmbeddingVisualization

/// The options of a command whose work can be watched.
struct WatchOptions: ParsableArguments {
    @Flag(help: "Serve live charts of the work; the address is printed. (default: off)")
    var ui = false

    @OptionGroup var server: ServerOptions

    @Flag(help: "Keep serving the charts after the work is done, until Ctrl-C. (default: off)")
    var uiStay = false

    @Option(help: "Record the charts' data in this file; w2v ui FILE shows them later.", completion: .file())
    var stats: String?

    @Option(help: "Report every so many iterations. (default: about once a second)")
    var statsFrequency: Int?

    @Option(help: "Report to a `w2v ui --remote` elsewhere, such as http://host:9000.")
    var remoteUi: String?

    @Option(help: "File whose first line is the token of the remote UI.", completion: .file())
    var remoteUiTokenFile: String?

    /// Whether anyone is told of the work.
    var watches: Bool { ui || stats != nil || remoteUi != nil }

    /// Files that are written besides the work's own.
    var outputs: [String] { stats.map { [$0] } ?? [] }

    func validate() throws {
        if uiStay, !ui { throw ValidationError("--ui-stay goes with --ui.") }
        if !ui, server.isSet { throw ValidationError("--ui-port, --ui-host and --ui-token-file go with --ui.") }
        if let statsFrequency, statsFrequency < 1 {
            throw ValidationError("--stats-frequency: expected 1 or more, found \(statsFrequency).")
        }
        guard (remoteUi == nil) == (remoteUiTokenFile == nil) else {
            throw ValidationError("--remote-ui and --remote-ui-token-file go together.")
        }
        if statsFrequency != nil, !watches {
            throw ValidationError("--stats-frequency goes with --ui, --stats or --remote-ui.")
        }
    }
}

/// Where the charts are served.
struct ServerOptions: ParsableArguments {
    @Option(help: "Port of the charts; 0 takes any free one. (default: 9000, or W2V_UI_PORT)")
    var uiPort: Int?

    @Option(help: "Address to serve at besides this machine; needs --ui-token-file. (default: this machine only)")
    var uiHost: String?

    @Option(help: "File whose first line is the token that other machines need.", completion: .file())
    var uiTokenFile: String?

    var isSet: Bool { uiPort != nil || uiHost != nil || uiTokenFile != nil }

    func validate() throws {
        if let uiPort, !(0...65_535).contains(uiPort) {
            throw ValidationError("--ui-port: expected 0 to 65535, found \(uiPort).")
        }
        if uiHost != nil, uiTokenFile == nil { throw ValidationError("--ui-host needs --ui-token-file.") }
    }
}
