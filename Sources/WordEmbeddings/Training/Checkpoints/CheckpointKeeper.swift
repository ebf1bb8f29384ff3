import FileAccess
import LinearAlgebra
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes the states of one training to model files, and reads them back.
final class CheckpointKeeper: Sendable {
    let options: Checkpoints
    private let clock = ContinuousClock()
    private let last: Mutex<Last>

    private struct Last {
        var time: ContinuousClock.Instant
        var words: Int
        var failure: String?
        var hasWritten = false
    }

    /// Makes the folder.
    /// - Throws: `FileError` when that cannot be or nothing can be written there.
    init(_ options: Checkpoints) throws {
        self.options = options
        if mkdir(options.folder, 0o777) != 0, errno != EEXIST {
            throw FileError.system(
                file: options.folder, action: "make the folder", reason: String(cString: strerror(errno)))
        }
        try OutputCheck.canWrite([options.path], reading: [])
        last = Mutex(Last(time: clock.now, words: 0))
    }

    /// Why the last checkpoint could not be written; `nil` when it was.
    var failure: String? { last.withLock { $0.failure } }

    /// Whether the folder's checkpoint is of this run.
    var hasWritten: Bool { last.withLock { $0.hasWritten } }

    /// Whether it is time for a checkpoint.
    func isDue(wordsDone: Int) -> Bool {
        last.withLock { last in
            switch options.interval {
            case .seconds(let seconds): (clock.now - last.time) / .seconds(1) >= seconds
            case .words(let words): wordsDone - last.words >= words
            }
        }
    }

    /// Writes the state beside the old one and renames it. What cannot be written stops no training: `failure` tells.
    func write(_ state: CheckpointState, _ model: ModelInTraining) {
        var failure: String?
        do { try model.write(to: options.path, state: state) } catch { failure = "\(error)" }
        last.withLock { last in
            (last.time, last.words, last.failure) = (clock.now, state.wordsDone, failure)
            last.hasWritten = last.hasWritten || failure == nil
        }
    }

    /// Fills the tables from the checkpoint.
    /// - Returns: `nil` when there is none.
    /// - Throws: `WordEmbeddingError.malformed` when it is damaged or of another training.
    func read(_ expected: CheckpointState, into model: ModelInTraining) throws -> CheckpointState? {
        guard fileExists(options.path) else { return nil }
        let state = try model.read(options.path, expecting: expected)
        last.withLock { $0.words = state.wordsDone }
        return state
    }
}

/// The tables of a training with what their files need besides. Used while nobody trains.
struct ModelInTraining: Sendable {
    let tables: ModelTables
    let outputRows: Int
    let vocabulary: Vocabulary
    let configuration: Word2Vec.Configuration

    /// Whether all numbers are finite.
    var isFinite: Bool { tables.isFinite(outputRows: outputRows, threads: configuration.resolvedThreads) }

    /// Writes a model file with a state.
    func write(to path: String, state: CheckpointState) throws {
        var header = ModelHeader(
            words: vocabulary.count, wordBytes: 0, dimensions: tables.dimensions,
            hasCounts: vocabulary.counts != nil, outputRows: outputRows, cpuLevel: .current,
            configuration: StoredConfiguration(configuration), wordsTrained: state.wordsDone)
        header.checkpoint = state
        let parts = ModelFileParts(
            header: header, vocabulary: vocabulary,
            inputs: { try tables.withLittleEndianBytes(of: tables.inputs, rows: tables.inputRows, $0) },
            outputs: { try tables.withLittleEndianBytes(of: tables.outputs, rows: outputRows, $0) })
        var file = try AtomicFileWriter(path: path)
        try parts.write(to: &file)
        try file.commit()
    }

    /// Fills the tables from a model file with a state.
    /// - Throws: `WordEmbeddingError.malformed` when the file is damaged or of another training.
    func read(_ path: String, expecting expected: CheckpointState) throws -> CheckpointState {
        let file = try MappedFile(path: path)
        guard TrainedModel.isModel(file) else {
            throw WordEmbeddingError.malformed(
                file: path, place: "byte 0", expected: "a checkpoint", found: "another file")
        }
        let plan = try ModelPlan(file)
        guard let state = plan.header.checkpoint else {
            throw WordEmbeddingError.malformed(
                file: path, place: "header", expected: "the state of a training", found: "a model without one")
        }
        try state.check(against: expected, header: plan.header, configuration: configuration, path: path)
        guard plan.header.words == vocabulary.count, plan.header.dimensions == tables.dimensions,
            plan.header.outputRows == outputRows
        else {
            throw WordEmbeddingError.malformed(
                file: path, place: "header", expected: "tables of this training's sizes", found: "others")
        }
        try plan.check(ModelLayout.Section.allCases)
        file.withBytes { bytes in
            tables.fill(
                tables.inputs, rows: tables.inputRows,
                from: UnsafeRawBufferPointer(rebasing: bytes[plan.layout[.inputs]]))
            tables.fill(
                tables.outputs, rows: outputRows, from: UnsafeRawBufferPointer(rebasing: bytes[plan.layout[.outputs]]))
        }
        return state
    }
}
