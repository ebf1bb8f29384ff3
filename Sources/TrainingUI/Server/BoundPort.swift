internal import Foundation
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// One port of one address on which the server listens, from the binding to the last connection's end.
final class BoundPort: Sendable {
    /// Connections at once; more wait until one ends.
    static let connectionLimit = 512
    /// A connection on which no whole request head arrives for so long is closed; so is one between requests.
    static let idleTimeout = TimeAmount.seconds(30)
    /// Time that requests have to end when the server stops.
    static let patience = Duration.seconds(3)

    let port: Int
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    private init(port: Int, group: ServiceGroup, running: Task<Void, any Error>) {
        self.port = port
        self.group = group
        self.running = running
    }

    /// Binds and listens; returns when clients can connect.
    /// - Parameters:
    ///   - host: address or name to bind to.
    ///   - port: 0 for any free port.
    static func open(host: String, port: Int, responder: UIResponder) async throws -> BoundPort {
        let (ports, bound) = AsyncThrowingStream<Int, any Error>.makeStream()
        let logger = Logger(label: "training-ui") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: idleTimeout)),
            configuration: .init(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(connectionLimit, logger: logger)),
            onServerRunning: { channel in
                bound.yield(channel.localAddress?.port ?? port)
                bound.finish()
            },
            logger: logger)
        let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
        let running = Task.detached {
            do {
                try await group.run()
                bound.finish()
            } catch {
                bound.finish(throwing: error)
                throw error
            }
        }
        do {
            for try await number in ports { return BoundPort(port: number, group: group, running: running) }
        } catch {
            throw Self.error(error, host: host, port: port)
        }
        throw UIServerError.cannotListen(host: host, port: port, reason: "the server ended at once")
    }

    /// Stops listening, lets requests end, and closes what is left.
    func close() async {
        await group.triggerGracefulShutdown()
        let running = running
        let limit = Task.detached {
            try await Task.sleep(for: Self.patience)
            running.cancel()
        }
        _ = await running.result
        limit.cancel()
    }

    private static func error(_ error: any Error, host: String, port: Int) -> UIServerError {
        guard let failure = error as? IOError else {
            return .cannotListen(host: host, port: port, reason: "\(error)")
        }
        return failure.errnoCode == EADDRINUSE
            ? .portInUse(port: port)
            : .cannotListen(host: host, port: port, reason: String(cString: strerror(failure.errnoCode)))
    }
}
