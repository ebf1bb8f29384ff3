import FileAccess
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import WordEmbeddings

struct TrainedModelTests {
    let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    static func model(rows: Int = 40, outputs: Bool = true) -> TrainedModel {
        var random = Philox(seed: 6)
        let words = (0..<rows).map {
            $0 % 9 == 4 ? "New York\n\t" : $0 == 7 ? "" : VectorWritingTests.randomWord(&random)
        }
        let table = vectors(
            words.map { ($0, (0..<5).map { _ in random.nextUniform() - 0.5 }) }, counts: (0..<rows).map { 1000 - $0 })
        var configuration = Word2Vec.Configuration()
        configuration.window = 7
        configuration.seed = .max
        return TrainedModel(
            vectors: table,
            outputs: outputs
                ? Matrix(rows: rows - 1, columns: 5, elements: (0..<(rows - 1) * 5).map { Float($0) / 3 }) : nil,
            configuration: outputs ? configuration : nil, wordsTrained: outputs ? 12345 : nil, cpuLevel: .v3)
    }

    @Test("all of a model comes back, any word too", arguments: [true, false])
    func roundTrip(outputs: Bool) throws {
        let model = Self.model(outputs: outputs)
        try model.write(to: files["m.w2v"])
        let read = try TrainedModel.read(path: files["m.w2v"])
        #expect(read.vectors.vocabulary.words == model.vectors.vocabulary.words)
        #expect(read.vectors.vocabulary.counts == model.vectors.vocabulary.counts)
        #expect(read.vectors.vectors == model.vectors.vectors)
        #expect(read.outputs == model.outputs)
        #expect(read.configuration == model.configuration)
        #expect(read.wordsTrained == model.wordsTrained && read.cpuLevel == .v3)
        try read.write(to: files["n.w2v"])
        #expect(try files.bytes("m.w2v") == files.bytes("n.w2v"))
    }

