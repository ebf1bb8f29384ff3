import LinearAlgebra
import TestSupport
import Testing

@testable import WordEmbeddings

/// The figures are gensim 4.4's for the same vectors, pairs and questions:
///
///     words = list(dict.fromkeys(f"W{i // 2}" if i % 2 else f"w{i // 2 + i % 3}" for i in range(60)))
///     kv = gensim.models.KeyedVectors(4)
///     kv.add_vectors(words, numpy.array([[((i * 37 + j * 101 + i * i * (j + 2)) % 23 - 11) / 8 for j in range(4)]
///                                        for i in range(len(words))], numpy.float32))
///     pairs: f"w{i}\tW{(i * 5 + 2) % 33}\t{i * 7 % 11}\n" for i in range(33)
///     questions, 200 in each section: f"w{i % 31} W{i * 3 % 31} w{i * i % 33} w{(i * 7 + i // 31) % 31}\n"
///         for i in range(600)
///     kv.evaluate_word_pairs(pairs, **options); kv.evaluate_word_analogies(questions, **options)
struct EvaluationTests {
    let files: TestFolder
    let pairs: WordPairs
    let questions: AnalogyQuestions

    init() throws {
        files = try TestFolder()
        pairs = try WordPairs(
            path: files.write(
                "pairs",
                "# comment\nWord 1\tWord 2\tjudgement\n\n"
                    + (0..<33).map { "w\($0)\tW\(($0 * 5 + 2) % 33)\t\($0 * 7 % 11)\n" }.joined()))
        let lines = (0..<600).map { i in
            (i % 200 == 0 ? ": part \(i / 200)\n" : "")
                + "w\(i % 31) W\(i * 3 % 31) w\(i * i % 33) w\((i * 7 + i / 31) % 31)\n"
        }
        questions = try AnalogyQuestions(path: files.write("questions", lines.joined()))
    }

    static let table: WordVectors = {
        var words: [String] = []
        for i in 0..<60 {
            let word = i % 2 == 1 ? "W\(i / 2)" : "w\(i / 2 + i % 3)"
            if !words.contains(word) { words.append(word) }
        }
        return vectors(
            words.enumerated().map { i, word in
                (word, (0..<4).map { j in Float((i * 37 + j * 101 + i * i * (j + 2)) % 23 - 11) / 8 })
            })
    }()

    struct Golden: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var options = EvaluationOptions()
        let pearson: Double
        let spearman: Double
        let unknownShare: Double
        let correct: [Int]
        let asked: [Int]

        init(
            _ name: String, _ change: (inout EvaluationOptions) -> Void, _ pearson: Double, _ spearman: Double,
            _ unknownShare: Double, correct: [Int], asked: [Int]
        ) {
            testDescription = name
            (self.pearson, self.spearman, self.unknownShare) = (pearson, spearman, unknownShare)
            (self.correct, self.asked) = (correct, asked)
            change(&options)
        }
    }

    static let golden = [
        Golden(
            "defaults", { _ in }, 0.0654729306804606, 0.041301156667847186, 4 / 33.0, correct: [6, 6, 0],
            asked: [176, 176, 176]),
        Golden(
            "case-sensitive", { $0.isCaseSensitive = true }, 0.7405856457209367, 0.7696969696969697, 23 / 33.0,
            correct: [0, 1, 0], asked: [12, 12, 9]),
        Golden(
            "unknown ones count", { $0.countsUnknown = true }, 0.05663362529729092, 0.06144571547604024, 4 / 33.0,
            correct: [6, 6, 0], asked: [200, 200, 200]),
        Golden(
            "20 words", { $0.vocabularyLimit = 20 }, 0.05138265649081012, 0.01801874925391118, 26 / 33.0,
            correct: [0, 3, 0], asked: [19, 14, 17]),
    ]

    @Test("the figures are gensim's", arguments: golden)
    func gensim(golden: Golden) throws {
        let similar = try Self.table.evaluate(pairs, options: golden.options)
        #expect(abs(similar.pearson - golden.pearson) < 1e-6)
        #expect(abs(similar.spearman - golden.spearman) < 1e-6)
        #expect(Double(similar.unknown) == golden.unknownShare * 33)
        let completed = Self.table.evaluate(questions, options: golden.options)
        #expect(completed.sections.map(\.name) == ["part 0", "part 1", "part 2"])
        #expect(completed.sections.map(\.correct) == golden.correct)
        #expect(completed.sections.map(\.asked) == golden.asked)
        #expect(completed.accuracy == Double(golden.correct.reduce(0, +)) / Double(golden.asked.reduce(0, +)))
    }

    @Test("lines that are no pair or question are told, not guessed at")
    func skipped() throws {
        #expect(pairs.pairs.count == 33 && pairs.skippedLines == [2])
        let blanks = try WordPairs(path: files.write("p", "a b 1\r\nc\td\t2.5\r\na b c d\n a  b 3\nx\ty\tnan\n"))
        #expect(
            blanks.pairs == [
                .init("a", "b", score: 1), .init("c", "d", score: 2.5), .init("a", "b", score: 3),
            ])
        #expect(blanks.skippedLines == [3, 5])
        let odd = try AnalogyQuestions(path: files.write("q", ": x y\na b c\n\na b c d\n: empty\n"))
        #expect(
            odd.sections == [
                .init(name: "x y", questions: [.init("a", "b", "c", answer: "d")]), .init(name: "empty", questions: []),
            ])
        #expect(odd.skippedLines == [2])
    }

    @Test(
        "files without what is asked for are refused with the place",
        arguments: [
            ("a b\n", "line 1"), ("", "byte 0"), ("# only\n", "the whole file"), ("a\tb\tc\n", "line 1"),
        ])
    func refusedPairs(text: String, place: String) throws {
        let path = try files.write("p", text)
        let error = #expect(throws: WordEmbeddingError.self) { try WordPairs(path: path) }
        #expect(error?.description.contains(place) == true)
    }

    @Test(
        "questions need a heading, and there must be some",
        arguments: [
            ("a b c d\n", "line 1"), (": x\na b c\n", "line 2"), (": x\n", "the whole file"),
        ])
    func refusedQuestions(text: String, place: String) throws {
        let path = try files.write("q", text)
        let error = #expect(throws: WordEmbeddingError.self) { try AnalogyQuestions(path: path) }
        #expect(error?.description.contains(place) == true)
    }

    @Test("two pairs must be known")
    func tooFew() throws {
        let pairs = WordPairs([.init("w0", "W0", score: 1), .init("x", "w0", score: 2)])
        #expect(throws: WordEmbeddingError.self) { try Self.table.evaluate(pairs) }
    }

    @Test("equal numbers share their rank")
    func ranks() {
        #expect(Correlation.ranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4])
        #expect(Correlation.spearman([1, 2, 3], [10, 100, 1000]) == 1)
        #expect(Correlation.pearson([1, 1], [1, 2]).isNaN)
    }
}
