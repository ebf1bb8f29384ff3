/// How neighbours are sought.
public enum NeighborMethod: String, Sendable, Codable, CaseIterable {
    /// All pairs.
    case exact
    /// A forest of random projection trees, until the recall on a sample is reached.
    case approximate
    /// All pairs up to `automaticLimit` points, the forest beyond.
    case automatic = "auto"

    /// Points up to which all pairs take no longer, or so little that the exact answer is worth it.
    public static let automaticLimit = 150_000

    /// Whether this method seeks the neighbours of so many points approximately.
    /// - Parameters:
    ///   - points: number of points.
    ///   - k: neighbours wanted: above 960 the search is exact, unless the method says otherwise.
    public func isApproximate(points: Int, k: Int) -> Bool {
        switch self {
        case .exact: false
        case .approximate: true
        case .automatic: points > Self.automaticLimit && k <= 960
        }
    }
}
