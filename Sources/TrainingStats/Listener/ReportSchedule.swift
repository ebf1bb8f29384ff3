/// When a listener wants a report or a map.
struct ReportSchedule: Sendable {
    /// Most seconds between two reports; with the time that a trainer needs to answer, less than a second.
    static let reportInterval = 0.75
    /// Most seconds between two maps of up to 100,000 points.
    static let mapInterval = 0.5
    /// Fewest seconds between two reports or maps. A run begins with these and slows down as it grows, so that a short
    /// one is drawn as finely as a long one: 20 reports in 2 s, 60 in 15 s.
    static let shortestInterval = 0.1
    /// The interval grows to this share of the time that has passed.
    static let share = 0.05

    private let reports: Rule
    private let maps: Rule
    private var lastReport: Moment?
    private var lastMap: Moment?
    private var mapPoints = 0
    /// Whether the trainer asks what is wanted, and whether the answer since the last report was a report.
    private var isAsked = false
    private var askedForReport = false

    /// An iteration and when it was.
    private struct Moment {
        var iteration: Int
        var seconds: Double
    }

    private enum Rule {
        case every(Int)
        case seconds

        func isDue(_ now: Moment, since last: Moment?, interval: Double) -> Bool {
            guard let last else { return true }
            return switch self {
            case .every(let count): now.iteration > last.iteration && now.iteration / count > last.iteration / count
            case .seconds: now.seconds - last.seconds >= interval
            }
        }
    }

    /// - Parameters:
    ///   - frequency: report every n-th iteration; `nil`: by time.
    ///   - mapFrequency: map every n-th iteration; `nil`: by time.
    init(frequency: Int?, mapFrequency: Int?) {
        reports = frequency.map { .every(max(1, $0)) } ?? .seconds
        maps = mapFrequency.map { .every(max(1, $0)) } ?? .seconds
    }

    /// A training begins.
    mutating func begin() {
        (lastReport, lastMap, mapPoints, isAsked, askedForReport) = (nil, nil, 0, false, false)
    }

    /// Whether a report and a map are wanted of an iteration.
    mutating func ask(iteration: Int, elapsedSeconds: Double) -> (report: Bool, map: Bool) {
        let now = Moment(iteration: iteration, seconds: elapsedSeconds)
        isAsked = true
        let report = reportIsDue(now)
        if report { askedForReport = true }
        return (report, mapIsDue(now))
    }

    /// Whether a report and a map are to be made of an iteration that is told; they are then done.
    ///
    /// A trainer that asks gets its report at an iteration that it has asked for, as others come without detail.
    mutating func tell(iteration: Int, elapsedSeconds: Double, mapPoints: Int?) -> (report: Bool, map: Bool) {
        let now = Moment(iteration: iteration, seconds: elapsedSeconds)
        let report = reportIsDue(now) && (!isAsked || askedForReport)
        if report {
            lastReport = now
            askedForReport = false
        }
        guard let mapPoints, mapIsDue(now) else { return (report, false) }
        lastMap = now
        self.mapPoints = mapPoints
        return (report, true)
    }

    private func reportIsDue(_ now: Moment) -> Bool {
        reports.isDue(now, since: lastReport, interval: Self.interval(now, most: Self.reportInterval))
    }

    private func mapIsDue(_ now: Moment) -> Bool {
        let interval = Self.interval(now, most: Self.mapInterval)
        return maps.isDue(now, since: lastMap, interval: interval * max(1, Double(mapPoints) / 100_000))
    }

    private static func interval(_ now: Moment, most: Double) -> Double {
        min(most, max(shortestInterval, share * now.seconds))
    }
}
