/// The direction of a vector: itself at unit length, in doubles, whatever its length was.
struct Direction: Sendable {
    /// Zero when the vector is zero.
    let components: [Double]

    init(_ vector: some Sequence<Float>) {
        self.init(doubles: vector.map { Double($0) })
    }

    init(doubles vector: [Double]) {
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        components = norm > 0 ? vector.map { $0 / norm } : vector
    }

    /// The cosine of the angle to another direction; 0 when one of them is zero.
    func cosine(_ other: Direction) -> Float {
        Self.clamped(zip(components, other.components).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// The cosine of the angle to a vector of as many components; 0 when one of them is zero.
    func cosine(to vector: UnsafePointer<Float>) -> Float {
        components.withUnsafeBufferPointer { components in
            var product = 0.0
            var square = 0.0
            for index in components.indices {
                let value = Double(vector[index])
                product += components[index] * value
                square += value * value
            }
            return square > 0 ? Self.clamped(product / square.squareRoot()) : 0
        }
    }

    private static func clamped(_ cosine: Double) -> Float {
        Float(min(max(-1, cosine), 1))
    }
}
