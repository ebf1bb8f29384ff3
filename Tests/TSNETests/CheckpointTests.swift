import Foundation
import LinearAlgebra
import Synchronization
import TSNE
import Testing
import Training

struct CheckpointTests {
    /// Cancels at an iteration.
    final class Stopper: TrainingListener {
        let at: Int
        let cancellation = Cancellation()
        init(at: Int) { self.at = at }
        func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail { .score }
        func iterationDone(_ progress: TrainingProgress) { if progress.iteration >= at { cancellation.cancel() } }
    }

    private func withFile(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tsne-\(UUID()).checkpoint").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    static let kinds: [@Sendable (inout BarnesHutTsne.Configuration) -> Void] = [
        { $0.method = .interpolation }, { $0.method = .barnesHut }, { $0.dimensions = 3 }, { $0.useAdaGrad = true },
        { $0.automaticExaggerationEnd = true },
    ]

    /// Stopped somewhere and gone on with, on other threads: the same bytes.
    @Test(arguments: kinds.indices, [1, 37, 100]) func resumedDescentHasTheSameBytes(kind: Int, at: Int) throws {
        let data = clusters(1500)
        var options = configuration(140) { $0.snapshotInterval = 1000 }
        Self.kinds[kind](&options)
        let whole = try BarnesHutTsne(configuration: options).fit(data)
        try withFile { path in
            let stopper = Stopper(at: at)
            let cut = try BarnesHutTsne(configuration: options, listeners: [stopper]).fit(
                data, cancellation: stopper.cancellation, checkpoints: .init(path: path, every: 1000))
            #expect(cut.cancelled && cut.iterations >= at && cut.iterations < 140)
            let checkpoint = try TsneCheckpoint(path: path)
            #expect(checkpoint.iteration == cut.iterations && checkpoint.points == 1500)
            options.threads = 3
            let resumed = try BarnesHutTsne(configuration: options).fit(data, from: checkpoint)
            #expect(resumed.coordinates == whole.coordinates && resumed.klDivergence == whole.klDivergence)
            #expect(resumed.iterations == 140)
        }
    }

    @Test func checkpointsAreWrittenOnTheWay() throws {
        try withFile { path in
            _ = try BarnesHutTsne(configuration: configuration(100)).fit(
                clusters(100), checkpoints: .init(path: path, every: 30))
            #expect(try TsneCheckpoint(path: path).iteration == 90)
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        try withFile { path in
            let options = configuration(60)
            _ = try BarnesHutTsne(configuration: options).fit(
                clusters(100), checkpoints: .init(path: path, every: 50))
            let checkpoint = try TsneCheckpoint(path: path)
            func message(_ points: Int, _ change: (inout BarnesHutTsne.Configuration) -> Void) -> String {
                var changed = options
                change(&changed)
                do {
                    _ = try BarnesHutTsne(configuration: changed).fit(clusters(points, columns: 8), from: checkpoint)
                    return "none"
                } catch {
                    return error.description
                }
            }
            #expect(message(100) { $0.maxIterations = 70 } == "none")
            #expect(message(100) { $0.theta = 0.4 }.contains("other options"))
            #expect(message(101) { _ in }.contains("100 points"))
            let other = Matrix(rows: 100, columns: 8, elements: clusters(100).elements.map { $0 * $0 })
            #expect(throws: TsneError.self) { try BarnesHutTsne(configuration: options).fit(other, from: checkpoint) }
        }
    }

    /// No damage goes unseen, at any byte, and none crashes.
    @Test func damagedFilesAreRefused() throws {
        try withFile { path in
            _ = try BarnesHutTsne(configuration: configuration(20)).fit(
                clusters(30), checkpoints: .init(path: path, every: 10))
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            for at in stride(from: 0, to: good.count, by: 17) {
                var bad = good
                bad[at] ^= 0x10
                try bad.write(to: URL(fileURLWithPath: path))
                #expect(throws: TsneError.self) { try TsneCheckpoint(path: path) }
                try good.prefix(at).write(to: URL(fileURLWithPath: path))
                #expect(throws: TsneError.self) { try TsneCheckpoint(path: path) }
            }
            #expect(throws: TsneError.self) { try TsneCheckpoint(path: path + ".missing") }
        }
    }
}
