import FileAccess
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import WordEmbeddings

extension FuzzTarget {
    /// A training that may go on from the file, or must say why not.
    static let checkpoint = words(
        "checkpoint", seeds: (try? savedCheckpoints()) ?? [], repair: repairedModel, damage: changedCheckpoint,
        read: { path, files in
            let header = try ModelPlan(MappedFile(path: path)).header
            let found = header.configuration?.configuration
            // The trainer that it is of, or the first.
            let isValidated = header.checkpoint?.course != nil
            let kind = Kind.allCases.first { found.map($0.fits) ?? false && $0.isValidated == isValidated }
            let folder = try TestFolder()
            try folder.write("checkpoint.w2v", try files.bytes("fuzz"))
            var checkpoints = Checkpoints(folder: folder.path)
            checkpoints.interval = .words(1 << 40)
            checkpoints.resumes = true
            let word2vec = (kind ?? .rotation).word2vec()
            word2vec.setCheckpoints(checkpoints)
            try ask(try word2vec.fit(resumedText()))
        })

    /// The trainings that leave checkpoints of their own kinds.
    private enum Kind: CaseIterable {
        case rotation, racing, validated, path, bag

        var configuration: Word2Vec.Configuration {
            CheckpointTests.configuration {
                ($0.dimensions, $0.epochs, $0.threads, $0.chunkWords) = (4, 3, 1, 10_000)
                $0.deterministic = self == .rotation || self == .validated
                $0.hierarchicalSoftmax = self == .path
                $0.continuousBagOfWords = self == .bag
            }
        }

        var isValidated: Bool { self == .validated }

        func fits(_ other: Word2Vec.Configuration) -> Bool {
            let own = configuration
            return own.deterministic == other.deterministic && own.hierarchicalSoftmax == other.hierarchicalSoftmax
                && own.continuousBagOfWords == other.continuousBagOfWords
        }

        func word2vec() -> Word2Vec {
            let word2vec = Word2Vec(configuration: configuration)
            if isValidated {
                var evaluation = EpochEvaluation()
                evaluation.validation = Corpus(sentences: neighborSentences(10, words: 20))
                word2vec.setEvaluation(evaluation)
            }
            return word2vec
        }
    }

    private static func resumedText() throws -> PreparedCorpus {
        try Corpus(sentences: neighborSentences(60, words: 20)).prepare(Kind.rotation.configuration)
    }

    private static func savedCheckpoints() throws -> [[UInt8]] {
        try Kind.allCases.flatMap { kind in
            try [300, 1 << 40].map { words in
                let folder = try TestFolder()
                let word2vec = kind.word2vec()
                let canceller = Canceller(after: words)
                word2vec.setListeners(canceller)
                word2vec.setCheckpoints(Checkpoints(folder: folder.path))
                _ = try word2vec.fit(resumedText(), cancellation: canceller.cancellation)
                return try folder.bytes("checkpoint.w2v")
            }
        }
    }

    /// A checkpoint with other numbers in its tables or in its state, and the checksums that belong to it.
    @Sendable private static func changedCheckpoint(_ bytes: [UInt8], _ random: inout Philox) -> [UInt8]? {
        guard let files = try? TestFolder(), let path = try? files.write("m", bytes),
            let file = try? MappedFile(path: path), let plan = try? ModelPlan(file)
        else { return nil }
        var header = plan.header
        var sections = ModelLayout.Section.allCases.map { Array(bytes[plan.layout[$0]]) }
        for _ in 0...random.next32() % 2 {
            if random.next32() % 2 == 0 {
                let section = Int(random.next32()) % sections.count
                let size = sections[section].count
                guard size >= 4 else { continue }
                let place = Int(random.next32()) % (size / 4) * 4
                let bits = strangeBits[Int(random.next32()) % strangeBits.count]
                withUnsafeBytes(of: bits.littleEndian) {
                    sections[section].replaceSubrange(place..<place + 4, with: $0)
                }
            } else {
                change(&header, &random)
            }
        }
        header.checksums = sections.map { section in section.withUnsafeBytes { hex(XXH64.hash($0)) } }
        guard let json = try? JSONEncoder().encode(header) else { return nil }
        var changed = Array(bytes[..<12])
        withUnsafeBytes(of: UInt32(json.count).littleEndian) { changed.append(contentsOf: $0) }
        withUnsafeBytes(of: Array(json).withUnsafeBytes { XXH64.hash($0) }.littleEndian) {
            changed.append(contentsOf: $0)
        }
        changed += json
        for section in sections {
            changed += [UInt8](repeating: 0, count: (64 - changed.count % 64) % 64) + section
        }
        return changed
    }

    /// NaN, infinity, huge, tiny and plain numbers, and what is no float in particular.
    private static let strangeBits: [UInt32] = [
        0x7FC0_0000, 0x7F80_0000, 0xFF80_0000, 0x7F7F_FFFF, 0x5F00_0000, 1, 0x8000_0000, 0x3F80_0000, 0xBF80_0000,
        0xFFFF_FFFF, 19, 20,
    ]

    /// Changes one number of the state.
    private static func change(_ header: inout ModelHeader, _ random: inout Philox) {
        let numbers = [.min, -1, 0, 1, 2, 3, 60, 600, 1_800, .max - 1, .max]
        let number = numbers[Int(random.next32()) % numbers.count]
        switch random.next32() % 8 {
        case 0: header.checkpoint?.position = number
        case 1: header.checkpoint?.wordsDone = number
        case 2: header.checkpoint?.course?.epochsWithoutGain = number
        case 3: header.checkpoint?.course?.bestEpoch = number
        case 4: header.checkpoint?.course?.bestLoss = Double(number)
        case 5: header.checkpoint?.trainer = random.next32() % 2 == 0 ? .racing : .rotation
        case 6: header.wordsTrained = number
        default: header.occurrences = Double(number)
        }
    }
}
