internal import Foundation
internal import Training

extension StatsListener {
    /// What a report remembers for the next one.
    struct PreviousReport: Sendable {
        var elapsed = 0.0
        var examples = 0
        var iteration = 0
        var units = 0
        var unitsByThread: [Int] = []
        var processorSeconds: Double?
        var performance: StatsReport.Performance?
    }

    /// The score since the last report.
    struct ScoreMean: Sendable {
        private let averages: Bool
        private var sum = 0.0
        private var weight = 0.0
        private var last: Double?
        private var examples = 0
        private var units = 0

        /// - Parameter averages: whether scores are means since the call before.
        init(averages: Bool = true) { self.averages = averages }

        /// Takes what a trainer tells. Means count by the examples that they are of or, where these are not counted, by
        /// the units of work.
        mutating func add(_ progress: TrainingProgress) {
            // In floating point, where no number of a foreign trainer overflows.
            let done =
                progress.examples > 0
                ? Double(progress.examples) - Double(examples) : Double(progress.completedUnits) - Double(units)
            (examples, units) = (progress.examples, progress.completedUnits)
            guard let score = progress.score else { return }
            last = score
            guard done > 0 else { return }
            sum += score * done
            weight += done
        }

        /// The mean, or the last value; `nil` when there was none. Starts anew.
        mutating func take() -> Double? {
            defer { (sum, weight, last) = (0, 0, nil) }
            return averages && weight > 0 ? sum / weight : last
        }
    }

    /// The report of a state.
    func report(_ progress: TrainingProgress, isLast: Bool, _ state: inout State) -> StatsReport {
        var report = StatsReport(
            iteration: progress.iteration, completedUnits: progress.completedUnits, totalUnits: progress.totalUnits,
            elapsedSeconds: progress.elapsedSeconds)
        report.epoch = progress.epoch
        if !state.figures.isEmpty {
            report.figures = state.figures
            state.figures = []
        }
        report.score = state.score.take()
        report.gradientNorm = progress.gradientNorm
        if configuration.collectLearningRates { report.learningRate = progress.learningRate }
        if configuration.collectPerformanceStats {
            report.performance = performance(progress, isLast: isLast, &state.previous)
        }
        if configuration.collectMemoryStats { report.memory = ProcessUsage.memory }
        report.layers = progress.layers.map(statistics)
        if configuration.collectNeighbors { report.neighbors = progress.neighbors }
        report.observer.listenerSeconds = state.listenerSeconds + progress.detailSeconds
        report.observer.router = state.outbox.router?.counters
        report.isLast = isLast
        return report
    }

    private func statistics(_ values: LayerValues) -> LayerStatistics {
        var statistics = LayerStatistics(name: values.name)
        func summary(_ kind: LayerStatistics.Kind, _ values: [Float]) {
            guard let parts = configuration.parts(of: kind) else { return }
            statistics[kind] = LayerStatistics.Summary(of: values, parts)
        }
        summary(.parameters, values.parameters)
        summary(.gradients, values.gradients)
        summary(.updates, values.updates)
        summary(.activations, values.activations)
        return statistics
    }

    /// Totals, and rates since the previous report. `nil` before anything is done; the rates of the previous report
    /// when nothing was done since, or when the last report comes too soon after it to tell.
    private func performance(
        _ progress: TrainingProgress, isLast: Bool, _ previous: inout PreviousReport
    ) -> StatsReport.Performance? {
        let processorSeconds = ProcessUsage.processorSeconds
        let seconds = progress.elapsedSeconds - previous.elapsed
        let isFirst = previous.processorSeconds == nil
        let hasMoved = progress.completedUnits > previous.units || progress.examples > previous.examples
        var performance = previous.performance ?? .init()
        performance.totalExamples = progress.examples
        performance.totalMinibatches = progress.iteration
        let isTooSoon = isLast && !isFirst && seconds < 0.25 * ReportSchedule.shortestInterval
        if hasMoved, !isTooSoon, seconds > 0 {
            func rate(_ now: Int, _ before: Int) -> Double { max(0, Double(now) - Double(before)) / seconds }
            performance.examplesPerSecond = rate(progress.examples, previous.examples)
            performance.minibatchesPerSecond = rate(progress.iteration, previous.iteration)
            performance.unitsPerSecond = rate(progress.completedUnits, previous.units)
            performance.unitsPerSecondByThread = progress.unitsByThread.enumerated().map { thread, units in
                rate(units, thread < previous.unitsByThread.count ? previous.unitsByThread[thread] : 0)
            }
            if let before = previous.processorSeconds {
                performance.processorsBusy = (processorSeconds - before) / seconds
            }
        }
        if isFirst || hasMoved {
            previous.elapsed = progress.elapsedSeconds
            previous.examples = progress.examples
            previous.iteration = progress.iteration
            previous.units = progress.completedUnits
            previous.unitsByThread = progress.unitsByThread
            previous.processorSeconds = processorSeconds
        }
        guard hasMoved || !isFirst else { return nil }
        previous.performance = performance
        return performance
    }

    /// What is told once.
    func staticInfo(_ run: TrainingRun) -> StaticInfo {
        var info = StaticInfo(startTime: StatsOutbox.now)
        if initialization.collectSoftwareInfo { info.software = .current(backend: run.backend) }
        if initialization.collectHardwareInfo { info.hardware = .current }
        if initialization.collectModelInfo {
            info.model = StaticInfo.Model(
                modelClass: run.modelClass, configuration: Self.json(run.configuration), layers: run.layers,
                totalUnits: run.totalUnits, unit: run.unit, threads: run.threads, labels: run.labels)
        }
        return info
    }

    /// A value as JSON with sorted keys; an error as a JSON string.
    private static func json(_ value: any Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            let reason = try? encoder.encode("cannot be shown: \(error)")
            return reason.map { String(decoding: $0, as: UTF8.self) } ?? "null"
        }
    }
}
