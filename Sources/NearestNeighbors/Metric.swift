internal import CVectorKernels

/// How far apart two vectors are.
public enum Metric: String, Sendable, Codable, CaseIterable {
    /// √Σ(a − b)²
    case euclidean
    /// 1 − cos(a, b), from 0 (same direction) to 2 (opposite). A zero vector has distance 1 to everything.
    case cosine
    /// Σ|a − b|
    case manhattan
    /// M − a·b, where M is the largest |x|² of all vectors searched, so that it is never negative: the nearest have the
    /// largest inner product. A vector need not be near to itself.
    case dot

    /// The metric of a name: `euclidean`, `cosine`, `manhattan`, `dot`, and Deeplearning4j's `cosinesimilarity` and
    /// `cosinedistance`; `nil` for any other. Upper and lower case are one.
    public init?(name: String) {
        switch name.lowercased() {
        case "euclidean": self = .euclidean
        case "cosine", "cosinesimilarity", "cosinedistance": self = .cosine
        case "manhattan": self = .manhattan
        case "dot": self = .dot
        default: return nil
        }
    }

    /// How the kernels compare.
    var similarity: NeighborSimilarity {
        switch self {
        case .euclidean: NeighborSimilarityEuclidean
        case .cosine: NeighborSimilarityCosine
        case .manhattan: NeighborSimilarityManhattan
        case .dot: NeighborSimilarityDot
        }
    }
}
