import Testing
import Training

@testable import TrainingStats

@Suite("what a listener collects")
struct ConfigurationTests {
    /// A switch, and what is then missing from every report.
    struct Switch: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var turn: @Sendable (inout StatsUpdateConfiguration) -> Void
        var isMissing: @Sendable (StatsReport) -> Bool
        init(
            _ name: String, _ turn: @escaping @Sendable (inout StatsUpdateConfiguration) -> Void,
            _ isMissing: @escaping @Sendable (StatsReport) -> Bool
        ) {
            testDescription = name
            self.turn = turn
            self.isMissing = isMissing
        }
    }

    static let switches: [Switch] =
        [
            Switch("collectLearningRates", { $0.collectLearningRates = false }, { $0.learningRate == nil }),
            Switch("collectPerformanceStats", { $0.collectPerformanceStats = false }, { $0.performance == nil }),
            Switch("collectMemoryStats", { $0.collectMemoryStats = false }, { $0.memory == nil }),
            Switch("collectNeighbors", { $0.collectNeighbors = false }, { $0.neighbors.isEmpty }),
        ]
        + LayerStatistics.Kind.allCases.flatMap { kind in
            [
                Switch("histograms, \(kind)", { $0.histograms.remove(kind) }, { $0.layers[0][kind]?.histogram == nil }),
                Switch("means, \(kind)", { $0.means.remove(kind) }, { $0.layers[0][kind]?.mean == nil }),
                Switch(
                    "standardDeviations, \(kind)", { $0.standardDeviations.remove(kind) },
                    { $0.layers[0][kind]?.standardDeviation == nil }),
                Switch(
                    "meanMagnitudes, \(kind)", { $0.meanMagnitudes.remove(kind) },
                    { $0.layers[0][kind]?.meanMagnitude == nil }),
            ]
        }

    private func last(_ configuration: StatsUpdateConfiguration) throws -> StatsReport {
        let router = CollectionStatsStorageRouter()
        Trainer(listener: StatsListener(router, configuration: configuration)).train(10)
        return try #require(router.reports.last)
    }

    @Test("everything is on, as in DL4J")
    func defaults() throws {
        let configuration = StatsUpdateConfiguration()
        #expect(configuration.numHistogramBins == 20)
        #expect(configuration.reportingFrequency == nil && configuration.mapFrequency == nil)
        let all = Set(LayerStatistics.Kind.allCases)
        #expect(configuration.histograms == all && configuration.means == all)
        #expect(configuration.standardDeviations == all && configuration.meanMagnitudes == all)
        let report = try last(configuration)
        for one in Self.switches { #expect(!one.isMissing(report), "\(one.testDescription)") }
        let initialization = StatsInitializationConfiguration()
        #expect(
            initialization.collectSoftwareInfo && initialization.collectHardwareInfo && initialization.collectModelInfo)
    }

    @Test("each switch turns off one thing, and nothing else", arguments: switches)
    func oneOff(_ one: Switch) throws {
        var configuration = StatsUpdateConfiguration()
        one.turn(&configuration)
        let report = try last(configuration)
        #expect(one.isMissing(report))
        for other in Self.switches where other.testDescription != one.testDescription {
            #expect(!other.isMissing(report), "\(other.testDescription)")
        }
    }

    @Test("what is off of all kinds is not even asked for")
    func nothingOfLayers() {
        var configuration = StatsUpdateConfiguration()
        (configuration.histograms, configuration.means) = ([], [])
        (configuration.standardDeviations, configuration.meanMagnitudes) = ([], [])
        configuration.collectNeighbors = false
        configuration.collectMaps = false
        let listener = StatsListener(nil, configuration: configuration)
        listener.trainingStarted(Trainer.run)
        #expect(listener.wantedDetail(iteration: 0, elapsedSeconds: 0) == .score)
        #expect(
            StatsListener(nil).wantedDetail(iteration: 0, elapsedSeconds: 0)
                == [.score, .layers, .neighbors, .coordinates])
    }

    @Test("maps every n-th iteration, by time, or not at all")
    func maps() {
        func iterations(_ change: (inout StatsUpdateConfiguration) -> Void) -> [Int] {
            let router = CollectionStatsStorageRouter()
            var configuration = StatsUpdateConfiguration()
            change(&configuration)
            Trainer(listener: StatsListener(router, configuration: configuration)).train(30)
            return router.maps.compactMap { if case .map(let map) = $0.content { map.iteration } else { nil } }
        }
        #expect(iterations { $0.mapFrequency = 7 } == [0, 7, 14, 21, 28, 30])
        #expect(iterations { $0.collectMaps = false }.isEmpty)
        let byTime = iterations { _ in }
        #expect(byTime.first == 0 && byTime.last == 30 && byTime.count >= 5 && byTime.count <= 28, "\(byTime)")
    }

    @Test("bins of a histogram", arguments: [(20, 20), (1, 1), (7, 7), (0, 1), (-3, 1), (100_000, 1_000)])
    func bins(asked: Int, found: Int) throws {
        var configuration = StatsUpdateConfiguration()
        configuration.numHistogramBins = asked
        #expect(try last(configuration).layers[0].parameters?.histogram?.counts.count == found)
    }

    @Test("statistics of known values")
    func values() throws {
        let report = try last(StatsUpdateConfiguration())
        let parameters = try #require(report.layers[0].parameters)
        #expect(parameters.count == 4 && parameters.mean == 0.5 && parameters.meanMagnitude == 1)
        #expect(parameters.standardDeviation == 1.25.squareRoot())
        let histogram = try #require(parameters.histogram)
        #expect(histogram.low == -1 && histogram.high == 2 && histogram.nonFinite == 0)
        #expect(histogram.counts.reduce(0, +) == 4)
        // -1, 0, 1 and 2 over bins of 0.15.
        #expect(histogram.counts.enumerated().filter { $0.element > 0 }.map(\.offset) == [0, 6, 13, 19])
        #expect(report.layers[0].updateRatio == 0.5)
        #expect(report.layers[0].gradients?.standardDeviation == 0)
        #expect(report.layers[0].gradients?.histogram?.counts.first == 4, "all the same: one bin")
    }

    @Test("values that are not finite are counted apart, and the moments are none")
    func notFinite() throws {
        let summary = try #require(LayerStatistics.Summary(of: [1, .nan, 3, .infinity, -.infinity]))
        #expect(summary.count == 5 && summary.mean?.isNaN == true && summary.standardDeviation?.isNaN == true)
        #expect(summary.meanMagnitude?.isNaN == true)
        #expect(summary.histogram?.nonFinite == 3 && summary.histogram?.counts.reduce(0, +) == 2)
        #expect(summary.histogram?.low == 1 && summary.histogram?.high == 3)
        let none = try #require(LayerStatistics.Summary(of: [.nan]))
        #expect(none.histogram?.low == 0 && none.histogram?.high == 0 && none.histogram?.nonFinite == 1)
        #expect(LayerStatistics.Summary(of: []) == nil)
        let widest = try #require(
            LayerStatistics.Summary(of: [-.greatestFiniteMagnitude, .greatestFiniteMagnitude, .leastNonzeroMagnitude]))
        #expect(widest.histogram?.counts.reduce(0, +) == 3)
        let narrow = try #require(LayerStatistics.Summary(of: [.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude]))
        #expect(narrow.histogram?.counts.first == 1 && narrow.histogram?.counts.last == 2)
    }

    @Test("speeds are means since the report before")
    func performance() throws {
        let router = CollectionStatsStorageRouter()
        Trainer(listener: StatsListener(router, frequency: 10), pace: 0.5).train(30)
        let reports = router.reports
        #expect(reports[0].performance == nil, "nothing is done yet")
        for report in reports.dropFirst() {
            let performance = try #require(report.performance)
            #expect(performance.totalExamples == report.iteration * 100)
            #expect(performance.totalMinibatches == report.iteration)
            #expect(performance.examplesPerSecond == 200 && performance.minibatchesPerSecond == 2)
            #expect(performance.unitsPerSecond == 200 && performance.unitsPerSecondByThread == [100, 100])
        }
        let memory = try #require(reports.last?.memory)
        #expect(memory.resident > 1 << 20 && memory.peak >= memory.resident / 2)
    }

    @Test("what is told once", arguments: ["software", "hardware", "model", ""])
    func initialization(off: String) throws {
        var initialization = StatsInitializationConfiguration()
        if off == "software" { initialization.collectSoftwareInfo = false }
        if off == "hardware" { initialization.collectHardwareInfo = false }
        if off == "model" { initialization.collectModelInfo = false }
        let router = CollectionStatsStorageRouter()
        Trainer(listener: StatsListener(router, initialization: initialization)).train(1)
        let info = try #require(router.infos.first)
        #expect((info.software == nil) == (off == "software"))
        #expect((info.hardware == nil) == (off == "hardware"))
        #expect((info.model == nil) == (off == "model"))
        #expect(info.startTime > 1_700_000_000_000)
        if let model = info.model {
            #expect(model.modelClass == "Trainer" && model.configuration == #"{"rate":0.5}"#)
            #expect(model.layers == Trainer.run.layers && model.parameterCount == 20 && model.labels == ["a", "b"])
            #expect(model.totalUnits == 100_000 && model.unit == "words" && model.threads == 2)
        }
        if let hardware = info.hardware { #expect(hardware.processors >= 1 && hardware.memory > 1 << 28) }
        if let software = info.software {
            #expect(software.processID > 0 && software.runtime.hasPrefix("Swift") && !software.operatingSystem.isEmpty)
        }
    }
}
