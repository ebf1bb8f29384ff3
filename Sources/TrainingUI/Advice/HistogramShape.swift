internal import TrainingStats

/// What the counts of a histogram tell about a distribution. Computed from the middles of the bins.
struct HistogramShape {
    /// Values that were counted.
    var count: Int
    var mean: Double
    var standardDeviation: Double
    /// Third standardised moment: 0 when both sides are alike.
    var skewness: Double
    /// Fourth standardised moment less 3: 0 for a normal distribution, larger with heavy tails, −2 for two points.
    var excessKurtosis: Double

    /// The shape; `nil` with fewer than 100 values, fewer than 4 bins, or when all values are equal.
    init?(_ histogram: Histogram) {
        let bins = histogram.counts.count
        let width = (histogram.high - histogram.low) / Double(max(1, bins))
        var total = 0.0
        for count in histogram.counts where count > 0 { total += Double(count) }
        guard bins >= 4, bins <= 10_000, width.isFinite, width > 0, total >= 100 else { return nil }
        // In units of the width, so that no power of a large value overflows.
        func moment(_ power: Int, around centre: Double) -> Double {
            var sum = 0.0
            for (bin, count) in histogram.counts.enumerated() where count > 0 {
                let distance = Double(bin) + 0.5 - centre
                var term = Double(count)
                for _ in 0..<power { term *= distance }
                sum += term
            }
            return sum / total
        }
        let centre = moment(1, around: 0)
        // Sheppard's correction: values are spread over their bins.
        let variance = moment(2, around: centre) - 1.0 / 12
        guard variance > 0 else { return nil }
        let deviation = variance.squareRoot()
        self.count = Int(min(total, 1e15))
        mean = histogram.low + centre * width
        standardDeviation = deviation * width
        skewness = moment(3, around: centre) / (variance * deviation)
        let fourth = moment(4, around: centre) - moment(2, around: centre) / 2 + 7.0 / 240
        excessKurtosis = fourth / (variance * variance) - 3
    }
}

extension Histogram {
    /// Values that lie apart from all others: beyond an empty part at least `gap` wide, seen from the fullest bin.
    func valuesApart(gap: Double) -> Int {
        let width = (high - low) / Double(max(1, counts.count))
        guard width.isFinite, width > 0, gap >= 0, let fullest = counts.indices.max(by: { counts[$0] < counts[$1] })
        else { return 0 }
        func beyond(_ side: some Sequence<Int>) -> Int {
            var (empty, sum, isBeyond) = (0, 0, false)
            for count in side {
                empty = count > 0 ? 0 : empty + 1
                if count > 0, isBeyond { sum = min(sum, .max - count) + count }
                if empty > 0, Double(empty) * width >= gap { isBeyond = true }
            }
            return sum
        }
        return max(beyond(counts[fullest...]), beyond(counts[...fullest].reversed()))
    }
}
