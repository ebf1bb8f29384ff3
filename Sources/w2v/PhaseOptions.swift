import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v tsne` for the phases of the descent, its end, snapshots and checkpoints.
struct PhaseOptions: ParsableArguments {
    @Option(help: "Factor of the attraction after the early exaggeration; 4 parts the clusters of large maps.")
    var lateExaggeration = 1.0

    @Option(help: "Step at which the late exaggeration begins. (default: where the early one ends)")
    var lateExaggerationFrom: Int?

    @Flag(help: "End the early exaggeration when the divergence's relative fall is past its peak. (default: off)")
    var autoExaggeration = false

    @Option(help: "Degrees of freedom of the map's similarities; below 1 clusters show finer structure.")
    var dof = 1.0

    @Option(help: "Stop when the divergence fell by less than this share in 50 steps, such as 0.001. (default: never)")
    var earlyStop: Double?

    @Option(help: "Also write the map of every so many steps, as CSV: for --csv map.csv to map.000050.csv and so on.")
    var snapshots: Int?

    @Option(help: "File to write the state of the descent to, and again when interrupted.", completion: .file())
    var checkpoint: String?

    @Option(help: "Steps from one checkpoint to the next. (default: 100)")
    var checkpointEvery: Int?

    @Option(help: "Checkpoint to go on from, with the same vectors and options.", completion: .file())
    var resume: String?

    func check(csv: String?) throws {
        if snapshots != nil, csv == nil { throw ValidationError("--snapshots needs --csv.") }
        if let checkpointEvery {
            if checkpointEvery < 1 { throw ValidationError("--checkpoint-every must be at least 1.") }
            if checkpoint == nil { throw ValidationError("--checkpoint-every needs --checkpoint.") }
        }
        if lateExaggerationFrom != nil, lateExaggeration == 1 {
            throw ValidationError("--late-exaggeration-from needs --late-exaggeration.")
        }
    }

    func apply(to configuration: inout BarnesHutTsne.Configuration) {
        configuration.lateExaggeration = lateExaggeration
        configuration.lateExaggerationIteration = lateExaggerationFrom
        configuration.automaticExaggerationEnd = autoExaggeration
        configuration.degreesOfFreedom = dof
        configuration.earlyStop = earlyStop
        configuration.snapshotInterval = snapshots
    }

    var checkpoints: TsneCheckpoints? { checkpoint.map { TsneCheckpoints(path: $0, every: checkpointEvery ?? 100) } }

    /// The file of a snapshot: `map.csv` becomes `map.000050.csv`.
    static func snapshotPath(_ csv: String, iteration: Int) -> String {
        let digits = String(iteration)
        let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        return csv.hasSuffix(".csv") ? csv.dropLast(4) + ".\(number).csv" : "\(csv).\(number)"
    }
}
