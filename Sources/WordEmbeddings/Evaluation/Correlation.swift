/// How far two lists of numbers rise and fall together.
enum Correlation {
    /// Pearson's r, −1…1; NaN when one list is constant or there are fewer than two numbers.
    static func pearson(_ one: [Double], _ other: [Double]) -> Double {
        let count = Double(min(one.count, other.count))
        guard count >= 2 else { return .nan }
        let means = (one.reduce(0, +) / count, other.reduce(0, +) / count)
        var (product, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(one, other) {
            let (dx, dy) = (x - means.0, y - means.1)
            product += dx * dy
            first += dx * dx
            second += dy * dy
        }
        let correlation = product / (first * second).squareRoot()
        return correlation.isNaN ? .nan : min(max(-1, correlation), 1)
    }

    /// Spearman's ρ: Pearson's r of the ranks, equal numbers sharing the mean of theirs.
    static func spearman(_ one: [Double], _ other: [Double]) -> Double {
        pearson(ranks(one), ranks(other))
    }

    /// The place of each number in ascending order, from 1; equal ones share the mean of their places.
    static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}