    @Test("a model opens as vectors, mapped or read")
    func opens() throws {
        let model = Self.model()
        try model.write(to: files["m"])
        let opened = try VectorFile.open(path: files["m"])
        #expect(opened.kind == .model && !opened.hasUnsavedIndex)
        #expect(try opened.saveIndex() == nil)
        for words in [opened.words, try VectorFile.read(path: files["m"]).words] {
            let words = try #require(words)
            #expect(words.vocabulary.words == model.vectors.vocabulary.words)
            #expect(words.vectors == model.vectors.vectors)
            for word in words.vocabulary.words + ["unheard"] {
                #expect(words.vocabulary.number(of: word) == model.vectors.vocabulary.number(of: word))
            }
            #expect(
                try words.nearest(to: "New York\n\t", count: 9) == model.vectors.nearest(to: "New York\n\t", count: 9))
        }
        let part = try #require(try VectorFile.read(path: files["m"], limit: 3).words)
        #expect(part.vocabulary.words == Array(model.vectors.vocabulary.words.prefix(3)))
        #expect(part.vectors == model.vectors.vectors.prefix(rows: 3))
        // Words with blanks do not go where they would be torn apart.
        #expect(throws: WordEmbeddingError.self) {
            try opened.words?.write(to: files["x.bin"], format: .binary)
        }
    }

    @Test("a training gives a model with both tables", arguments: [false, true])
    func trained(hierarchicalSoftmax: Bool) throws {
        var configuration = Word2Vec.Configuration()
        configuration.dimensions = 20
        configuration.minCount = 1
        configuration.epochs = 2
        configuration.threads = 1
        configuration.hierarchicalSoftmax = hierarchicalSoftmax
        let text = (0..<200).map { ["a\($0 % 7)", "b\($0 % 5)", "c\($0 % 3)", "a\($0 % 2)"] }
        let corpus = try Corpus(sentences: text).prepare(configuration)
        let model = try Word2Vec(configuration: configuration).fitModel(corpus)
        let alone = try Word2Vec(configuration: configuration).fit(corpus)
        #expect(model.vectors.vectors == alone.vectors)
        #expect(model.outputs?.rows == (hierarchicalSoftmax ? 14 : 15))
        #expect(model.outputs?.elements.contains { $0 != 0 } == true)
        #expect(model.configuration == configuration && model.cpuLevel == .current)
        #expect(model.wordsTrained == 2 * corpus.wordsInVocabulary)
        try model.write(to: files["m.w2v"])
        #expect(try TrainedModel.read(path: files["m.w2v"]).outputs == model.outputs)
    }

    @Test("a configuration of another version is read: defaults for what it lacks, nothing for what is new there")
    func otherConfiguration() throws {
        let stored =
            #"{"window": 9, "seed": 18446744073709551615, "sample": 0.5, "later": {"x": [1, null, "y", true]}}"#
        let read = try JSONDecoder().decode(StoredConfiguration.self, from: Data(stored.utf8)).configuration
        var expected = Word2Vec.Configuration()
        (expected.window, expected.seed, expected.sample) = (9, .max, 0.5)
        #expect(read == expected)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(StoredConfiguration.self, from: Data(#"{"window": "wide"}"#.utf8))
        }
    }

    @Test("another version and cut sections are named")
    func refusals() throws {
        try Self.model(rows: 6).write(to: files["m"])
        let whole = try files.bytes("m")
        var bytes = whole
        bytes[8] = 2
        let path = try files.write("d", bytes)
        let version = #expect(throws: WordEmbeddingError.self) { try VectorFile.open(path: path) }
        #expect(version?.description.contains("expected version 1 of a model file, found version 2") == true)
        let layout = try ModelPlan(MappedFile(path: files["m"])).layout
        for section in ModelLayout.Section.allCases {
            for end in [layout[section].lowerBound, layout[section].upperBound - 1] {
                let path = try files.write("d", Array(whole[..<end]))
                let error = #expect(throws: WordEmbeddingError.self) { try VectorFile.open(path: path) }
                #expect(error?.description.contains("expected \(whole.count) bytes, as the header says") == true)
            }
            var bytes = whole
            bytes[layout[section].lowerBound] ^= 1
            let path = try files.write("d", bytes)
            let error = #expect(throws: WordEmbeddingError.self) { try TrainedModel.read(path: path) }
            #expect(error?.description.contains("checksum of the section \"\(section)\"") == true)
        }
    }

    @Test("damage is found wherever it is")
    func damaged() throws {
        try Self.model(rows: 6).write(to: files["m"])
        let whole = try files.bytes("m")
        var undetected: [Int] = []
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x40
            let path = try files.write("d", bytes)
            if (try? TrainedModel.read(path: path)) != nil { undetected.append(place) }
            // Opening looks at less, and must not fall over what it did not look at.
            if let words = try? VectorFile.open(path: path).words {
                for number in 0..<6 { _ = words.vocabulary.number(of: words.vocabulary[number]) }
                do {
                    _ = try words.nearest(to: [1, 0, 2, 0, 1], count: 9)
                } catch let error as WordEmbeddingError {
                    #expect(error.description.hasPrefix(path))
                }
            }
        }
        // Only the zeros between the sections are under no checksum.
        #expect(undetected.allSatisfy { whole[$0] == 0 } && undetected.count < 6 * 63)
        for length in 0..<whole.count {
            let path = try files.write("d", Array(whole[..<length]))
            #expect(throws: WordEmbeddingError.self) { try TrainedModel.read(path: path) }
        }
    }

    @Test("a forged model leads nowhere", arguments: 0..<100 as Range<UInt64>)
    func forged(seed: UInt64) throws {
        var random = Philox(seed: seed)
        try Self.model(rows: 12).write(to: files["m"])
        var bytes = try files.bytes("m")
        let plan = try ModelPlan(MappedFile(path: files["m"]))
        // Ends and order, with checksums that are right again.
        let (ends, order) = (plan.layout[.ends], plan.layout[.order])
        for _ in 0..<3 {
            bytes[Int.random(in: ends.lowerBound..<order.upperBound, using: &random)] = UInt8(
                truncatingIfNeeded: random.next32())
        }
        var json = String(decoding: bytes[24..<24 + Int(bytes[12]) + 256 * Int(bytes[13])], as: UTF8.self)
        for section in [ModelLayout.Section.ends, .order] {
            let hash = bytes[plan.layout[section]].withUnsafeBytes { XXH64.hash($0) }
            json = json.replacing(plan.header.checksums[section.rawValue], with: hex(hash))
        }
        bytes.replaceSubrange(24..<24 + json.utf8.count, with: Array(json.utf8))
        let hash = Array(json.utf8).withUnsafeBytes { XXH64.hash($0) }
        withUnsafeBytes(of: hash.littleEndian) { bytes.replaceSubrange(16..<24, with: $0) }
        let path = try files.write("f", bytes)
        do {
            let words = try #require(try VectorFile.open(path: path).words)
            for number in 0..<12 { _ = words.vocabulary.number(of: words.vocabulary[number]) }
            try words.vocabulary.checkDamage()
            _ = try words.nearest(to: [1, 0, 2, 0, 1], count: 9)
        } catch let error as WordEmbeddingError {
            #expect(
                error.description.contains("the end of word") || error.description.contains("the order of the words"))
        }
        // Reading looks at all of it.
        do {
            _ = try TrainedModel.read(path: path)
        } catch let error as WordEmbeddingError {
            #expect(error.description.contains("ends of words"))
        }
    }
}
