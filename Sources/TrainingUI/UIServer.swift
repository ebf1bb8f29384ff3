internal import Foundation
internal import Synchronization
public import TrainingStats

/// The training UI: pages that show, in a browser, what storages receive.
///
/// ```swift
/// let ui = UIServer.getInstance()
/// let storage = InMemoryStatsStorage()
/// ui.attach(storage)
/// try ui.startAndWait()
/// print(ui.address)  // http://localhost:9000
/// ```
///
/// Attaching starts nothing; `start()` does. A server can be started again after it was stopped; what is attached stays
/// attached. All functions may be called from any thread.
public final class UIServer: Sendable {
    /// Port when none is set: 9000.
    public static let defaultPort = 9_000
    private static let shared = UIServer()

    /// The one server that a program shares.
    public static func getInstance() -> UIServer { shared }

    private struct State {
        var port: Int?
        var host = "localhost"
        var token: AccessToken?
        var names: [String] = []
        var bound: [BoundPort] = []
        var ticker: Task<Void, Never>?
        var remote: RemoteListener?
        /// Where posted records went last: switching the listener off and on again loses nothing.
        var remoteStorage: (any StatsStorage)?
        /// The last start or stop; the next one waits for it.
        var lifecycle: Task<Void, any Error>?
    }

    private let state = Mutex(State())
    let observatory = Observatory()
    private let bodies = BodyReader()
    /// What the pages show for changes of their own.
    let pageToken = AccessToken()

    /// A server of its own, as tests need one.
    /// - Parameter port: as `port`; `nil` for the default.
    public init(port: Int? = nil) {
        state.withLock { $0.port = port }
    }

    // MARK: Where it listens

    /// The port: the bound one while the server runs, otherwise the one to bind; 0 is any free one.
    ///
    /// Default: the environment variable `W2V_UI_PORT`, or else 9000. Setting it while the server runs has effect at the
    /// next start.
    public var port: Int {
        get {
            state.withLock { $0.bound.first?.port ?? (try? Self.configuredPort($0)) ?? Self.defaultPort }
        }
        set { state.withLock { $0.port = newValue } }
    }

    /// The host name or address to bind; default "localhost": only this machine can connect.
    public var host: String { state.withLock { $0.host } }

    /// Lets other machines see the pages, from the next start on. Every request must then show the token: as
    /// `Authorization: Bearer TOKEN`, or once in the link that `link` gives, which leaves a cookie.
    ///
    /// The connection is not encrypted: on a network that others can read, use a tunnel.
    /// - Parameters:
    ///   - host: name or address to bind; "0.0.0.0" for all.
    ///   - token: 16 characters at least; may be left out for this machine alone.
    ///   - names: further names under which browsers may ask for the pages, such as that of a proxy.
    /// - Throws: `UIServerError.hostNeedsToken`, `.invalidToken`, `.invalidHost`.
    public func setHost(_ host: String, token: String? = nil, names: [String] = []) throws {
        for name in [host] + names {
            guard !name.isEmpty, name.utf8.count <= 255,
                name.utf8.allSatisfy({ (33...126).contains($0) && !"/?#@\\\"<>".utf8.contains($0) })
            else { throw UIServerError.invalidHost(host: name, reason: "expected a name or an address") }
        }
        let accepted = try token.map { try AccessToken($0) }
        guard accepted != nil || AccessPolicy.isLoopback(host) && names.isEmpty else {
            throw UIServerError.hostNeedsToken(host: names.first ?? host)
        }
        state.withLock { state in
            state.host = host
            state.token = accepted
            state.names = names
        }
    }

    /// Where the pages are, such as "http://localhost:9000". With port 0 it is complete only while the server runs.
    public var address: String {
        "http://\(Self.inAddress(host)):\(port)"
    }

    /// The address to open in a browser, with the token where one is needed.
    public var link: String {
        address + "/train/overview" + (state.withLock { $0.token }.map { "?token=\($0.value)" } ?? "")
    }

