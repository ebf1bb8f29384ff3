import Dispatch
import EmbeddingVisualization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ctrl-C (and the termination signal) as a wish to stop: the first one cancels the work, which keeps what was done;
/// the second one ends the process at once.
final class Interruption {
    /// What the work looks at.
    let cancellation = Cancellation()
    private let sources: [any DispatchSourceSignal]

    init() {
        let cancellation = cancellation
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if cancellation.isCancelled { _exit(128 + number) }
                cancellation.cancel()
            }
            source.resume()
            return source
        }
    }

    /// The exit status of a program that was interrupted.
    static let exitStatus: Int32 = 130
}
