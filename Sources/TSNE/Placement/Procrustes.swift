public import LinearAlgebra

/// Turns one map onto another (Schönemann 1966, "A generalized solution of the orthogonal Procrustes problem").
public enum Procrustes {
    /// The map moved, turned and, if that fits better, mirrored, so that the squared distances of the given rows to
    /// their places in the target are least. Its size stays.
    ///
    /// - Parameters:
    ///   - map: n × 2 or n × 3.
    ///   - target: the same shape; only the given rows count.
    ///   - rows: the rows that are compared; without any the map comes back as it is.
    /// - Precondition: both have the same shape, and 2 or 3 columns.
    public static func align(_ map: Matrix, onto target: Matrix, rows: [Int]) -> Matrix {
        precondition(map.rows == target.rows && map.columns == target.columns, "maps of one shape")
        precondition(map.columns == 2 || map.columns == 3, "2 or 3 dimensions")
        guard !rows.isEmpty else { return map }
        let d = map.columns
        var means = (own: [Double](repeating: 0, count: d), target: [Double](repeating: 0, count: d))
        for row in rows {
            for i in 0..<d {
                means.own[i] += Double(map[row, i]) / Double(rows.count)
                means.target[i] += Double(target[row, i]) / Double(rows.count)
            }
        }
        // M = Σ x·tᵀ; the rotation is its polar factor.
        var product = [[Double]](repeating: [Double](repeating: 0, count: d), count: d)
        for row in rows {
            for i in 0..<d {
                for j in 0..<d {
                    product[i][j] +=
                        (Double(map[row, i]) - means.own[i]) * (Double(target[row, j]) - means.target[j])
                }
            }
        }
        let rotation = polarFactor(product)
        var result = map
        for row in 0..<map.rows {
            for j in 0..<d {
                var value = means.target[j]
                for i in 0..<d { value += (Double(map[row, i]) - means.own[i]) * rotation[i][j] }
                result[row, j] = Float(value)
            }
        }
        return result
    }

    /// The orthogonal factor of M = R·S with S symmetric and not negative: R = M·(MᵀM)^(−1/2), by Jacobi rotations of
    /// MᵀM; directions that M lacks are completed to an orthogonal matrix.
    private static func polarFactor(_ m: [[Double]]) -> [[Double]] {
        let d = m.count
        var gram = [[Double]](repeating: [Double](repeating: 0, count: d), count: d)
        for i in 0..<d { for j in 0..<d { for k in 0..<d { gram[i][j] += m[k][i] * m[k][j] } } }
        var vectors = (0..<d).map { i in (0..<d).map { $0 == i ? 1.0 : 0 } }
        for _ in 0..<50 {
            for p in 0..<d {
                for q in p + 1..<max(p + 1, d) where abs(gram[p][q]) > 1e-300 {
                    let theta = (gram[q][q] - gram[p][p]) / (2 * gram[p][q])
                    let t = (theta >= 0 ? 1.0 : -1) / (abs(theta) + (theta * theta + 1).squareRoot())
                    let c = 1 / (t * t + 1).squareRoot()
                    let s = t * c
                    for k in 0..<d {
                        let (a, b) = (gram[k][p], gram[k][q])
                        (gram[k][p], gram[k][q]) = (c * a - s * b, s * a + c * b)
                    }
                    for k in 0..<d {
                        let (a, b) = (gram[p][k], gram[q][k])
                        (gram[p][k], gram[q][k]) = (c * a - s * b, s * a + c * b)
                        let (v, w) = (vectors[k][p], vectors[k][q])
                        (vectors[k][p], vectors[k][q]) = (c * v - s * w, s * v + c * w)
                    }
                }
            }
        }
        // Left vectors u = M·v / |M·v|, the largest first; missing ones by Gram and Schmidt from the axes.
        let order = (0..<d).sorted { gram[$0][$0] > gram[$1][$1] }
        let largest = max(0, gram[order[0]][order[0]]).squareRoot()
        var left: [[Double]] = []
        for place in order {
            var u = (0..<d).map { i in (0..<d).reduce(0.0) { $0 + m[i][$1] * vectors[$1][place] } }
            var axis = 0
            while true {
                for other in left {
                    let along = zip(u, other).reduce(0) { $0 + $1.0 * $1.1 }
                    for i in 0..<d { u[i] -= along * other[i] }
                }
                let norm = u.reduce(0) { $0 + $1 * $1 }.squareRoot()
                if norm > 1e-9 * max(largest, .leastNormalMagnitude) && norm > 0 {
                    u = u.map { $0 / norm }
                    break
                }
                if axis >= d { break }
                u = (0..<d).map { $0 == axis ? max(1, largest) : 0 }
                axis += 1
            }
            left.append(u)
        }
        var rotation = [[Double]](repeating: [Double](repeating: 0, count: d), count: d)
        for (number, place) in order.enumerated() {
            for i in 0..<d { for j in 0..<d { rotation[i][j] += left[number][i] * vectors[j][place] } }
        }
        return rotation
    }
}
