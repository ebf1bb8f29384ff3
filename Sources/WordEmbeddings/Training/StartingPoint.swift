import CVectorKernels
public import LinearAlgebra

/// Vectors that a training begins with, in place of random ones: those of an earlier training, which goes on with new
/// text and new words, or vectors from elsewhere.
///
///     let start = StartingPoint(try TrainedModel.read(path: "model.w2v"))
///     let corpus = try Corpus(path: "new.txt").prepare(configuration, vocabulary: start.vocabularySource)
///     let word2vec = Word2Vec(configuration: configuration)
///     word2vec.setStart(start)
///     let longer = try word2vec.fitModel(corpus)
public struct StartingPoint: Sendable {
    /// The words that have a vector already.
    public let vectors: WordVectors
    /// The output rows of these words; `nil` when there are none, or when they are inner nodes of a Huffman tree, which
    /// other counts make another tree of.
    public let outputs: Matrix?
    /// Words trained before.
    public let wordsTrained: Int
    /// Whether these vectors stay as they are, to the last bit; only new words and the output table learn.
    public var locksVectors = false

    /// Where the words of a training come from that begins here: all words of these vectors and those of the text; of the
    /// text alone when there are no counts, which say how much words matter.
    public var vocabularySource: VocabularySource {
        vectors.vocabulary.counts == nil ? .text : .extending(vectors.vocabulary)
    }

    /// Goes on with a model: both tables. Its learning rate does not go on: the new configuration's is used.
    public init(_ model: TrainedModel, locksVectors: Bool = false) {
        vectors = model.vectors
        outputs = Self.wordOutputs(of: model)
        wordsTrained = model.wordsTrained ?? 0
        self.locksVectors = locksVectors
    }

    /// The output rows of a model's words; with both objectives the inner nodes stand behind them.
    private static func wordOutputs(of model: TrainedModel) -> Matrix? {
        let words = model.vectors.count
        guard let outputs = model.outputs, model.configuration?.samplesNegatives ?? true, outputs.rows >= words else {
            return nil
        }
        if outputs.rows == words { return outputs }
        guard model.configuration?.hierarchicalSoftmax == true else { return nil }
        return Matrix(
            rows: words, columns: outputs.columns, elements: Array(outputs.elements.prefix(words * outputs.columns)))
    }

    /// Begins with vectors from elsewhere: the input table alone.
    public init(_ vectors: WordVectors, locksVectors: Bool = false) {
        self.vectors = vectors
        outputs = nil
        wordsTrained = 0
        self.locksVectors = locksVectors
    }
}

/// A starting point for the words of one training.
final class TableStart: Sendable {
    private let point: StartingPoint
    /// For each word of the training its row in the starting point, or −1.
    private let rows: [Int32]
    private let usesOutputs: Bool

    /// - Throws: `WordEmbeddingError.invalidConfiguration` when the vectors have other dimensions than the training, or
    ///   the training is one that cannot lock vectors.
    init(_ point: StartingPoint, vocabulary: Vocabulary, configuration: Word2Vec.Configuration) throws {
        guard point.vectors.dimensions == configuration.dimensions else {
            throw WordEmbeddingError.invalidConfiguration(
                name: "dimensions", expected: "\(point.vectors.dimensions), as the vectors to begin with have",
                found: "\(configuration.dimensions)")
        }
        guard !point.locksVectors || !configuration.rotatesBlocks else {
            throw WordEmbeddingError.invalidConfiguration(
                name: "deterministic", expected: "off (or one thread) when vectors are locked", found: "on")
        }
        self.point = point
        rows = vocabulary.words.map { word in
            point.vectors.vocabulary.number(of: word).map { Int32(truncatingIfNeeded: $0) } ?? -1
        }
        usesOutputs = configuration.samplesNegatives
    }

    /// Whether known vectors stay as they are.
    var locks: Bool { point.locksVectors }

    /// Fills the rows of known words.
    func fill(_ tables: ModelTables) {
        for word in rows.indices where rows[word] >= 0 {
            restore(word, tables)
            guard usesOutputs, let outputs = point.outputs else { continue }
            let row = outputs.row(Int(rows[word]))
            tables.outputs.withMutableSpan(word * tables.stride..<word * tables.stride + tables.dimensions) { values in
                for (column, value) in row.enumerated() { values[column] = value }
            }
        }
    }

    /// Puts the vectors of known words back.
    func restore(_ words: some Sequence<UInt32>, _ tables: ModelTables) {
        for word in words where rows[Int(word)] >= 0 { restore(Int(word), tables) }
    }

    /// Puts the vectors of all known words back.
    func restoreAll(_ tables: ModelTables) {
        for word in rows.indices where rows[word] >= 0 { restore(word, tables) }
    }

    private func restore(_ word: Int, _ tables: ModelTables) {
        let row = point.vectors.storage.row(Int(rows[word]))
        kernels.row_put(row, tables.inputs.base + word * tables.stride, row.count)
    }
}
