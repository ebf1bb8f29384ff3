internal import Training

extension StatsReport {
    /// Every number of the report that makes a line over time, by name and always in the same order. Absent values have
    /// no entry.
    ///
    /// Names: `score`, `gradientNorm`, `learningRate`, `epoch`, `completedUnits`, `elapsedSeconds`; `examplesPerSecond`,
    /// `minibatchesPerSecond`, `unitsPerSecond`, `processorsBusy`, `thread/N/unitsPerSecond`; `memory/resident`,
    /// `memory/peak`, `memory/available` (bytes); `listenerSeconds`; `router/received`, `…/delivered`, `…/queued`,
    /// `…/spilled`, `…/lost`, `…/failures`; and for each layer `layer/NAME/ratio` and `layer/NAME/KIND/mean`,
    /// `…/standardDeviation`, `…/meanMagnitude` with KIND of `LayerStatistics.Kind`; `validationLoss`, and for each pair
    /// or analogy file `figure/pairs/NAME` or `figure/analogies/NAME`.
    public var scalars: [(name: String, value: Double)] {
        var all: [(name: String, value: Double)] = []
        all.reserveCapacity(24 + layers.count * 13)
        func add(_ name: String, _ value: Double?) {
            if let value { all.append((name, value)) }
        }
        add("score", score)
        add("gradientNorm", gradientNorm)
        add("learningRate", learningRate)
        add("epoch", epoch.map(Double.init))
        add("completedUnits", Double(completedUnits))
        add("elapsedSeconds", elapsedSeconds)
        if let performance {
            add("examplesPerSecond", performance.examplesPerSecond)
            add("minibatchesPerSecond", performance.minibatchesPerSecond)
            add("unitsPerSecond", performance.unitsPerSecond)
            add("processorsBusy", performance.processorsBusy)
            for (thread, rate) in performance.unitsPerSecondByThread.enumerated() {
                add("thread/\(thread)/unitsPerSecond", rate)
            }
        }
        if let memory {
            add("memory/resident", Double(memory.resident))
            add("memory/peak", Double(memory.peak))
            add("memory/available", Double(memory.available))
        }
        add("listenerSeconds", observer.listenerSeconds)
        if let router = observer.router {
            add("router/received", Double(router.received))
            add("router/delivered", Double(router.delivered))
            add("router/queued", Double(router.queued))
            add("router/spilled", Double(router.spilled))
            add("router/lost", Double(router.lost))
            add("router/failures", Double(router.failures))
        }
        for figure in figures ?? [] {
            let isLoss = figure.kind == .validationLoss
            add(isLoss ? "validationLoss" : "figure/\(figure.kind.rawValue)/\(figure.name)", figure.value)
        }
        for layer in layers {
            add("layer/\(layer.name)/ratio", layer.updateRatio)
            for kind in LayerStatistics.Kind.allCases {
                guard let summary = layer[kind] else { continue }
                let prefix = "layer/\(layer.name)/\(kind.rawValue)/"
                add(prefix + "mean", summary.mean)
                add(prefix + "standardDeviation", summary.standardDeviation)
                add(prefix + "meanMagnitude", summary.meanMagnitude)
            }
        }
        return all
    }
}
