import FileAccess
import LinearAlgebra
import TestSupport
import Testing

@testable import WordEmbeddings

struct BoundedVocabularyTests {
    /// Many different words, some of them often.
    static func text(lines: Int, seed: UInt64 = 3) -> String {
        var random = Philox(seed: seed)
        return (0..<lines).map { _ in
            (0..<8).map { _ in
                let place = random.nextUniform()
                return place < 0.4 ? "w\(Int(1 / (place + 0.001)))" : "rare\(random.next32() % 60_000)"
            }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    private func configuration(_ change: (inout Word2Vec.Configuration) -> Void = { _ in }) -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.minCount = 2
        change(&configuration)
        return configuration
    }

    /// 64 threads share the least memory, so that each spills its counts many times.
    @Test("counts that went to a file give the same vocabulary", arguments: [nil, 1, 500, 40_000] as [Int?])
    func spilled(limit: Int?) throws {
        let folder = try TestFolder()
        let text = Self.text(lines: 40_000)
        let path = try folder.write("corpus.txt", text)
        let all = try Corpus(path: path).prepare(configuration { $0.maxVocabulary = limit.map { max(2, $0) } })
        func bounded(_ corpus: Corpus) throws -> PreparedCorpus {
            try corpus.prepare(
                configuration {
                    $0.maxVocabulary = limit.map { max(2, $0) }
                    $0.maxMemory = 1 << 24
                    $0.threads = 64
                })
        }
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        for corpus in [
            Corpus(path: path), Corpus(path: try folder.write("corpus.gz", Gzip.compress(Array(text.utf8)))),
            Corpus(sentences: lines),
        ] {
            let other = try bounded(corpus)
            #expect(other.vocabulary.words == all.vocabulary.words)
            #expect(other.vocabulary.counts == all.vocabulary.counts)
            #expect(other.distinctWords == all.distinctWords && other.wordsInText == all.wordsInText)
            #expect(other.wordsInVocabulary == all.wordsInVocabulary)
            if limit == nil { #expect(sentences(other) == sentences(all)) }
        }
    }

    @Test("runs add up as a dictionary does", arguments: 0..<20 as Range<UInt64>)
    func runs(seed: UInt64) throws {
        var random = Philox(seed: seed)
        let runs = CountRuns()
        #expect(runs.isEmpty)
        var expected: [String: Int] = [:]
        for _ in 0..<Int(random.next32() % 9) {
            var counter = WordCounter()
            for _ in 0..<Int(random.next32() % 50) {
                let word = String(repeating: "ab\u{E9}", count: Int(random.next32() % 3)) + "\(random.next32() % 30)"
                Array(word.utf8).withUnsafeBufferPointer { _ = counter.add($0, occurrences: 3) }
                expected[word, default: 0] += 3
            }
            runs.add(counter)
        }
        var merged: [(String, Int)] = []
        try runs.merge { merged.append((String(decoding: $0, as: UTF8.self), $1)) }
        #expect(merged.map(\.0) == expected.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        for (word, count) in merged { #expect(expected[word] == count) }
    }

    @Test("a vocabulary that does not fit is refused, and says what to do")
    func tooLarge() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", (0..<400_000).map { "word\($0)" }.joined(separator: "\n"))
        let error = #expect(throws: WordEmbeddingError.self) {
            try Corpus(path: path).prepare(
                configuration {
                    $0.minCount = 1
                    $0.maxMemory = 1 << 24
                })
        }
        #expect(error?.description.contains("raise the minimum count") == true)
        let limited = try Corpus(path: path).prepare(
            configuration {
                $0.minCount = 1
                $0.maxMemory = 1 << 24
                $0.maxVocabulary = 1000
            })
        #expect(limited.vocabulary.count == 1000 && limited.vocabulary[0] == "word0")
    }