    /// Whether clients can connect.
    public var isRunning: Bool { state.withLock { !$0.bound.isEmpty } }

    /// Whether no client can connect.
    public var isStopped: Bool { !isRunning }

    // MARK: What it shows

    /// Shows the sessions of a storage, now and as they grow. Starts nothing.
    public func attach(_ storage: any StatsStorage) { observatory.attach(storage) }

    /// Ends what `attach` began; the storage stays open.
    public func detach(_ storage: any StatsStorage) { observatory.detach(storage) }

    /// The attached storages, in the order in which they were attached.
    public var storages: [any StatsStorage] { observatory.storages }

    /// Is asked for sessions that no attached storage has, by identifier, and may open one: DL4J's multi-session mode.
    /// What it returns is attached. It may be called from several threads at once.
    public var sessionProvider: (@Sendable (String) -> (any StatsStorage)?)? {
        get { observatory.provider }
        set { observatory.provider = newValue }
    }

    // MARK: Records from other machines

    /// Takes records that `RemoteUIStatsStorageRouter` posts, with a new token; off by default.
    /// - Parameter storage: where they go; when `nil` where they went before, or a new `InMemoryStatsStorage`. It is
    ///   attached.
    /// - Returns: the token that the router must show.
    @discardableResult
    public func enableRemoteListener(storage: (any StatsStorage)? = nil) -> String {
        enable(AccessToken(), storage)
    }

    /// Takes records that `RemoteUIStatsStorageRouter` posts.
    /// - Parameters:
    ///   - token: what the router must show, 16 characters at least; a new one when `nil`.
    ///   - storage: where they go; when `nil` where they went before, or a new `InMemoryStatsStorage`. It is attached.
    /// - Returns: the token that the router must show.
    /// - Throws: `UIServerError.invalidToken`.
    @discardableResult
    public func enableRemoteListener(token: String?, storage: (any StatsStorage)? = nil) throws -> String {
        enable(try token.map { try AccessToken($0) } ?? AccessToken(), storage)
    }

    private func enable(_ token: AccessToken, _ storage: (any StatsStorage)?) -> String {
        let chosen = state.withLock { state in
            let chosen = storage ?? state.remoteStorage ?? InMemoryStatsStorage()
            state.remoteStorage = chosen
            state.remote = RemoteListener(token: token, storage: chosen)
            return chosen
        }
        attach(chosen)
        return token.value
    }

    /// Takes no more records. What arrived stays attached.
    public func disableRemoteListener() { state.withLock { $0.remote = nil } }

    /// The token that routers must show; `nil` while the remote listener is off.
    public var remoteToken: String? { state.withLock { $0.remote?.token.value } }

    // MARK: Starting and stopping

    /// Binds the port and returns; the server then runs in the background. Does nothing when it runs already.
    /// - Throws: `UIServerError`.
    public func start() async throws { try await inTurn { try await self.open() } }

    /// As `start()`, for programs that are not asynchronous.
    /// - Throws: `UIServerError`.
    @available(*, noasync)
    public func startAndWait() throws { try Self.wait { try await self.start() } }

    /// Ends the event streams, lets requests finish for up to three seconds, and frees the port. Storages stay attached.
    public func stop() async {
        try? await inTurn { await self.close() }
    }

    /// As the asynchronous `stop()`, for programs that are not.
    @available(*, noasync)
    public func stop() {
        try? Self.wait { await self.stop() }
    }

    /// Starts and stops happen one after the other.
    private func inTurn(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let task = state.withLock { state in
            let before = state.lifecycle
            let task = Task {
                _ = await before?.result
                try await work()
            }
            state.lifecycle = task
            return task
        }
        try await task.value
    }

