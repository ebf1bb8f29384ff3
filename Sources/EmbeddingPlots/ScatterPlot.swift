import FileAccess
public import LinearAlgebra

/// One map of labelled points with everything that is shown: written as a single HTML file that needs no network.
///
/// The page opens from `file://` in any current browser. It draws with WebGL 2, or without a graphics unit into an
/// image. The same input gives the same bytes.
public struct ScatterPlot: Sendable {
    /// Positions on the map: one row a point, two or three columns, any finite unit; both axes share one scale.
    public let coordinates: Matrix
    /// One label a row. Labels are data: any characters are allowed, and none is interpreted.
    public let labels: [String]
    /// How often each label occurs, when that is known.
    public let counts: [Int]?
    /// Title of the page.
    public let title: String
    /// Groups of the points, for their colours.
    public let groups: Groups?
    /// Facts for the status line.
    public let summary: Summary

    /// Groups of the points, at most 256.
    public struct Groups: Sendable, Equatable {
        /// The group of each row, a place in `names`.
        public let assignments: [UInt32]
        /// Their names. They are data, as labels are.
        public let names: [String]

        /// Groups of rows.
        /// - Parameters:
        ///   - assignments: the group of each row, a place in `names`.
        ///   - names: 1 to 256 names.
        public init(assignments: [UInt32], names: [String]) {
            self.assignments = assignments
            self.names = names
        }
    }

    /// What the map was made with and how good it is. Everything is optional; only what is known is shown.
    public struct Summary: Sendable, Equatable {
        /// Effective number of neighbours in the affinities.
        public var perplexity: Double?
        /// Kullback-Leibler divergence of the map at the end, without exaggeration.
        public var klDivergence: Double?
        /// Number of iterations done.
        public var iterations: Int?
        /// Share (0…1) of the true nearest neighbours that are nearest neighbours on the map too.
        public var neighborsKept: Double?
        /// How many nearest neighbours `neighborsKept` looks at.
        public var neighborsKeptOf: Int
        /// Distance between the input vectors, such as `cosine`.
        public var metric: String?
        /// Seed of the random numbers.
        public var seed: UInt64?
        /// Size of the whole vocabulary, when the map shows a part of it.
        public var totalPoints: Int?
        /// Warnings and remarks for whoever reads the map.
        public var notes: [String]

        /// All facts; leave out what is not known.
        public init(
            perplexity: Double? = nil, klDivergence: Double? = nil, iterations: Int? = nil,
            neighborsKept: Double? = nil, neighborsKeptOf: Int = 10, metric: String? = nil, seed: UInt64? = nil,
            totalPoints: Int? = nil, notes: [String] = []
        ) {
            self.perplexity = perplexity
            self.klDivergence = klDivergence
            self.iterations = iterations
            self.neighborsKept = neighborsKept
            self.neighborsKeptOf = neighborsKeptOf
            self.metric = metric
            self.seed = seed
            self.totalPoints = totalPoints
            self.notes = notes
        }
    }

    /// A plot of `coordinates` (n × 2 or n × 3). What does not fit is reported when the page is written.
    /// - Parameters:
    ///   - coordinates: one row a point.
    ///   - labels: one a row, the most frequent first when no counts are given.
    ///   - counts: occurrences of each label, in the same order.
    ///   - groups: groups of the points, for their colours.
    ///   - title: heading of the page.
    ///   - summary: facts for the status line.
    public init(
        coordinates: Matrix, labels: [String], counts: [Int]? = nil, groups: Groups? = nil, title: String,
        summary: Summary = Summary()
    ) {
        self.groups = groups
        self.coordinates = coordinates
        self.labels = labels
        self.counts = counts
        self.title = title
        self.summary = summary
    }

    /// The page's bytes, UTF-8.
    /// - Throws: `PlotError` when rows, labels and counts do not fit or a coordinate is not finite.
    public func html() throws -> [UInt8] {
        let points = try PlotPoints(coordinates: coordinates, labels: labels, counts: counts)
        if let groups {
            guard (1...256).contains(groups.names.count) else { throw PlotError.groupCount(found: groups.names.count) }
            guard groups.assignments.count == labels.count,
                groups.assignments.allSatisfy({ $0 < UInt32(groups.names.count) })
            else {
                throw PlotError.groups(expected: labels.count, names: groups.names.count)
            }
        }
        let container = PlotContainer(points: points, groups: groups, title: title, summary: summary)
        return try PlotPage.join(title: title, container: Gzip.compress(container.bytes))
    }

    /// Writes the page; readers of `path` see the old file or the whole new one.
    /// - Throws: `PlotError` as `html()`, `FileError` when the file cannot be written.
    public func writeHTML(to path: String) throws {
        try writeAtomically(html(), to: path)
    }
}
