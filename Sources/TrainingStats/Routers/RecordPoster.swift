internal import FileAccess
internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif

/// Sends batches of records to a training UI, one at a time.
final class RecordPoster: Sendable {
    /// How a training UI took a batch.
    enum Outcome: Sendable, Equatable {
        case accepted
        /// The batch is too large.
        case tooLarge(String)
        /// At least one record is not as it should be.
        case invalid(String)
        /// The token is wrong, or the UI takes no records: more of the same is of little use.
        case refused(String)
        /// Anything else.
        case failed(String)
    }

    private struct Current {
        var task: URLSessionDataTask?
        var isCancelled = false
    }

    private let address: RemoteAddress
    private let token: String?
    private let timeout: TimeInterval
    private let session: URLSession
    private let delegate = Delegate()
    private let current = Mutex(Current())

    init(address: RemoteAddress, token: String?, timeout: Duration) {
        self.address = address
        self.token = token
        self.timeout = timeout / .seconds(1)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = self.timeout
        configuration.timeoutIntervalForResource = 2 * self.timeout
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: nil)
    }

    /// Sends a batch and waits for the answer.
    func post(_ records: [StatsRecord]) -> Outcome {
        let json: [UInt8]
        do {
            json = try StatsJSON.encode(records)
        } catch {
            return .invalid(error.description)
        }
        var request = URLRequest(url: address.records, timeoutInterval: timeout)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("gzip", forHTTPHeaderField: "Content-Encoding")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        request.httpBody = Data(Gzip.compress(json, level: 4))
        // A session that was invalidated ends the program when it is asked for a task: so within the lock.
        let started = current.withLock { current -> (task: URLSessionDataTask, done: DispatchSemaphore)? in
            if current.isCancelled { return nil }
            let task = session.dataTask(with: request)
            let done = delegate.expect(task)
            current.task = task
            task.resume()
            return (task, done)
        }
        guard let (task, done) = started else { return .failed("given up") }
        if done.wait(timeout: .now() + timeout + 1) == .timedOut {
            task.cancel()
            _ = done.wait(timeout: .now() + 1)
        }
        current.withLock { $0.task = nil }
        return outcome(delegate.answer(task))
    }

    /// Ends the request that is under way.
    func cancel() { current.withLock { $0.task?.cancel() } }

    /// Ends the request that is under way, and all later ones.
    func stop() {
        current.withLock { current in
            current.isCancelled = true
            current.task?.cancel()
            session.finishTasksAndInvalidate()
        }
    }

    private func outcome(_ answer: Answer) -> Outcome {
        guard let status = answer.status, answer.error == nil else {
            return .failed(answer.error ?? "no answer")
        }
        let said = Self.explanation(answer.body)
        let reason = "status \(status)" + (said.isEmpty ? "" : ": \(said)")
        switch status {
        case 200..<300:
            // Another server at that address may say "OK" to anything.
            guard let receipt = try? JSONDecoder().decode(Receipt.self, from: answer.body),
                receipt.accepted >= 0, receipt.duplicates >= 0
            else { return .failed("the answer is not that of a training UI") }
            return .accepted
        case 400, 422: return .invalid(reason)
        case 413: return .tooLarge(reason)
        case 401, 403: return .refused(reason)
        default: return .failed(reason)
        }
    }

    /// What a training UI answers.
    private struct Receipt: Decodable {
        var accepted: Int
        var duplicates: Int
    }

    private static func explanation(_ body: Data) -> String {
        struct Failure: Decodable { var error: String }
        guard let failure = try? JSONDecoder().decode(Failure.self, from: body) else { return "" }
        return String(failure.error.prefix(200))
    }
}

/// What came of a request.
private struct Answer: Sendable {
    var status: Int?
    var body = Data()
    var error: String?
    let done = DispatchSemaphore(value: 0)
}

/// Collects answers, the first bytes of them only, and follows no redirection, which could lead the token elsewhere.
private final class Delegate: NSObject, URLSessionDataDelegate {
    private static let bodyLimit = 1 << 14
    private let answers = Mutex<[Int: Answer]>([:])

    func expect(_ task: URLSessionTask) -> DispatchSemaphore {
        let answer = Answer()
        answers.withLock { $0[task.taskIdentifier] = answer }
        return answer.done
    }

    func answer(_ task: URLSessionTask) -> Answer {
        answers.withLock { $0.removeValue(forKey: task.taskIdentifier) } ?? Answer()
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        answers.withLock { answers in
            let room = Self.bodyLimit - (answers[dataTask.taskIdentifier]?.body.count ?? 0)
            answers[dataTask.taskIdentifier]?.body.append(data.prefix(room))
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let status = (task.response as? HTTPURLResponse)?.statusCode
        answers.withLock { answers in
            answers[task.taskIdentifier]?.status = status
            answers[task.taskIdentifier]?.error = error?.localizedDescription
            answers[task.taskIdentifier]?.done.signal()
        }
    }
}
