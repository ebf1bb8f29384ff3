internal import Dispatch
internal import FileAccess
internal import Foundation

/// Sends records to the training UI of another process or machine.
///
/// A thread of the router sends them in batches and tries again, with growing pauses, until they have arrived; the UI
/// keeps each once. While the UI is away they wait in memory, then in a file, from which they are sent once it is back;
/// only when the disk is full too are the oldest updates lost, and counted so. A program that ends closes the router,
/// which waits 5 s at most: what has not arrived by then stays in the file, which `w2v ui` opens and a later router with
/// the same file sends. Training never waits for the network or the disk.
public final class RemoteUIStatsStorageRouter: StatsStorageRouter {
    /// Bounds and times of a router.
    public struct Configuration: Sendable, Equatable {
        /// Where undelivered records go when memory is full, and at the end; `nil` (the default): a file of a new name in
        /// the system's folder for temporary files. It is removed when all has arrived.
        public var spillFile: String?
        /// Records that wait in memory at most; default 4,096.
        public var queueLimit = 4_096
        /// About how many bytes they may take; default 32 MiB.
        public var queueByteLimit = 1 << 25
        /// Records sent at once at most; default 256.
        public var batchLimit = 256
        /// About how many bytes are sent at once at most, before packing; a single record may be larger. Default 1 MiB.
        public var batchByteLimit = 1 << 20
        /// Pause after the first failure; each further one doubles it. Default 0.5 s.
        public var firstPause = Duration.milliseconds(500)
        /// Longest pause; default 30 s.
        public var longestPause = Duration.seconds(30)
        /// How long the UI may take to answer; default 30 s.
        public var requestTimeout = Duration.seconds(30)

        /// The defaults.
        public init() {}
    }

    private let sender: RemoteSender
    private let spillPath: String
    private let address: RemoteAddress
    private static let closingTime = Duration.seconds(5)

    /// A router to the UI at an address; nothing is sent yet, and nobody needs to listen there yet.
    ///
    /// - Parameters:
    ///   - address: `http://HOST:PORT` or `https://…`; the port is 9000 when left out, 443 for https.
    ///   - token: what the UI asks of those who send records, if anything.
    ///   - configuration: bounds and times.
    /// - Throws: `StatsError.invalidAddress`, `.invalidValue` for a token that cannot be sent, or `.file` when the spill
    ///   file could not be made or is a stats file of another kind.
    public init(_ address: String, token: String? = nil, configuration: Configuration = Configuration()) throws {
        self.address = try RemoteAddress(address)
        if let token {
            guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw StatsError.invalidValue(name: "token", reason: "expected visible ASCII characters without spaces")
            }
        }
        spillPath =
            configuration.spillFile
            ?? FileManager.default.temporaryDirectory
            .appendingPathComponent("undelivered-\(getpid())-\(UInt64.random(in: 0 ... .max)).stats").path
        let spill = FileStatsStorage(try StatsFile(path: spillPath, readOnly: false, isSpill: true))
        sender = try RemoteSender(
            address: self.address, token: token, spill: spill, configuration: configuration)
        sender.start()
    }

    deinit { sender.stop() }

    /// The UI's address, as it was given.
    public var name: String { address.text }
    /// The file for undelivered records, whether or not it exists.
    public var spillFile: String { spillPath }
    /// Why records wait; `nil` when the last attempt succeeded.
    public var lastError: StatsError? { sender.error }
    /// What became of the records; those found in the spill file count as received.
    public var counters: RouterCounters { sender.counters }
    /// Whether `close` was called.
    public var isClosed: Bool { sender.isClosed }

    /// Takes records; a thread of the router sends them.
    public func put(_ records: [StatsRecord]) { sender.put(records) }

    /// Waits until all has arrived. When the time is over, what waits in memory goes to the spill file, so that the
    /// program may end.
    @discardableResult
    public func flush(timeout: Duration) -> Bool {
        sender.flush(until: .after(timeout), reserve: Self.reserve(timeout))
    }

    /// Waits until all has arrived, 5 s at most, brings the rest into the spill file, and ends. When a `flush` has waited
    /// in vain just before, it waits no more; only a busy disk may take longer. Later puts are lost and counted so.
    public func close() {
        sender.close(until: .after(Self.closingTime), reserve: Self.reserve(Self.closingTime))
    }

    /// The part of the time that is kept for writing the spill file.
    private static func reserve(_ timeout: Duration) -> DispatchTimeInterval {
        .milliseconds(Int(min(timeout / 4, .seconds(1)) / .milliseconds(1)))
    }
}
