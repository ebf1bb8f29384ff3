internal import Foundation
internal import TrainingStats

/// The machine, the observer and the way of the records. What users of DL4J's UI ran into: an epoch that went from 0.9 to
/// 8 minutes, records that were dropped, memory that ran out.
enum SystemRules {
    /// Share of the machine's memory that may be left before it counts as near its end.
    static let memoryLeft = 0.05
    /// Share of the training threads' time that watching may take.
    static let listenerShare = 0.02
    /// Rate of the slowest thread as a share of the usual one.
    static let slowThread = 0.5
    /// Share of the processors that training should keep busy.
    static let busyShare = 0.6
    /// Seconds of silence.
    static let silence = 30.0

    static func advice(_ evidence: Evidence) -> [Advice] {
        [
            memory(evidence), lost(evidence) ?? waiting(evidence), cost(evidence), uneven(evidence) ?? idle(evidence),
            silent(evidence),
        ].compactMap { $0 }
    }

    /// The process has most of the machine's memory, or little is left of it.
    private static func memory(_ evidence: Evidence) -> Advice? {
        guard let all = evidence.input.info?.hardware.map({ Double($0.memory) }), all > 0 else { return nil }
        let resident = evidence.line("memory/resident")
        let available = evidence.line("memory/available").samples.filter { $0.mean > 0 }
        let since =
            resident.holdsSince(least: 2) { $0.mean > 0.85 * all }
            ?? Line(available).holdsSince(least: 2) { $0.mean < memoryLeft * all }
        guard let since else { return nil }
        let gigabyte = 1e9
        return Advice(
            .memoryNearLimit, since: since,
            [
                "resident": (resident.last?.mean ?? .nan) / gigabyte,
                "available": (available.last?.mean ?? .nan) / gigabyte, "machine": all / gigabyte,
            ])
    }

    /// Records that are gone.
    private static func lost(_ evidence: Evidence) -> Advice? {
        let lost = evidence.line("router/lost")
        guard let last = lost.last, last.high > 0 else { return nil }
        return Advice(
            .recordsLost, since: lost.samples.first { $0.high > 0 }?.iteration,
            ["lost": last.high, "received": evidence.line("router/received").last?.high ?? .nan])
    }

    /// Records that do not get through at present; nothing is lost.
    private static func waiting(_ evidence: Evidence) -> Advice? {
        let spilled = evidence.line("router/spilled")
        guard let last = spilled.last, last.mean > 0, let since = spilled.holdsSince(least: 3, { $0.mean > 0 }) else {
            return nil
        }
        return Advice(
            .recordsWaiting, since: since,
            ["spilled": last.high, "failures": evidence.line("router/failures").last?.high ?? .nan])
    }

    /// Watching takes more than 2 % of the training threads' time.
    private static func cost(_ evidence: Evidence) -> Advice? {
        guard let latest = evidence.latest, latest.elapsedSeconds >= 5 else { return nil }
        let threads = Double(max(1, evidence.input.info?.model?.threads ?? 1))
        let share = latest.observer.listenerSeconds / (latest.elapsedSeconds * threads)
        guard share > listenerShare, share.isFinite else { return nil }
        return Advice(
            .listenerCostly, ["percent": 100 * share, "seconds": latest.observer.listenerSeconds])
    }

    /// One thread is much slower than the others, not for a moment only.
    private static func uneven(_ evidence: Evidence) -> Advice? {
        guard let rates = evidence.latest?.performance?.unitsPerSecondByThread, rates.count >= 2 else { return nil }
        // A run draws to its end with fewer sentences than threads; that is not meant.
        let lines = rates.indices.prefix(256).map { evidence.line("thread/\($0)/unitsPerSecond") }
        let levels = lines.map { Line(Array($0.samples.dropFirst().dropLast())) }.filter { $0.count >= 10 }
            .map { $0.tail(0.5).median }
        guard levels.count == lines.count, let slowest = levels.indices.min(by: { levels[$0] < levels[$1] }) else {
            return nil
        }
        let usual = medianOf(levels)
        guard usual > 0, levels[slowest] < slowThread * usual else { return nil }
        return Advice(
            .threadsUneven,
            ["thread": Double(slowest), "percent": 100 * levels[slowest] / usual, "threads": Double(levels.count)])
    }

    /// The process gets less of the processors than it has threads for.
    private static func idle(_ evidence: Evidence) -> Advice? {
        guard let threads = evidence.input.info?.model?.threads, threads >= 1,
            let processors = evidence.input.info?.hardware?.processors, processors >= 1
        else { return nil }
        let wanted = Double(min(threads, processors))
        let busy = Line(Array(evidence.line("processorsBusy").samples.dropFirst().dropLast()))
        guard busy.count >= 10, let since = busy.holdsSince(least: 10, { $0.mean < busyShare * wanted }) else {
            return nil
        }
        return Advice(.processorsIdle, since: since, ["busy": busy.tail(0.25).median, "threads": Double(threads)])
    }

    /// Nothing has been heard of the run, and it had not said that it was over.
    private static func silent(_ evidence: Evidence) -> Advice? {
        guard let seconds = evidence.input.silentSeconds, seconds > silence, let latest = evidence.latest,
            !latest.isLast
        else { return nil }
        return Advice(.runSilent, since: latest.iteration, ["seconds": seconds.rounded()])
    }
}