    @Test("a given vocabulary is used as it is")
    func fixed() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", "b a b\nc b x a\n")
        let known = Vocabulary(words: ["c", "a", "b", "unseen", "rare"], counts: [70, 80, 70, 9, 1])
        for name in ["corpus.txt", "corpus.gz"] {
            if name == "corpus.gz" { try folder.write(name, Gzip.compress(Array("b a b\nc b x a\n".utf8))) }
            let corpus = try Corpus(path: path.replacing("corpus.txt", with: name))
                .prepare(configuration(), vocabulary: .fixed(known))
            #expect(corpus.vocabulary.words == ["a", "c", "b", "unseen"], "by count, equal ones as they stood")
            #expect(corpus.vocabulary.counts == [80, 70, 70, 9])
            #expect(corpus.wordsInText == 7 && corpus.wordsInVocabulary == 6)
            #expect(sentences(corpus) == [["b", "a", "b"], ["c", "b", "a"]])
        }
        let none = #expect(throws: WordEmbeddingError.self) {
            try Corpus(path: folder.write("other.txt", "x y z\n")).prepare(configuration(), vocabulary: .fixed(known))
        }
        #expect(none?.description.contains("given vocabulary") == true)
        #expect(throws: WordEmbeddingError.self) {
            try Corpus(path: path).prepare(configuration(), vocabulary: .fixed(Vocabulary(words: ["a", "b"])))
        }
    }

    @Test("an earlier vocabulary keeps its words and gets new ones", arguments: [nil, 1 << 24] as [Int?])
    func extended(maxMemory: Int?) throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", "new b new\nb once\nother other other\n")
        let earlier = Vocabulary(words: ["a", "b"], counts: [5, 3])
        func prepare(_ limit: Int?) throws -> PreparedCorpus {
            try Corpus(path: path).prepare(
                configuration {
                    $0.maxMemory = maxMemory
                    $0.maxVocabulary = limit
                }, vocabulary: .extending(earlier))
        }
        let corpus = try prepare(nil)
        #expect(corpus.vocabulary.words == ["a", "b", "other", "new"])
        #expect(corpus.vocabulary.counts == [5, 5, 3, 2])
        #expect(corpus.wordsInVocabulary == 7 && corpus.distinctWords == 4)
        #expect(try prepare(3).vocabulary.words == ["a", "b", "other"])
        #expect(try prepare(2).vocabulary.words == ["a", "b"])
    }

    @Test("stop words are left out, cut and put into lower case as the text is")
    func stopWords() throws {
        let folder = try TestFolder()
        let path = try folder.write("corpus.txt", "The cat, the dog. The end\n")
        let corpus = try Corpus(path: path).prepare(
            configuration {
                $0.minCount = 1
                $0.lowercase = true
                $0.tokenizer = .unicode
                $0.stopWords = ["THE!", "end"]
            })
        #expect(corpus.vocabulary.words == ["cat", "dog"])
        #expect(corpus.wordsInText == 6 && corpus.wordsInVocabulary == 2)
    }

    @Test("text without blanks is named as the reason when no word is frequent")
    func unsegmentedWithoutWords() throws {
        let folder = try TestFolder()
        let text = (0..<60).map { "吾輩は猫である名前はまだ\($0)番\n" }.joined()
        let error = #expect(throws: WordEmbeddingError.self) {
            try Corpus(path: folder.write("corpus.txt", text)).prepare(configuration())
        }
        #expect(error?.description.contains("mecab -O wakati") == true)
    }

    @Test("text without blanks between its words is noticed")
    func unsegmented() throws {
        let folder = try TestFolder()
        let sentence = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"
        let cut = "吾輩 は 猫 で ある 。 名前 は まだ 無い 。 どこ で 生れ た か とんと 見当 が つか ぬ 。"
        for (text, tokenizer, expected) in [
            (sentence, .whitespace, true), (sentence, .unicode, true), (cut, .whitespace, false),
            (cut, .unicode, false), ("plain English text", .whitespace, false),
        ] as [(String, TokenizerKind, Bool)] {
            let path = try folder.write("corpus.txt", String(repeating: "\(text)\n犬も歩けば 犬も歩けば\n", count: 40))
            let corpus = try Corpus(path: path).prepare(configuration { $0.tokenizer = tokenizer })
            #expect(corpus.looksUnsegmented == expected, "\(text) \(tokenizer)")
        }
    }
}
