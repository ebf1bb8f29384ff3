import FileAccess
public import LinearAlgebra

/// What a training made, with all that is needed to go on with it: both tables, words, counts and configuration.
///
/// Its file (docs/file-formats.md) has checksums, opens without being read, and holds any word.
public struct TrainedModel: Sendable {
    /// The words, their counts and their vectors: the input table.
    public let vectors: WordVectors
    /// The output table: a row for each word (negative sampling) or inner node (hierarchical softmax). `nil` when only
    /// the vectors are known.
    public let outputs: Matrix?
    /// The values of the training; `nil` when they are not known.
    public let configuration: Word2Vec.Configuration?
    /// Words trained so far, over all epochs; `nil` when that is not known.
    public let wordsTrained: Int?
    /// The level of the kernels that made it: other levels round differently.
    public let cpuLevel: CPULevel

    /// A model of the given parts.
    /// - Precondition: the output table has as many columns as the vectors.
    public init(
        vectors: WordVectors, outputs: Matrix? = nil, configuration: Word2Vec.Configuration? = nil,
        wordsTrained: Int? = nil, cpuLevel: CPULevel = .current
    ) {
        precondition(outputs.map { $0.columns == vectors.dimensions } ?? true, "both tables have the same columns")
        (self.vectors, self.outputs, self.configuration) = (vectors, outputs, configuration)
        (self.wordsTrained, self.cpuLevel) = (wordsTrained, cpuLevel)
    }

    /// Reads a model into memory and checks all of it.
    /// - Throws: `WordEmbeddingError.malformed` when it is no model file or damaged, `FileError` when it cannot be read.
    public static func read(path: String) throws -> TrainedModel {
        let file = try MappedFile(path: path)
        guard isModel(file) else {
            throw WordEmbeddingError.malformed(
                file: path, place: "byte 0", expected: "a model file", found: "another file")
        }
        let opened = try open(file, checks: ModelLayout.Section.allCases)
        return TrainedModel(
            vectors: opened.vectors.inMemory(), outputs: opened.outputs, configuration: opened.configuration,
            wordsTrained: opened.wordsTrained, cpuLevel: opened.cpuLevel)
    }

    /// Whether the file begins as a model file does.
    static func isModel(_ file: MappedFile) -> Bool {
        file.withBytes { $0.starts(with: ModelLayout.magic) }
    }

    /// Opens a model whose words and vectors stay in the file.
    /// - Parameter checks: the sections whose checksums are computed and whose numbers must be finite; the output table
    ///   is read only when it is one. Without any, words are checked when they are asked for.
    static func open(_ file: MappedFile, checks: [ModelLayout.Section]) throws -> TrainedModel {
        let plan = try ModelPlan(file)
        try plan.check(checks)
        let (header, layout) = (plan.header, plan.layout)
        let ends = NumberList<UInt64>.mapped(file, offset: layout[.ends].lowerBound, count: header.words)
        let order = NumberList<UInt32>.mapped(file, offset: layout[.order].lowerBound, count: header.words)
        if !checks.isEmpty { try plan.checkWords() }
        let (base, size) = (layout[.words].lowerBound, UInt64(header.wordBytes))
        let counts = NumberList<UInt64>.mapped(file, offset: layout[.counts].lowerBound, count: header.words)
        let damage = FileDamage()
        let words = MappedWords(
            file: file, order: order, counts: header.hasCounts ? counts : nil, damage: damage
        ) { number in
            let (start, end) = (number == 0 ? 0 : ends[number - 1], ends[number])
            guard start <= end, end <= size else {
                damage.note(plan.wordFault(number))
                return base..<base
            }
            return base + Int(start)..<base + Int(end)
        }
        let rows = MappedRows(
            file: file, offset: layout[.inputs].lowerBound, count: header.words, columns: header.dimensions)
        if checks.contains(.inputs) {
            try RowStorage.mapped(rows).checkFinite { row, column, value in
                .malformed(
                    file: file.path, place: "word \(row + 1), column \(column + 1)",
                    expected: "a finite 32-bit number", found: "\(value)")
            }
        }
        var outputs: Matrix?
        if header.outputRows > 0, checks.contains(.outputs) {
            outputs =
                MappedRows(
                    file: file, offset: layout[.outputs].lowerBound, count: header.outputRows,
                    columns: header.dimensions
                ).matrix()
        }
        return TrainedModel(
            vectors: WordVectors(vocabulary: Vocabulary(words), storage: .mapped(rows)), outputs: outputs,
            configuration: header.configuration?.configuration, wordsTrained: header.wordsTrained,
            cpuLevel: header.cpuLevel)
    }
}

/// What a model file tells of its training, besides words and vectors.
public struct ModelFacts: Sendable, Equatable {
    /// Rows of the output table; 0 without one: such a model holds vectors alone.
    public let outputRows: Int
    /// The values of the training; `nil` when they are not known.
    public let configuration: Word2Vec.Configuration?
    /// Words trained so far, over all epochs; `nil` when that is not known.
    public let wordsTrained: Int?
    /// The level of the kernels that made it.
    public let cpuLevel: CPULevel

    init(_ header: ModelHeader) {
        (outputRows, cpuLevel, wordsTrained) = (header.outputRows, header.cpuLevel, header.wordsTrained)
        configuration = header.configuration?.configuration
    }
}
