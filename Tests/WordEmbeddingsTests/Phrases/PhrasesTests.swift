import FileAccess
import LinearAlgebra
import TestSupport
import Testing
import Training

@testable import WordEmbeddings

struct PhrasesTests {
    /// Random text of few words, where "new york" and some others stand together.
    static func text(lines: Int, seed: UInt64 = 5) -> [[String]] {
        var random = Philox(seed: seed)
        return (0..<lines).map { _ in
            (0..<Int(random.next32() % 12)).flatMap { _ -> [String] in
                let word = random.next32() % 200
                return word < 6 ? ["new", "york"] : word < 10 ? ["new", "york", "times"] : ["w\(word * word % 151)"]
            }
        }
    }

    /// What word2phrase does, written down plainly.
    static func joined(_ lines: [[String]], _ configuration: Phrases.Configuration) -> [[String]] {
        var words: [String: Int] = [:]
        var pairs: [[String]: Int] = [:]
        for line in lines {
            for word in line { words[word, default: 0] += 1 }
            for (one, other) in zip(line, line.dropFirst()) { pairs[[one, other], default: 0] += 1 }
        }
        let total = Double(lines.joined().count)
        func joins(_ one: String, _ other: String) -> Bool {
            let (pair, first, second) = (pairs[[one, other]] ?? 0, words[one] ?? 0, words[other] ?? 0)
            guard [pair, first, second].allSatisfy({ $0 >= configuration.minCount }) else { return false }
            return PhraseTable.score(Double(pair), Double(first), Double(second), total: total, configuration)
                > configuration.resolvedThreshold
        }
        return lines.map { line in
            var result: [String] = []
            var place = 0
            while place < line.count {
                if place + 1 < line.count, joins(line[place], line[place + 1]) {
                    result.append(line[place] + configuration.delimiter + line[place + 1])
                    place += 2
                } else {
                    result.append(line[place])
                    place += 1
                }
            }
            return result
        }
    }

    @Test(
        "phrases are word2phrase's, whatever the threads and the memory",
        arguments: [(1, 1 << 30), (3, 1 << 30), (64, 1 << 24)], [Phrases.Score.word2phrase, .npmi])
    func same(run: (threads: Int, memory: Int), score: Phrases.Score) throws {
        let files = try TestFolder()
        // Long enough for several pieces of 256 KiB, in which counts are made.
        let lines = Self.text(lines: 30_000)
        let path = try files.write("in.txt", lines.map { $0.joined(separator: " ") + "\n" }.joined())
        var configuration = Phrases.Configuration()
        configuration.score = score
        configuration.threshold = score == .npmi ? 0.4 : 8
        configuration.passes = 2
        (configuration.threads, configuration.maxMemory) = (run.threads, run.memory)
        let passes = try Phrases(configuration).write(Corpus(path: path), to: files["out.txt"])
        let once = Self.joined(lines, configuration)
        let twice = Self.joined(once, configuration)
        let expected = twice.map { $0.joined(separator: " ") + "\n" }.joined()
        #expect(try files.bytes("out.txt") == Array(expected.utf8))
        #expect(expected.contains("new_york_times") && passes.count == 2)
        #expect(passes[0].words == lines.joined().count && passes[1].words == once.joined().count)
        #expect(passes[0].joined == lines.joined().count - once.joined().count)
    }

    @Test("the scores are those of the papers")
    func scores() {
        var configuration = Phrases.Configuration()
        #expect(PhraseTable.score(25, 50, 40, total: 10_000, configuration) == 100)
        configuration.score = .npmi
        // p(ab) = 0.01, p(a) = 0.02, p(b) = 0.05: ln 10 / ln 100.
        #expect(abs(PhraseTable.score(100, 200, 500, total: 10_000, configuration) - 0.5) < 1e-12)
        // Always together: 1; as often as by chance: 0.
        #expect(abs(PhraseTable.score(100, 100, 100, total: 10_000, configuration) - 1) < 1e-12)
        #expect(abs(PhraseTable.score(1, 100, 100, total: 10_000, configuration)) < 1e-12)
    }

    @Test("long lines, gzip and running text")
    func inputs() throws {
        let files = try TestFolder()
        let line = String(repeating: "New York, ny! ", count: 90_000) + "\n\nlast"
        var configuration = Phrases.Configuration()
        configuration.threshold = 1
        configuration.lowercase = true
        configuration.tokenizer = .unicode
        configuration.delimiter = "+"
        let packed = try files.write("in.gz", Gzip.compress(Array(line.utf8)))
        try Phrases(configuration).write(Corpus(path: packed), to: files["out.gz"])
        try Phrases(configuration).write(
            Corpus(path: try files.write("in.txt", line)), to: files["out.txt"])
        let text = String(decoding: try files.bytes("out.txt"), as: UTF8.self)
        #expect(text.hasSuffix("\n\nlast\n") && text.contains("new+york ny"))
        #expect(
            text.replacing("+", with: " ") == String(repeating: "new york ny ", count: 90_000).dropLast() + "\n\nlast\n"
        )
        let unpacked = try ByteSource(path: files["out.gz"])
        try unpacked.fill(text.utf8.count + 1)
        #expect(try unpacked.withWindow { $0.elementsEqual(text.utf8) })
    }

    @Test("wrong values and files are refused, and nothing is written")
    func refusals() throws {
        let files = try TestFolder()
        let path = try files.write("in.txt", "a b\n")
        for change in [
            { $0.minCount = 0 }, { $0.passes = 0 }, { $0.delimiter = " " }, { $0.delimiter = "" },
            { $0.maxMemory = 1 }, { $0.threshold = .nan },
            {
                $0.score = .npmi
                $0.threshold = 2
            },
        ] as [(inout Phrases.Configuration) -> Void] {
            var configuration = Phrases.Configuration()
            change(&configuration)
            #expect(throws: WordEmbeddingError.self) {
                try Phrases(configuration).write(Corpus(path: path), to: files["out.txt"])
            }
        }
        let null = try files.write("null", [0x61, 0, 0x62])
        #expect(throws: WordEmbeddingError.self) { try Phrases().write(Corpus(path: null), to: files["out.txt"]) }
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: CancellationError.self) {
            try Phrases().write(Corpus(path: path), to: files["out.txt"], cancellation: cancellation)
        }
        #expect(try files.files == ["in.txt", "null"])
    }
}
