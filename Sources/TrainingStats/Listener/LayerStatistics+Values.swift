extension LayerStatistics.Summary {
    /// What of a summary is wanted.
    struct Parts {
        var mean = true
        var standardDeviation = true
        var meanMagnitude = true
        /// Bins of the histogram; `nil`: none.
        var histogramBins: Int? = 20
    }

    /// Summarises values, in two passes over them. `nil` when there are none.
    ///
    /// When a value is not finite, neither are the moments: they are NaN. The histogram is of the finite ones.
    init?(of values: [Float], _ parts: Parts = Parts()) {
        guard !values.isEmpty else { return nil }
        var (sum, magnitude) = (0.0, 0.0)
        var (low, high) = (Float.infinity, -Float.infinity)
        var finite = 0
        for value in values where value.isFinite {
            sum += Double(value)
            magnitude += Double(abs(value))
            low = min(low, value)
            high = max(high, value)
            finite += 1
        }
        let count = Double(values.count)
        let mean = finite == values.count ? sum / count : .nan
        self.init(count: values.count)
        if parts.mean { self.mean = mean }
        if parts.meanMagnitude { meanMagnitude = finite == values.count ? magnitude / count : .nan }
        if parts.standardDeviation {
            var square = 0.0
            for value in values { square += (Double(value) - mean) * (Double(value) - mean) }
            standardDeviation = (square / count).squareRoot()
        }
        if let bins = parts.histogramBins {
            histogram = Histogram(
                of: values, low: finite > 0 ? low : 0, high: finite > 0 ? high : 0, bins: bins,
                nonFinite: values.count - finite)
        }
    }
}

extension Histogram {
    /// Counts the finite ones of some values, which lie from `low` to `high`. A value on an edge between two bins is in
    /// the right one, the largest in the last; when all values are the same, they are in the first.
    fileprivate init(of values: [Float], low: Float, high: Float, bins: Int, nonFinite: Int) {
        var counts = [Int](repeating: 0, count: bins)
        let start = Double(low)
        let width = Double(high) - start
        let scale = width > 0 ? Double(bins) / width : 0
        for value in values where value.isFinite {
            counts[min(bins - 1, Int((Double(value) - start) * scale))] += 1
        }
        self.init(low: start, high: Double(high), counts: counts, nonFinite: nonFinite)
    }
}
