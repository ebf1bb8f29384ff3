import FileAccess
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import WordEmbeddings

extension FuzzTarget {
    /// A reader that answers with errors of this module or of the files below it.
    static func words(
        _ name: String, seeds: [[UInt8]], repair: (@Sendable ([UInt8]) -> [UInt8])? = nil,
        damage: (@Sendable ([UInt8], inout Philox) -> [UInt8]?)? = nil,
        read: @escaping @Sendable (_ path: String, _ files: TestFolder) throws -> Void
    ) -> FuzzTarget {
        FuzzTarget(
            name, seeds: seeds, repair: repair, damage: damage,
            isRefusal: { $0 is WordEmbeddingError || $0 is FileError }, read: read)
    }

    /// The readers of word embeddings.
    static let all: [FuzzTarget] = [
        vectors, opened, index, model, checkpoint, vocabulary, labels, wordList, pairs, analogies, corpus, gzip,
    ]

    private static let vectorSeeds: [[UInt8]] = [
        VectorFileReadingTests.binary, VectorFileReadingTests.binaryWithLineEnds,
        Array(VectorFileReadingTests.text.utf8), Array(VectorFileReadingTests.glove.utf8), NumpyTests.golden,
        NumpyTests.goldenFortran, npy("'|u1'", "(4, 5)", version: 2, Array(0..<20)),
        npy("'<f8'", "(2, 3)", Array(repeating: 0x3F, count: 48)),
    ]

    private static func check(_ file: VectorFile) throws {
        let elements = file.words?.vectors.elements ?? file.matrix?.elements ?? []
        if elements.isEmpty || !elements.allSatisfy(\.isFinite) { Issue.record("no numbers, or some not finite") }
    }

    /// Asks vectors that may be damaged: all answers are fine that come.
    static func ask(_ words: WordVectors) throws {
        for number in 0..<min(50, words.count) { _ = words.vocabulary.number(of: words.vocabulary[number]) }
        _ = words.vocabulary.number(of: "unheard")
        _ = words.vocabulary.counts
        _ = try words.nearest(to: (0..<words.dimensions).map { Float($0) }, count: 3)
        _ = VectorSummary(of: words)
    }

    static let vectors = words(
        "vectors", seeds: vectorSeeds + vectorSeeds.map { Gzip.compress($0, level: 1) }
    ) {
        path, _ in
        try check(VectorFile.read(path: path))
        try check(VectorFile.read(path: path, limit: 2))
    }

    static let opened = words("opened", seeds: vectorSeeds) { path, _ in
        let file = try VectorFile.open(path: path)
        try check(file)
        if let words = file.words { try ask(words) }
        _ = try VectorOutline(path: path)
    }

    /// The index of `VectorFileReadingTests.binary`.
    static let index = words(
        "index", seeds: (try? savedIndex()).map { [$0] } ?? [],
        repair: VectorIndexTests.resealed,
        read: { path, files in
            let vectors = try files.write("v.bin", VectorFileReadingTests.binary)
            try files.write("v.bin.index", try files.bytes("fuzz"))
            let file = try VectorFile.open(path: vectors)
            let words = try #require(file.words)
            try ask(words)
            // A refused index is none: the file is looked through.
            if file.hasUnsavedIndex { throw FileError.system(file: path, action: file.notes.joined(), reason: "") }
        })

    private static func savedIndex() throws -> [UInt8] {
        let files = try TestFolder()
        try VectorFile.open(path: files.write("v.bin", VectorFileReadingTests.binary)).saveIndex()
        return try files.bytes("v.bin.index")
    }

    static let model = words(
        "model", seeds: (try? savedModels()) ?? [], repair: repairedModel,
        read: { path, _ in
            _ = try VectorOutline(path: path)
            if let words = try VectorFile.open(path: path).words { try ask(words) }
            let model = try TrainedModel.read(path: path)
            try ask(model.vectors)
        })

    private static func savedModels() throws -> [[UInt8]] {
        let files = try TestFolder()
        return try [true, false].map { outputs in
            try TrainedModelTests.model(rows: 5, outputs: outputs).write(to: files["m"])
            return try files.bytes("m")
        }
    }

