/// The scalars of a run over time, in bounded memory: when there are too many points, neighbouring ones merge, those
/// of the fewest updates first, so that all of a long run stays equally fine; only the newest quarter is left alone. A
/// merged point keeps the smallest, the largest and the mean value, so that no spike is lost.
public struct StatsSeries: Sendable {
    /// One value over the updates of a point.
    public struct Cell: Sendable, Equatable {
        /// Mean of the finite values; NaN when there is none.
        public var mean: Double
        /// Smallest finite value.
        public var low: Double
        /// Largest finite value.
        public var high: Double
        /// Finite values.
        public var count: Int
        /// Values that were NaN or infinite.
        public var nonFinite: Int

        /// No value at all.
        public static let missing = Cell(mean: .nan, low: .nan, high: .nan, count: 0, nonFinite: 0)

        /// One value.
        public init(_ value: Double) {
            self =
                value.isFinite
                ? Cell(mean: value, low: value, high: value, count: 1, nonFinite: 0)
                : Cell(mean: .nan, low: .nan, high: .nan, count: 0, nonFinite: 1)
        }

        /// The cell as given.
        public init(mean: Double, low: Double, high: Double, count: Int, nonFinite: Int) {
            self.mean = mean
            self.low = low
            self.high = high
            self.count = count
            self.nonFinite = nonFinite
        }

        /// Whether there is no value, not even one that is not a number.
        public var isMissing: Bool { count == 0 && nonFinite == 0 }

        /// Both together.
        public func merged(with other: Cell) -> Cell {
            guard count > 0 else {
                return Cell(
                    mean: other.mean, low: other.low, high: other.high, count: other.count,
                    nonFinite: nonFinite + other.nonFinite)
            }
            guard other.count > 0 else {
                return Cell(mean: mean, low: low, high: high, count: count, nonFinite: nonFinite + other.nonFinite)
            }
            let total = count + other.count
            return Cell(
                mean: mean + (other.mean - mean) * Double(other.count) / Double(total), low: min(low, other.low),
                high: max(high, other.high), count: total, nonFinite: nonFinite + other.nonFinite)
        }
    }

    /// One or several updates in a row.
    public struct Point: Sendable {
        /// Sequence number of the first update.
        public var firstSequence: Int
        /// Sequence number of the last update.
        public var lastSequence: Int
        /// Updates in it.
        public var updates: Int
        /// Iteration of the last update.
        public var iteration: Int
        /// Time stamp of the last update.
        public var timestamp: Int64
        /// One cell a name, in the order of the names; missing at the end where it is shorter.
        public var cells: [Cell]

        /// The point as given.
        public init(
            firstSequence: Int, lastSequence: Int, updates: Int, iteration: Int, timestamp: Int64, cells: [Cell]
        ) {
            self.firstSequence = firstSequence
            self.lastSequence = lastSequence
            self.updates = updates
            self.iteration = iteration
            self.timestamp = timestamp
            self.cells = cells
        }

        /// Both together; `next` follows.
        func merged(with next: Point) -> Point {
            let width = max(cells.count, next.cells.count)
            let cells = (0..<width).map { column -> Cell in
                let one = column < self.cells.count ? self.cells[column] : .missing
                let other = column < next.cells.count ? next.cells[column] : .missing
                return one.merged(with: other)
            }
            return Point(
                firstSequence: firstSequence, lastSequence: next.lastSequence, updates: updates + next.updates,
                iteration: next.iteration, timestamp: next.timestamp, cells: cells)
        }
    }

    /// Points under the names of their columns.
    public struct Batch: Sendable {
        /// Names of the scalars, as `StatsReport.scalars` gives them.
        public var names: [String]
        /// Points in order.
        public var points: [Point]

        /// The batch as given.
        public init(names: [String] = [], points: [Point] = []) {
            self.names = names
            self.points = points
        }

        /// The same in at most `limit` points.
        func merged(to limit: Int) -> Batch {
            guard limit > 0 else { return Batch(names: names) }
            var merged = self
            while merged.points.count > limit { merged.points = StatsSeries.mergedInPairs(merged.points) }
            return merged
        }
    }

    /// Columns that are kept at most; values under further names are left out.
    public static let columnLimit = 4_096
    /// Values that are kept at most: with more than 1,024 columns there are fewer points.
    private static let cellLimit = 1 << 20
    /// Points that are kept at most.
    public let capacity: Int
    /// Names of the columns, in the order in which they first came.
    public private(set) var names: [String] = []
    /// The points, the oldest first.
    public private(set) var points: [Point] = []
    /// Updates that came.
    public private(set) var updates = 0
    private var columns: [String: Int] = [:]

    /// An empty series.
    /// - Parameter capacity: points that are kept at most, 2 or more; default 1,024.
    public init(capacity: Int = 1_024) {
        self.capacity = max(2, capacity)
    }

