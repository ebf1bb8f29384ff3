import FileAccess
import Foundation
import LinearAlgebra
import TestSupport
import Testing
import Training

@testable import WordEmbeddings

/// A text of 60 words, the k-th of which comes about 1/k as often as the first.
func zipfText(lines: Int, seed: UInt64 = 1) -> String {
    var random = Philox(seed: seed)
    return (0..<lines).map { _ in
        (0..<(3 + Int(random.next32() % 12))).map { _ in "w\(Int(1 / (random.nextUniform() + 1 / 60)))" }
            .joined(separator: " ")
    }.joined(separator: "\n")
}

/// All sentences as the trainer sees them.
func sentences(_ corpus: PreparedCorpus) -> [[String]] {
    var all: [[String]] = []
    for chunk in corpus.chunks {
        SentenceReader.withReader(of: chunk, corpus: corpus) { reader in
            var sentence: [UInt32] = []
            while reader.next(into: &sentence) { all.append(sentence.map { corpus.vocabulary[Int($0)] }) }
        }
    }
    return all
}

@Suite struct CorpusTests {
    private func configuration(_ change: (inout Word2Vec.Configuration) -> Void = { _ in }) -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.minCount = 1
        change(&configuration)
        return configuration
    }

    @Test(arguments: [1, 2, 3, 8]) func countsDoNotDependOnThreads(threads: Int) throws {
        let folder = try TestFolder()
        // More than one piece of 2 MiB, so that threads really share the work.
        let path = try folder.write("corpus.txt", zipfText(lines: 150_000))
        let corpus = try Corpus(path: path).prepare(configuration { $0.threads = threads })
        let single = try Corpus(path: path).prepare(configuration { $0.threads = 1 })
        #expect(corpus.vocabulary.words == single.vocabulary.words)
        #expect(corpus.vocabulary.counts == single.vocabulary.counts)
        #expect(corpus.wordsInText == single.wordsInText)
        let counts = try #require(corpus.vocabulary.counts)
        #expect(counts == counts.sorted(by: >), "the most frequent word comes first")
        #expect(counts.reduce(0, +) == corpus.wordsInText)
    }

    @Test func countsAreRight() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", "b a b\nc b a\n\nd\n")
        let corpus = try Corpus(path: path).prepare(configuration())
        #expect(corpus.vocabulary.words == ["b", "a", "c", "d"], "equal counts in the order of their bytes")
        #expect(corpus.vocabulary.counts == [3, 2, 1, 1])
        #expect(sentences(corpus) == [["b", "a", "b"], ["c", "b", "a"], ["d"]])
        let frequent = try Corpus(path: path).prepare(configuration { $0.minCount = 2 })
        #expect(frequent.vocabulary.words == ["b", "a"])
        #expect(sentences(frequent) == [["b", "a", "b"], ["b", "a"]])
        #expect(frequent.distinctWords == 4 && frequent.wordsInText == 7 && frequent.wordsInVocabulary == 5)
        let limited = try Corpus(path: path).prepare(configuration { $0.maxVocabulary = 3 })
        #expect(limited.vocabulary.words == ["b", "a", "c"])
    }

    /// gzip, several files and sentences from a program give what the plain file gives.
    @Test func everySourceGivesTheSameText() throws {
        let folder = try TestFolder()
        let text = zipfText(lines: 5_000)
        let plain = try Corpus(path: folder.write("corpus.txt", text)).prepare(configuration())
        let packed = try Corpus(path: folder.write("corpus.gz", Gzip.compress(Array(text.utf8)))).prepare(
            configuration())
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let program = try Corpus(sentences: lines).prepare(configuration())
        let half = text.index(
            after: try #require(text[text.index(text.startIndex, offsetBy: 9_000)...].firstIndex(of: "\n")))
        let two = try Corpus(paths: [
            folder.write("one.txt", String(text[..<half])), folder.write("two.txt", String(text[half...])),
        ]).prepare(configuration())
        for other in [packed, program, two] {
            #expect(other.vocabulary.words == plain.vocabulary.words)
            #expect(other.vocabulary.counts == plain.vocabulary.counts)
            #expect(sentences(other) == sentences(plain))
        }
        #expect(sentences(plain) == lines)
    }

    @Test func longLinesAreCutIntoSentences() throws {
        let folder = try TestFolder()
        let path = try folder.write("line.txt", String(repeating: "a b c ", count: 100_000))
        let corpus = try Corpus(path: path).prepare(configuration())
        let all = sentences(corpus)
        #expect(all.map(\.count).max() ?? 0 <= SentenceReader.longestSentence)
        #expect(all.flatMap { $0 }.count == 300_000)
    }

    @Test func wordsOfManyBytesAreLeftOutAndCounted() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", "a b " + String(repeating: "x", count: 70_000) + " a")
        let corpus = try Corpus(path: path).prepare(configuration())
        #expect(corpus.overlongWords == 1 && corpus.wordsInText == 3)
    }

    @Test func invalidUTF8IsCounted() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", [0x61, 0xFF, 0x20, 0x62, 0x20, 0xFE, 0xFE])
        let corpus = try Corpus(path: path).prepare(configuration())
        #expect(corpus.invalidSequences == 3)
        #expect(Set(corpus.vocabulary.words) == ["a\u{FFFD}", "b", "\u{FFFD}\u{FFFD}"])
    }

    struct BadText: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var message: String
    }

    @Test(arguments: [
        BadText(testDescription: "empty", bytes: [], message: "expected words, found none"),
        BadText(
            testDescription: "white space", bytes: Array(" \n\t\u{3000}\n".utf8), message: "expected words, found none"),
        BadText(testDescription: "one word", bytes: Array("word word".utf8), message: "at least two different words"),
        BadText(
            testDescription: "NUL", bytes: Array("ab c\0d".utf8),
            message: "byte 4: expected UTF-8 text, found a NUL byte"),
        BadText(testDescription: "UTF-16", bytes: [0xFF, 0xFE, 0x61, 0x00], message: "UTF-16"),
        BadText(testDescription: "UTF-16 big-endian", bytes: [0xFE, 0xFF, 0x00, 0x61], message: "UTF-16"),
        BadText(testDescription: "damaged gzip", bytes: [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8], message: "gzip"),
    ]) func badTextIsRefusedWithItsPlace(bad: BadText) throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", bad.bytes)
        do {
            _ = try Corpus(path: path).prepare(configuration())
            Issue.record("accepted")
        } catch {
            #expect("\(error)".contains(bad.message) && "\(error)".contains("corpus.txt"), "\(error)")
        }
    }

    @Test func rareWordsOnlyAreRefused() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", "a b c d")
        #expect(throws: WordEmbeddingError.self) {
            try Corpus(path: path).prepare(configuration { $0.minCount = 2 })
        }
    }

    @Test func missingFilesAndDirectoriesAreRefused() throws {
        let folder = try TestFolder()
        #expect(throws: FileError.self) { try Corpus(path: folder.path + "/none").prepare(configuration()) }
        #expect(throws: FileError.self) { try Corpus(path: folder.path).prepare(configuration()) }
    }

    @Test func countsAreThoseOfWordsMetOneByOne() throws {
        var random = Philox(seed: 4)
        var bytes: [UInt8] = []
        for number in 0..<60_000 {
            bytes += Array("w\(random.next32() % 9_000)".utf8)
            switch random.next32() % 8 {
            case 0: bytes += [0xFF, UInt8(0x80 + random.next32() % 64)]
            case 1: bytes += Array("long enough for a hash \u{E9}t\u{E9}".replacing(" ", with: "_").utf8)
            default: break
            }
            bytes += number % 20 == 0 ? [0x0A] : Array([" ", "\t", "\u{3000}"][Int(random.next32() % 3)].utf8)
        }
        let folder = try TestFolder()
        let prepared = try Corpus(path: folder.write("t", bytes)).prepare(configuration())
        var expected: [[UInt8]: Int] = [:]
        var invalid = 0
        bytes.withUnsafeBufferPointer { bytes in
            var tokenizer = Tokenizer(bytes: bytes, range: 0..<bytes.count, lowercase: false)
            reading: while true {
                switch tokenizer.next() {
                case .word(let word): expected[Array(word), default: 0] += 1
                case .endOfLine: continue
                case .endOfText: break reading
                }
            }
            invalid = tokenizer.invalidSequences
        }
        let counts = try #require(prepared.vocabulary.counts)
        #expect(counts.count == expected.count && expected.count > 5_000)
        for (number, count) in counts.enumerated() {
            #expect(expected[Array(prepared.vocabulary[number].utf8)] == count)
        }
        #expect(prepared.wordsInText == 60_000 && prepared.invalidSequences == invalid && invalid > 5_000)
    }

    @Test func waitingForAPipeEndsWhenCancelled() throws {
        let folder = try TestFolder()
        #expect(mkfifo(folder["pipe"], 0o600) == 0)
        let cancellation = Cancellation()
        cancellation.cancel()
        // Nobody ever writes to it.
        #expect(throws: CancellationError.self) {
            try Corpus(path: folder["pipe"]).prepare(configuration(), cancellation: cancellation)
        }
    }

    @Test func cancellationStopsReading() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", zipfText(lines: 100))
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: CancellationError.self) {
            try Corpus(path: path).prepare(configuration(), cancellation: cancellation)
        }
    }
}
