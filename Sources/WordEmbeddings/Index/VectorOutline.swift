import FileAccess
import LinearAlgebra

/// What a file of vectors is, found without reading all of it where that can be.
public struct VectorOutline: Sendable {
    /// How the vectors are stored.
    public let kind: VectorFile.Kind
    /// Whether the file is packed with gzip.
    public let isPacked: Bool
    /// Number of vectors.
    public let rows: Int
    /// Components of each.
    public let dimensions: Int
    /// The words, with counts when known; `nil` for a matrix without words.
    public let vocabulary: Vocabulary?
    /// How often all words occurred; `nil` when that is not known.
    public let occurrences: Double?
    /// What a model file tells of its training.
    public let model: ModelFacts?
    /// What vectors look like, when all of them were read.
    public let summary: VectorSummary?
    /// What a user should know, one line each.
    public let notes: [String]

    /// Looks at a file.
    ///
    /// - Parameters:
    ///   - path: a file of any format that `VectorFile` recognises.
    ///   - isChecked: whether all of it is read, its checksums and numbers are checked and the summary is made. Default:
    ///     `false`: model files, `.npy` and word2vec binary files with an index are not read, others are.
    /// - Throws: as `VectorFile.read(path:limit:)`.
    public init(path: String, isChecked: Bool = false) throws {
        let mapped = try MappedFile(path: path)
        let header = TrainedModel.isModel(mapped) ? try ModelPlan(mapped).header : nil
        model = header.map { ModelFacts($0) }
        if model != nil, isChecked { try ModelPlan(mapped).check([.outputs]) }
        if !isChecked, mapped.withBytes({ $0.starts(with: NumpyHeader.magic) }) {
            let source = try ByteSource(path: path)
            let reader = try NumpyReader(source: source)
            try reader.checkShape()
            var notes: [String] = []
            vocabulary = VocabularyFile.words(
                VocabularyFile.companion(of: path), rows: reader.rows, limit: reader.rows, notes: &notes)
            (kind, isPacked, rows, dimensions) = (.numpy, false, reader.rows, reader.columns ?? 0)
            (summary, self.notes) = (nil, notes)
            occurrences = Self.sum(vocabulary)
            return
        }
        let file = try isChecked ? VectorFile.read(path: path) : VectorFile.open(path: path)
        (kind, isPacked, notes) = (file.kind, file.isPacked, file.notes)
        switch file.content {
        case .words(let vectors):
            (vocabulary, rows, dimensions) = (vectors.vocabulary, vectors.count, vectors.dimensions)
            if case .mapped = vectors.storage { summary = nil } else { summary = VectorSummary(of: vectors) }
        case .matrix(let matrix):
            (vocabulary, rows, dimensions) = (nil, matrix.rows, matrix.columns)
            summary = VectorSummary(of: matrix)
        }
        occurrences = header?.occurrences ?? Self.sum(vocabulary)
    }

    /// The sum of the counts, which may be too large for a whole number.
    private static func sum(_ vocabulary: Vocabulary?) -> Double? {
        vocabulary?.counts.map { $0.reduce(0.0) { $0 + Double($1) } }
    }
}
