/// The straight line through values at equal distances, by least squares.
struct LinearFit {
    var slope: Double
    var residuals: [Double]

    init(_ values: [Double]) {
        let count = Double(values.count)
        let middle = (count - 1) / 2
        let mean = values.reduce(0, +) / max(1, count)
        var (above, below) = (0.0, 0.0)
        for (index, value) in values.enumerated() {
            above += (Double(index) - middle) * (value - mean)
            below += (Double(index) - middle) * (Double(index) - middle)
        }
        let slope = below > 0 ? above / below : 0
        self.slope = slope
        residuals = values.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
    }

    /// How often values go from above `limit` to below −`limit` or back.
    static func turns(_ values: [Double], above limit: Double) -> Int {
        var turns = 0
        var side = 0
        for value in values where abs(value) > limit {
            let new = value > 0 ? 1 : -1
            if side != 0, new != side { turns += 1 }
            side = new
        }
        return turns
    }
}
