import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v tsne` that start from, or add to, another map.
struct OtherMapOptions: ParsableArguments {
    @Option(
        help: """
            Table (CSV) of a map to start from, by word; the finished map is turned onto it. Words that it lacks start \
            between their neighbours.
            """, completion: .file())
    var initial: String?

    @Option(
        help: """
            Table (CSV) of an existing map: the vectors are placed on it, and its words stay where they are. Needs \
            --reference.
            """, completion: .file())
    var onto: String?

    @Option(help: "With --onto: the file of vectors that the map was made from.", completion: .file())
    var reference: String?

    @Option(help: "Map a sample of so many points, place the others on that map, then move all of them (--refine).")
    var landmarks: Int?

    @Option(help: "With --landmarks: steps of all points after the others were placed.")
    var refine = 50

    func check(_ files: MapFileOptions, _ near: NeighborOptions, _ phases: PhaseOptions) throws {
        if (onto == nil) != (reference == nil) {
            throw ValidationError("--onto MAP.csv and --reference VECTORS belong together.")
        }
        if onto != nil {
            if initial != nil || landmarks != nil || near.neighborGraph != nil || !files.csvColumns.names.isEmpty {
                throw ValidationError("--onto goes without --initial, --landmarks, --neighbor-graph and --csv-columns.")
            }
        }
        if landmarks != nil, initial != nil || near.neighborGraph != nil {
            throw ValidationError("--landmarks goes without --initial and --neighbor-graph.")
        }
        if landmarks != nil, phases.checkpoint != nil || phases.resume != nil {
            throw ValidationError("--landmarks goes without --checkpoint and --resume.")
        }
        if let landmarks, landmarks < 4 {
            throw ValidationError("--landmarks: expected 4 or more, found \(landmarks).")
        }
        if refine < 0 { throw ValidationError("--refine: expected 0 or more, found \(refine).") }
    }

    /// The files that are read.
    var inputs: [String?] { [initial, onto, reference] }
}
