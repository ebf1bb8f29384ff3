import Dispatch
import EmbeddingVisualization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ctrl-C (and the termination and hang-up signals) as a wish to stop: the first one cancels the work, which keeps
/// what was done; the second one ends the process at once, unless files are being written.
final class Interruption {
    /// What the work looks at.
    let cancellation = Cancellation()
    /// Cancelled, so to speak, from when files are being written: they are finished whatever comes.
    private let writing = Cancellation()
    private let arrived = DispatchSemaphore(value: 0)
    private let sources: [any DispatchSourceSignal]

    init() {
        let (cancellation, writing, arrived) = (cancellation, writing, arrived)
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if cancellation.isCancelled, !writing.isCancelled { _exit(128 + number) }
                cancellation.cancel()
                arrived.signal()
            }
            source.resume()
            return source
        }
    }

    /// Lets nothing interrupt what follows: the writing of files.
    func protectWriting() {
        writing.cancel()
    }

    /// Waits until a signal arrives; returns at once when one did that nobody waited for.
    func wait() {
        arrived.wait()
    }

    /// The exit status of a program that was interrupted.
    static let exitStatus: Int32 = 130
}
