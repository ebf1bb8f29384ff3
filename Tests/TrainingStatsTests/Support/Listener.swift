import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A socket that listens on the loopback address. The thread that runs it closes it as well: by then its number may belong
/// to another file, from which nobody else may accept.
final class Listener: Sendable {
    let port: Int
    let isEnded = Atomic<Bool>(false)
    private let descriptor: Int32
    private let closed = DispatchSemaphore(value: 0)

    /// - Parameter port: 0 for any free one.
    init(port: Int) throws {
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET, kind, 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7f00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        // A connection may be gone between its announcement and accept, which must not wait for the next one then.
        guard isListening, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            let reason = errno
            close(descriptor)
            throw POSIXError(.init(rawValue: reason) ?? .EIO)
        }
        self.descriptor = descriptor
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Takes connections until the end. To be called once, on a thread of its own.
    func run(_ take: (Int32) -> Void) {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while !isEnded.load(ordering: .acquiring) {
            guard poll(&ready, 1, 10) > 0 else { continue }
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { continue }
            _ = fcntl(connection, F_SETFL, 0)
            take(connection)
        }
        close(descriptor)
        closed.signal()
    }

    /// Takes no further connections.
    func end() {
        isEnded.store(true, ordering: .releasing)
    }

    /// Waits until the socket is closed, soon after the end.
    func wait() {
        closed.wait()
        closed.signal()
    }
}