    /// Sequence number of the last update; −1 when there is none.
    public var lastSequence: Int { points.last?.lastSequence ?? -1 }

    /// Adds one update. Ignored when its sequence number is not larger than the last one.
    public mutating func append(_ report: StatsReport, sequence: Int, timestamp: Int64) {
        guard sequence > lastSequence else { return }
        let scalars = report.scalars
        append(
            names: scalars.map(\.name),
            Point(
                firstSequence: sequence, lastSequence: sequence, updates: 1, iteration: report.iteration,
                timestamp: timestamp, cells: scalars.map { Cell($0.value) }))
    }

    /// Adds points that a storage gives. Those that are not newer are ignored.
    public mutating func append(_ batch: Batch) {
        for point in batch.points where point.firstSequence > lastSequence { append(names: batch.names, point) }
    }

    /// Adds one update wherever it belongs: between the points, or to the one that spans its number. The caller sees
    /// to it that none comes twice.
    mutating func insert(_ report: StatsReport, sequence: Int, timestamp: Int64) {
        guard sequence <= lastSequence, let index = points.firstIndex(where: { $0.lastSequence > sequence }) else {
            return append(report, sequence: sequence, timestamp: timestamp)
        }
        let scalars = report.scalars
        var point = Point(
            firstSequence: sequence, lastSequence: sequence, updates: 1, iteration: report.iteration,
            timestamp: timestamp, cells: scalars.map { Cell($0.value) })
        align(&point, scalars.map(\.name))
        updates += 1
        if points[index].firstSequence < sequence {
            let old = points[index]
            points[index] = point.merged(with: old)
            points[index].firstSequence = old.firstSequence
        } else {
            points.insert(point, at: index)
            if points.count > room { thin() }
        }
    }

    /// Adds a newer point whose cells have these names.
    mutating func append(names new: [String], _ point: Point) {
        var point = point
        align(&point, new)
        updates += point.updates
        points.append(point)
        if points.count > room { thin() }
    }

    /// Points for which there is room under so many columns.
    private var room: Int { max(2, min(capacity, Self.cellLimit / max(1, names.count))) }

    /// Merges neighbours until a quarter of the room is free.
    private mutating func thin() {
        let room = room
        let newest = room / 4
        while points.count > max(1, room - room / 4) {
            let old = points.dropLast(newest)
            var width = 2 * (old.lazy.map(\.updates).min() ?? 1)
            var thinned: [Point] = []
            repeat {
                thinned = Self.merged(old, width: width)
                width *= 2
            } while thinned.count == old.count && old.count > 1
            points = thinned + points.suffix(newest)
        }
    }

    /// Neighbours merged in pairs where both together have at most so many updates.
    private static func merged(_ points: ArraySlice<Point>, width: Int) -> [Point] {
        var merged: [Point] = []
        merged.reserveCapacity(points.count)
        var isPair = false
        for point in points {
            if !isPair, let last = merged.last, last.updates + point.updates <= width {
                merged[merged.count - 1] = last.merged(with: point)
                isPair = true
            } else {
                merged.append(point)
                isPair = false
            }
        }
        return merged
    }

    /// Puts the cells of a point, which have these names, in the order of the columns.
    private mutating func align(_ point: inout Point, _ new: [String]) {
        guard new != names else { return }
        if names.isEmpty { adopt(new) }
        guard new != names else { return }
        var cells = [Cell](repeating: .missing, count: names.count)
        for (name, cell) in zip(new, point.cells) {
            let column = columns[name] ?? names.count
            if column == names.count {
                guard column < Self.columnLimit else { continue }
                columns[name] = column
                names.append(name)
                cells.append(.missing)
            }
            cells[column] = cell
        }
        point.cells = cells
    }

    /// Takes over a whole list of names, so that it costs little to see that the next point has the same.
    private mutating func adopt(_ new: [String]) {
        guard new.count <= Self.columnLimit else { return }
        let numbered = Dictionary(new.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        guard numbered.count == new.count else { return }
        (names, columns) = (new, numbered)
    }

    /// Merges the points in pairs, all but the last one when their number is odd.
    static func mergedInPairs(_ points: [Point]) -> [Point] {
        stride(from: 0, to: points.count, by: 2).map { first in
            first + 1 < points.count ? points[first].merged(with: points[first + 1]) : points[first]
        }
    }

    /// The points whose updates are all newer, and whether that is all there is: `false` when the update after
    /// `sequence` lies within a merged point.
    public func points(after sequence: Int) -> (points: ArraySlice<Point>, complete: Bool) {
        let first = points.firstIndex { $0.lastSequence > sequence } ?? points.endIndex
        guard first < points.endIndex else { return (points[first...], true) }
        return points[first].firstSequence > sequence ? (points[first...], true) : (points[(first + 1)...], false)
    }
}
