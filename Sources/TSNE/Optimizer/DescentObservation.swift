package import LinearAlgebra

/// What one step of the descent sees and does, for the statistics of a report: taken beside it, without touching it.
///
/// Make one before the step and give it to the step; then ask it. Points are sampled by their numbers in the input,
/// so that every sample holds the same points.
package final class DescentObservation {
    /// Most values in one list.
    package static let valueLimit = 65_536

    /// The gradient of all points, laid out as the positions.
    let gradient: AlignedBuffer<Float>
    private let descent: Descent
    /// Places of the sampled points in the order of the descent, in the order of the input.
    private let places: [Int]
    /// Positions of the sampled points before the step.
    package let positions: [Float]

    package init(of descent: Descent) {
        self.descent = descent
        gradient = AlignedBuffer(count: descent.count * descent.stride)
        let every = Self.sampledEvery(points: descent.count, dimensions: descent.dimensions)
        var places = [Int](repeating: 0, count: (descent.count + every - 1) / every)
        for place in 0..<descent.count {
            let number = Int(descent.original.base[place])
            if number % every == 0 { places[number / every] = place }
        }
        self.places = places
        positions = Self.values(of: descent.positions, at: places, descent)
    }

    /// How many points there are for each one that is sampled.
    package static func sampledEvery(points: Int, dimensions: Int) -> Int {
        max(1, (points * dimensions + valueLimit - 1) / valueLimit)
    }

    /// The gradient of the sampled points.
    package var gradients: [Float] { values(of: gradient) }

    /// What the step added to the positions, before the map was centred again.
    package var updates: [Float] { values(of: descent.velocity) }

    /// The gains in force, or the roots of AdaGrad's sums of squares, which the learning rate is divided by.
    package func gains(adaGrad: Bool) -> [Float] {
        let memory = values(of: descent.memory)
        return adaGrad ? memory.map { $0.squareRoot() } : memory
    }

    /// Euclidean length of the gradient of all points.
    package var gradientNorm: Double {
        var square = 0.0
        for i in 0..<descent.count {
            for d in 0..<descent.dimensions {
                let value = Double(gradient.base[i * descent.stride + d])
                square += value * value
            }
        }
        return square.squareRoot()
    }

    /// The rows of the sampled points of a matrix in the order of the input.
    package func sampled(_ matrix: Matrix) -> [Float] {
        let every = Self.sampledEvery(points: descent.count, dimensions: descent.dimensions)
        return stride(from: 0, to: matrix.rows, by: every).flatMap { matrix.row($0) }
    }

    private func values(of buffer: AlignedBuffer<Float>) -> [Float] {
        Self.values(of: buffer, at: places, descent)
    }

    private static func values(of buffer: AlignedBuffer<Float>, at places: [Int], _ descent: Descent) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(places.count * descent.dimensions)
        for place in places {
            for d in 0..<descent.dimensions { values.append(buffer.base[place * descent.stride + d]) }
        }
        return values
    }
}
