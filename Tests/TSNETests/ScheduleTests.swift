import Foundation
import LinearAlgebra
import Synchronization
import Testing
import Training

@testable import TSNE

struct ScheduleTests {
    @Test func phasesAndRates() {
        var options = BarnesHutTsne.Configuration()
        options.stopLyingIteration = 10
        options.lateExaggeration = 4
        options.lateExaggerationIteration = 20
        let schedule = Schedule(options, points: 24_000)
        #expect([0, 9, 10, 19, 20, 99].map(schedule.exaggeration) == [12, 12, 1, 1, 4, 4])
        #expect([9, 10, 20].map(schedule.learningRate) == [2000, 24_000, 6000])
        #expect([0, 9, 10, 11].map(schedule.begins) == [false, false, true, false])
        options.lateExaggerationIteration = nil
        options.learningRate = 7
        let other = Schedule(options, points: 24_000)
        #expect([0, 10].map(other.exaggeration) == [12, 4] && [0, 10].map(other.learningRate) == [7, 7])
        #expect(Schedule(.init(), points: 100).learningRate(0) == 200)
    }

    /// Divergences whose relative fall grows until iteration 24 and then shrinks.
    @Test func exaggerationEndsBehindThePeak() {
        var options = BarnesHutTsne.Configuration()
        options.automaticExaggerationEnd = true
        var schedule = Schedule(options, points: 1000)
        var divergence = 8.0
        for iteration in 0..<100 where schedule.wantsDivergence(iteration) {
            #expect(iteration % 3 == 0)
            let stops = schedule.note(divergence, iteration: iteration)
            #expect(!stops)
            divergence *= 1 - 0.05 * exp(-pow((Double(iteration) - 24) / 8, 2))
        }
        // The fall behind 24 is seen at 27, and is the largest; at 30 it is smaller.
        #expect(schedule.endedExaggeration == 31 && schedule.exaggerationEnd == 31)
        #expect(schedule.exaggeration(30) == 12 && schedule.exaggeration(31) == 1)
        #expect(schedule.options(31).momentum == 0.8 && schedule.options(31).learningRate == 1000)
        // Off by default.
        #expect(!(0..<1000).contains { Schedule(BarnesHutTsne.Configuration(), points: 9).wantsDivergence($0) })
    }

    @Test func stopsWhenTheDivergenceNoLongerFalls() throws {
        var options = configuration(5000) {
            $0.stopLyingIteration = 100
            $0.earlyStop = 0.01
        }
        let data = clusters(300)
        let stopped = try BarnesHutTsne(configuration: options).fit(data)
        #expect(stopped.iterations > 150 && stopped.iterations < 4000 && stopped.iterations % 50 == 1)
        #expect(!stopped.cancelled && stopped.exaggerationEnd == 100)
        options.earlyStop = nil
        options.maxIterations = 1234
        #expect(try BarnesHutTsne(configuration: options).fit(data).iterations == 1234)
    }

    @Test func automaticEndIsReported() throws {
        let options = configuration(400) {
            $0.stopLyingIteration = 300
            $0.automaticExaggerationEnd = true
        }
        let map = try BarnesHutTsne(configuration: options).fit(clusters(2000))
        #expect(map.exaggerationEnd > 15 && map.exaggerationEnd < 300 && map.iterations == 400)
    }

    @Test func lateExaggerationDrawsClustersTogether() throws {
        func map(_ factor: Double) throws -> Embedding {
            try BarnesHutTsne.Builder().setMaxIter(400).stopLyingIteration(100).lateExaggeration(factor).build()
                .fit(clusters(600))
        }
        func width(_ map: Embedding) -> Float { map.coordinates.elements.map { abs($0) }.max() ?? 0 }
        #expect(try width(map(4)) < 0.7 * width(map(1)))
    }

    @Test func snapshotsAreTheMapsOnTheWay() throws {
        let options = configuration(100) { $0.snapshotInterval = 40 }
        let map = try BarnesHutTsne(configuration: options).fit(clusters(200))
        #expect(map.snapshots.map(\.iteration) == [0, 40, 80, 100])
        #expect(map.snapshots.last?.coordinates == map.coordinates)
        var shorter = options
        shorter.maxIterations = 80
        #expect(
            try BarnesHutTsne(configuration: shorter).fit(clusters(200)).coordinates == map.snapshots[2].coordinates)
    }

    /// Exaggeration shrinks this map without end; what comes out must be a map all the same.
    @Test func verySmallMapsComeBack() throws {
        let p = try affinities(clusters(60), perplexity: 19)
        for method in [BarnesHutTsne.Configuration.Method.exact, .barnesHut, .interpolation] {
            let descent = Descent(
                p, layout: uniformMap(60, dimensions: 2, width: 1e-4), method: method, theta: 0.5, adaGrad: false,
                threads: 1)
            var options = StepOptions(
                exaggeration: 12, learningRate: 10, momentum: 0.5, minGain: 0.01, adaGrad: false)
            func extent() -> Float { descent.coordinates.elements.map { abs($0) }.max() ?? 0 }
            for _ in 0..<2000 {
                descent.renumber()
                #expect(descent.step(options, withDivergence: false).finite)
            }
            #expect(extent() < 1e-9 && extent() > Descent.leastExtent / 4)
            (options.exaggeration, options.momentum, options.learningRate) = (1, 0.8, 200)
            for _ in 0..<1000 {
                descent.renumber()
                #expect(descent.step(options, withDivergence: false).finite)
            }
            #expect(extent() > 0.1 && descent.divergence() < 1)
        }
    }
}