    private func open() async throws {
        guard isStopped else { return }
        let (host, token, names, wanted) = try state.withLock { state in
            (state.host, state.token, state.names, try Self.configuredPort(state))
        }
        observatory.events.open()
        do {
            let bound = try await listen(host, wanted, UIResponder(policy: policy(host, token, names), api: api))
            let ticker = Task.detached { [observatory] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(1))
                    observatory.tick()
                }
            }
            state.withLock { state in
                state.bound = bound
                state.ticker = ticker
            }
        } catch {
            observatory.events.close()
            throw error
        }
    }

    private func close() async {
        let (bound, ticker) = state.withLock { state in
            defer { (state.bound, state.ticker) = ([], nil) }
            return (state.bound, state.ticker)
        }
        ticker?.cancel()
        observatory.events.close()
        for port in bound { await port.close() }
    }

    /// Binds the host; "localhost" with both of its addresses, if the machine has the second, so that whichever a
    /// browser tries first is ours.
    private func listen(_ host: String, _ wanted: Int, _ responder: UIResponder) async throws -> [BoundPort] {
        guard host.lowercased() == "localhost" else {
            return [try await BoundPort.open(host: host, port: wanted, responder: responder)]
        }
        // A free port of one address may be taken on the other; then another is tried.
        for attempt in 1... {
            let first = try await BoundPort.open(host: "127.0.0.1", port: wanted, responder: responder)
            do {
                return [first, try await BoundPort.open(host: "::1", port: first.port, responder: responder)]
            } catch UIServerError.portInUse(let port) {
                await first.close()
                if wanted != 0 || attempt == 10 { throw UIServerError.portInUse(port: port) }
            } catch {
                return [first]
            }
        }
        return []
    }

    private func policy(_ host: String, _ token: AccessToken?, _ names: [String]) -> AccessPolicy {
        let isLoopback = AccessPolicy.isLoopback(host)
        var known = Set(names.map { $0.lowercased() })
        if !isLoopback {
            known.insert(Self.inAddress(host).lowercased())
            known.insert(ProcessInfo.processInfo.hostName.lowercased())
        }
        return AccessPolicy(names: known, takesAddresses: !isLoopback, token: token, pageToken: pageToken)
    }

    private var api: API {
        API(observatory: observatory, bodies: bodies, remote: { [weak self] in self?.state.withLock { $0.remote } })
    }

    private static func configuredPort(_ state: borrowing State) throws -> Int {
        try configuredPort(state.port, environment: ProcessInfo.processInfo.environment["W2V_UI_PORT"])
    }

    /// The port to bind.
    /// - Parameter environment: text of `W2V_UI_PORT`.
    static func configuredPort(_ port: Int?, environment: String?) throws(UIServerError) -> Int {
        if let port {
            guard isPort(port) else { throw .invalidPort(name: "port", value: "\(port)") }
            return port
        }
        guard let environment, !environment.isEmpty else { return defaultPort }
        guard let port = Int(environment), isPort(port) else {
            throw .invalidPort(name: "W2V_UI_PORT", value: environment)
        }
        return port
    }

    private static func isPort(_ number: Int) -> Bool { (0...65_535).contains(number) }

    /// A host as it stands in an address: all addresses of a machine have its name; IPv6 has brackets.
    private static func inAddress(_ host: String) -> String {
        if host == "0.0.0.0" || host == "::" { return ProcessInfo.processInfo.hostName }
        return host.contains(":") ? "[\(host)]" : host
    }

    /// Waits, on a thread that is none of the tasks', for asynchronous work.
    private static func wait(_ work: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Outcome()
        Task.detached {
            do {
                try await work()
                outcome.set(.success(()))
            } catch {
                outcome.set(.failure(error))
            }
        }
        try outcome.wait().get()
    }

    /// The end of some work, for a thread that waits for it.
    private final class Outcome: Sendable {
        private let result = Mutex<Result<Void, any Error>>(.success(()))
        private let done = DispatchSemaphore(value: 0)

        func set(_ outcome: Result<Void, any Error>) {
            result.withLock { $0 = outcome }
            done.signal()
        }

        func wait() -> Result<Void, any Error> {
            done.wait()
            return result.withLock { $0 }
        }
    }
}
