package import LinearAlgebra

/// Where the points start.
package enum Initialization {
    /// Standard deviation of the first coordinate.
    static let scale = 1e-4

    /// n × dimensions normally distributed numbers.
    package static func random(count: Int, dimensions: Int, scale: Double, seed: UInt64) -> Matrix {
        var generator = Philox(seed: seed, stream: 0x7473_6E65)
        let numbers = generator.normals(count * dimensions)
        return Matrix(rows: count, columns: dimensions, elements: numbers.map { Float(scale) * $0 })
    }

    /// The first principal components, the first scaled to a standard deviation of 1e-4, plus noise of a hundredth of
    /// that, so that identical points come apart. Components that the data lack are noise.
    package static func principal(
        _ data: Matrix, dimensions: Int, seed: UInt64, threads: Int
    ) throws(TsneError) -> Matrix {
        let pca: PCA
        do {
            pca = try PCA(of: data, components: dimensions, threads: threads)
        } catch {
            throw .noPrincipalComponents(error.description)
        }
        let projected = pca.transform(data, threads: threads)
        var square = 0.0
        if projected.columns > 0 {
            for row in 0..<projected.rows {
                let value = Double(projected[row, 0])
                square += value * value
            }
        }
        let deviation = (square / Double(max(1, data.rows))).squareRoot()
        guard deviation > 0, deviation.isFinite else {
            return random(count: data.rows, dimensions: dimensions, scale: scale, seed: seed)
        }
        var layout = random(count: data.rows, dimensions: dimensions, scale: scale / 100, seed: seed)
        let factor = scale / deviation
        for row in 0..<data.rows {
            for column in 0..<projected.columns {
                layout[row, column] += Float(Double(projected[row, column]) * factor)
            }
        }
        return layout
    }

    /// The layout of fewer than 4 points: there is nothing to optimise.
    package static func fixed(count: Int, dimensions: Int) -> Matrix {
        var layout = Matrix(rows: count, columns: dimensions)
        switch count {
        case 2:
            layout[0, 0] = -0.5
            layout[1, 0] = 0.5
        case 3:
            // A triangle with sides of 1 around 0.
            let height = Float(0.75).squareRoot()
            layout[0, 0] = -0.5
            layout[0, 1] = -height / 3
            layout[1, 0] = 0.5
            layout[1, 1] = -height / 3
            layout[2, 1] = height * 2 / 3
        default: break
        }
        return layout
    }
}