    /// A model whose header and sections have the right checksums, where that can be.
    @Sendable static func repairedModel(_ damaged: [UInt8]) -> [UInt8] {
        guard damaged.count > 24 else { return damaged }
        var bytes = damaged
        func length() -> Int { Int(bytes[12]) | Int(bytes[13]) << 8 }
        func sealHeader() {
            guard 24 + length() <= bytes.count else { return }
            let hash = bytes[24..<24 + length()].withUnsafeBytes { XXH64.hash($0) }
            withUnsafeBytes(of: hash.littleEndian) { bytes.replaceSubrange(16..<24, with: $0) }
        }
        sealHeader()
        guard let files = try? TestFolder(), let path = try? files.write("m", bytes),
            let file = try? MappedFile(path: path), let plan = try? ModelPlan(file)
        else { return bytes }
        var json = String(decoding: bytes[24..<24 + length()], as: UTF8.self)
        for section in ModelLayout.Section.allCases {
            let range = plan.layout[section]
            guard range.upperBound <= bytes.count else { return bytes }
            let hash = bytes[range].withUnsafeBytes { XXH64.hash($0) }
            json = json.replacing(plan.header.checksums[section.rawValue], with: hex(hash), maxReplacements: 1)
        }
        guard json.utf8.count == length() else { return bytes }
        bytes.replaceSubrange(24..<24 + length(), with: Array(json.utf8))
        sealHeader()
        return bytes
    }

    static let vocabulary = words(
        "vocabulary", seeds: ["the 10\na 9\nNew York 3\n", "x 1\r\ny 1\r\n\n"].map { Array($0.utf8) }
    ) { path, _ in
        let words = try VocabularyFile.read(path: path)
        for number in 0..<words.count { _ = words.number(of: words[number]) }
        let counted = try VocabularyFile.readCounted(path: path)
        if counted.counts?.allSatisfy({ $0 > 0 }) != true { Issue.record("counts of 0") }
    }

    static let labels = words(
        "labels", seeds: [Array("a\nb\n\n".utf8), npy("'<i8'", "(3,)", [UInt8](repeating: 1, count: 24))]
    ) { path, _ in _ = try LabelFile.read(path: path, count: 3) }

    static let wordList = words("words", seeds: [Array("the a\nof \u{3000}an\n".utf8)]) { path, _ in
        for word in try WordList.read(path: path) where word.isEmpty { Issue.record("an empty word") }
    }

    static let pairs = words(
        "pairs", seeds: ["# x\na\tb\t1.5\nc d 2\n", "word1,word2\na\tb\t1e3\n"].map { Array($0.utf8) }
    ) { path, _ in _ = try WordPairs(path: path) }

    static let analogies = words("analogies", seeds: [Array(": one\na b c d\n: two\ne f g h\n".utf8)]) {
        path, _ in _ = try AnalogyQuestions(path: path)
    }

    static let corpus = words(
        "corpus",
        seeds: ["a b a\nb a c, d's 3.5\n", "\u{FEFF}\u{6771}\u{4EAC} \u{3042}\u{3000}a b\r\nb a"].map { Array($0.utf8) }
            + [Gzip.compress(Array("a b a\nb".utf8), level: 1)]
    ) { path, files in
        var configuration = Word2Vec.Configuration()
        configuration.minCount = 1
        configuration.threads = 1
        for (tokenizer, isBounded) in [(TokenizerKind.whitespace, false), (.unicode, true)] {
            configuration.tokenizer = tokenizer
            configuration.lowercase = isBounded
            configuration.maxMemory = isBounded ? 1 << 24 : nil
            let corpus = try Corpus(path: path).prepare(configuration)
            let words = sentences(corpus).reduce(0) { $0 + $1.count }
            if words != corpus.wordsInVocabulary { Issue.record("\(words) words, not \(corpus.wordsInVocabulary)") }
        }
        try Phrases().write(Corpus(path: path), to: files["phrases"])
    }

    static let gzip = words(
        "gzip",
        seeds: [1, 6, 9].map { Gzip.compress(Array(String(repeating: "some text \($0) ", count: 40).utf8), level: $0) }
            + [Gzip.compress([], level: 1)]
    ) { path, _ in
        let source = try ByteSource(path: path)
        while true {
            try source.fill(1 << 12)
            let count = try source.withWindow(\.count)
            if count == 0 { return }
            source.skip(count)
        }
    }
}
