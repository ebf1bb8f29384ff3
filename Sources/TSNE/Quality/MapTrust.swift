/// How far a map can be trusted: what it keeps of the neighbourhoods among the input vectors, in the chosen metric,
/// before normalisation and PCA.
public struct MapTrust: Sendable, Equatable {
    /// Neighbours that each measure looks at.
    public static let neighbors = 10

    /// Mean share, 0…1, of the true 10 nearest neighbours that are among the 10 nearest on the map.
    public let neighborsKept: Double
    /// 1 less a penalty for points that are near on the map and far among the vectors, by their rank there (Venna and
    /// Kaski 2001): below 1 where the map shows neighbours that are none.
    public let trustworthiness: Double
    /// 1 less a penalty for points that are near among the vectors and far on the map, by their rank there: below 1 where
    /// the map tears neighbours apart.
    public let continuity: Double
    /// Spearman's rank correlation of the distances among the vectors and on the map, over random pairs (Shepard's
    /// diagram): how far the map keeps large distances, which t-SNE does not try to. −1…1.
    public let shepardCorrelation: Double
    /// Points that trustworthiness and continuity were measured on: all up to 2,000, else 2,000, always the same.
    public let sampledPoints: Int
    /// Pairs that the correlation was measured on: 20,000, always the same.
    public let sampledPairs: Int
    /// The share of its 10 true neighbours that each point keeps; `nil` unless `Configuration.pointTrust` is set.
    public let keptByPoint: [Float]?
    /// The continuity of each point; `nil` unless `Configuration.pointTrust` is set.
    public let continuityByPoint: [Float]?
}
