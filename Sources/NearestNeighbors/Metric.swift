/// How far apart two vectors are.
public enum Metric: String, Sendable, Codable, CaseIterable {
    /// √Σ(a − b)²
    case euclidean
    /// 1 − cos(a, b), from 0 (same direction) to 2 (opposite). A zero vector has distance 1 to everything.
    case cosine
}
