import LinearAlgebra
import Testing
import WordEmbeddings

struct QueryTests {
    static let table = vectors([
        ("east", [1, 0]), ("north", [0, 2]), ("northeast", [3, 3]), ("west", [-0.5, 0]), ("nowhere", [0, 0]),
        ("huge", [3e38, 3e38]), ("tiny", [.leastNonzeroMagnitude, 0]),
    ])

    @Test("cosines, whatever the lengths")
    func similarity() throws {
        let root = Float(0.5).squareRoot()
        #expect(try Self.table.similarity("east", "north") == 0)
        #expect(try abs(Self.table.similarity("east", "northeast") - root) < 1e-6)
        #expect(try Self.table.similarity("east", "west") == -1)
        #expect(try Self.table.similarity("east", "nowhere") == 0)
        #expect(try Self.table.similarity("nowhere", "nowhere") == 0)
        #expect(try abs(Self.table.similarity("huge", "northeast") - 1) < 1e-6)
        #expect(try abs(Self.table.similarity("tiny", "east") - 1) < 1e-6)
    }

    @Test("the nearest come sorted, ties by number, without the word itself")
    func nearest() throws {
        let found = try Self.table.nearest(to: "east", count: 10)
        #expect(found.map(\.word) == ["tiny", "northeast", "huge", "north", "nowhere", "west"])
        #expect(found.map(\.number) == [6, 2, 5, 1, 4, 3])
        for answer in found {
            #expect(try abs(answer.similarity - Self.table.similarity("east", answer.word)) < 1e-6)
        }
        #expect(try Self.table.nearest(to: "east", count: 2) == Array(found.prefix(2)))
        #expect(try Self.table.nearest(to: "east", count: 0).isEmpty)
        #expect(try Self.table.nearest(to: "east", count: -3).isEmpty)
    }

    @Test("a zero vector has the similarity 0 with all")
    func zero() throws {
        let found = try Self.table.nearest(to: "nowhere", count: 10)
        #expect(found.map(\.similarity) == [0, 0, 0, 0, 0, 0])
        #expect(found.map(\.number) == [0, 1, 2, 3, 5, 6])
    }

    @Test("identical vectors are sorted by number, however many are asked for", arguments: [1, 3, 49])
    func ties(count: Int) throws {
        let table = vectors((0..<50).map { ("w\($0)", [1, 2, 3]) })
        #expect(
            try table.nearest(to: "w7", count: count).map(\.number)
                == Array(((0..<50).filter { $0 != 7 }).prefix(count)))
    }

    @Test("analogies leave out the words asked with")
    func analogy() throws {
        let table = vectors([
            ("man", [1, 0, 0]), ("woman", [1, 1, 0]), ("king", [1, 0, 1]), ("queen", [1, 1, 1]), ("car", [-1, 0, 0]),
        ])
        let found = try table.nearest(positive: ["king", "woman"], negative: ["man"], count: 2)
        #expect(found.map(\.word) == ["queen", "car"])
        #expect(try table.nearest(positive: ["man"], count: 3) == table.nearest(to: "man", count: 3))
        #expect(try table.nearest(positive: [], negative: ["man"], count: 1).map(\.word) == ["car"])
    }

    @Test("against a plain computation on random vectors", arguments: [1, 8, 50, 101])
    func plain(columns: Int) throws {
        var random = Philox(seed: 5)
        let rows = (0..<3000).map { ("w\($0)", (0..<columns).map { _ in random.nextUniform() - 0.5 }) }
        let table = vectors(rows)
        let query = rows[17].1
        func cosine(_ one: [Float], _ other: [Float]) -> Double {
            let dot = zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            let squares = [one, other].map { $0.reduce(0) { $0 + Double($1) * Double($1) } }
            return dot / (squares[0] * squares[1]).squareRoot()
        }
        let found = try table.nearest(to: query, count: 20)
        let expected = rows.map { cosine($0.1, query) }.sorted(by: >).prefix(20)
        for (answer, cosine) in zip(found, expected) { #expect(abs(Double(answer.similarity) - cosine) < 1e-5) }
        #expect(found.map(\.similarity) == found.map(\.similarity).sorted(by: >))
        if columns > 1 { #expect(found[0].word == "w17") }
        #expect(table.vectors.elements == rows.flatMap(\.1))
    }

    @Test("unknown words and wrong vectors are errors")
    func errors() throws {
        let table = Self.table
        #expect(throws: WordEmbeddingError.unknownWord("x")) { try table.nearest(to: "x", count: 1) }
        #expect(throws: WordEmbeddingError.unknownWord("x")) { try table.similarity("east", "x") }
        #expect(throws: WordEmbeddingError.unknownWord("x")) {
            try table.nearest(positive: ["east"], negative: ["x"], count: 1)
        }
        #expect(throws: WordEmbeddingError.self) { try table.nearest(positive: [], count: 1) }
        #expect(throws: WordEmbeddingError.self) { try table.nearest(to: [1, 2, 3], count: 1) }
        #expect(throws: WordEmbeddingError.self) { try table.nearest(to: [1, .nan], count: 1) }
    }

    @Test("many questions at once get the answers of each", arguments: [1, 3, 4, 30, 300], [1, 20, 5000])
    func batches(queries: Int, count: Int) throws {
        let table = Self.random(rows: 5000, columns: 13, seed: 2)
        let words = (0..<queries).map { "w\($0 * 16)" }
        let found = try table.nearest(toEach: words, count: count)
        #expect(found.count == queries)
        for (place, word) in words.enumerated() where place % 50 == 0 {
            #expect(found[place] == (try table.nearest(to: word, count: count)))
        }
        let rows = Matrix(rows: queries, columns: 13, elements: words.flatMap { table[$0] ?? [] })
        let byVector = try table.nearest(toEach: rows, count: min(count, 3))
        for (place, word) in words.enumerated() { #expect(byVector[place].first?.word == word) }
    }

    @Test("extreme lengths and equal directions in a batch are as in one question")
    func extremeBatch() throws {
        let words = Self.table.vocabulary.words
        let found = try Self.table.nearest(toEach: words, count: 10)
        for (word, answers) in zip(words, found) { #expect(answers == (try Self.table.nearest(to: word, count: 10))) }
        let same = vectors((0..<3000).map { ("w\($0)", [1, 2, Float($0 % 2) * 1e-9 + 3]) })
        for answers in try same.nearest(toEach: (0..<5).map { "w\($0)" }, count: 7) {
            #expect(answers.allSatisfy { $0.similarity == 1 && $0.number < 8 })
            #expect(answers.map(\.number) == answers.map(\.number).sorted())
        }
    }

    @Test("3CosMul against its formula")
    func multiplied() throws {
        let table = Self.random(rows: 2000, columns: 20, seed: 9)
        let found = try table.nearest(positive: ["w1", "w2"], negative: ["w3"], count: 5, method: .multiply)
        func similarity(_ one: String, _ other: String) throws -> Double {
            (1 + Double(try table.similarity(one, other))) / 2
        }
        let scores = try (0..<2000).filter { ![1, 2, 3].contains($0) }.map { number in
            let word = "w\(number)"
            let product = try similarity(word, "w1") * similarity(word, "w2")
            return (word, product / (try similarity(word, "w3") + 1e-6))
        }.sorted { $0.1 > $1.1 }
        #expect(found.map(\.word) == scores.prefix(5).map(\.0))
        for (answer, score) in zip(found, scores) { #expect(abs(Double(answer.similarity) - score.1) < 1e-5 * score.1) }
        let ties = vectors((0..<99).map { ("w\($0)", [1, 2, 3, 4]) })
        #expect(
            try ties.nearest(positive: ["w5"], count: 3, method: .multiply).map(\.number) == [0, 1, 2])
    }

    @Test("the rank counts the words that are nearer")
    func rank() throws {
        let table = Self.random(rows: 3000, columns: 7, seed: 4)
        let nearest = try table.nearest(to: "w8", count: 2999)
        for place in [0, 1, 17, 2998] {
            #expect(try table.rank(of: nearest[place].word, from: "w8") == place + 1)
        }
        #expect(try table.rank(of: "w8", from: "w8") == 1)
        let ties = vectors((0..<40).map { ("w\($0)", $0 < 3 ? [1, 0] : [1, 1]) })
        #expect(try ties.rank(of: "w2", from: "w0") == 1)
        #expect(try ties.rank(of: "w39", from: "w0") == 3)
    }

    @Test("the odd one out")
    func oddOne() throws {
        let table = vectors([
            ("breakfast", [1, 0.2]), ("lunch", [5, 0.9]), ("dinner", [0.1, 0]), ("lorry", [0.1, 9]),
        ])
        #expect(try table.doesntMatch(["breakfast", "lorry", "lunch", "dinner"]) == "lorry")
        #expect(try table.doesntMatch(["lunch", "lunch", "lunch"]) == "lunch")
        #expect(throws: WordEmbeddingError.self) { try table.doesntMatch(["lunch", "lorry"]) }
        #expect(throws: WordEmbeddingError.self) { try table.doesntMatch(["lunch", "lorry", "x"]) }
    }

    @Test("means, with and without weights and lengths")
    func mean() throws {
        let table = vectors([("a", [3, 4]), ("b", [0, -2])])
        #expect(try table.mean(of: ["a", "b"]) == [0.3, -0.1])
        #expect(try table.mean(of: ["a", "b"], unitLength: false) == [1.5, 1])
        #expect(try table.mean(of: ["a", "b"], weights: [1, -3], unitLength: false) == [0.75, 2.5])
        #expect(throws: WordEmbeddingError.self) { try table.mean(of: []) }
        #expect(throws: WordEmbeddingError.self) { try table.mean(of: ["a"], weights: [0]) }
        #expect(throws: WordEmbeddingError.self) { try table.mean(of: ["a"], weights: [1, 2]) }
        #expect(throws: WordEmbeddingError.self) { try table.mean(of: ["a"], weights: [.nan]) }
    }

    @Test("a sub-table keeps the order asked for, a normalised copy the directions")
    func copies() throws {
        let table = vectors(
            [("a", [3, 4]), ("b", [0, -2]), ("zero", [0, 0]), ("tiny", [0, .leastNonzeroMagnitude])],
            counts: [9, 8, 7, 6])
        let part = try table.subTable(of: ["tiny", "a"])
        #expect(part.vocabulary.words == ["tiny", "a"] && part.vocabulary.counts == [6, 9])
        #expect(part.vectors.elements == [0, .leastNonzeroMagnitude, 3, 4])
        #expect(throws: WordEmbeddingError.self) { try table.subTable(of: ["a", "x"]) }
        let unit = table.normalized()
        #expect(unit.vectors.elements == [0.6, 0.8, 0, -1, 0, 0, 0, 1])
        #expect(table.vectors.elements == [3, 4, 0, -2, 0, 0, 0, .leastNonzeroMagnitude])
        #expect(unit.vocabulary.counts == [9, 8, 7, 6])
    }

    @Test(
        "unknown words come with near spellings",
        arguments: [
            ("knig", ["king"]), ("King", ["king"]), ("kin", ["king"]), ("queeen", ["queen"]),
            ("Äther", ["äther"]),
            ("東亰都", ["東京都"]), ("xylophone", []), ("", []), ("qeuen", ["queen"]), ("k", ["a"]),
        ])
    func suggestions(word: String, expected: [String]) throws {
        let table = vectors(["a", "king", "queen", "ink", "äther", "東京都", "kings-road"].map { ($0, [1]) })
        let error = #expect(throws: WordEmbeddingError.self) { try table.nearest(to: word, count: 1) }
        #expect(error == .unknownWord(word, suggestions: expected))
        #expect(error?.description.contains("near spellings") == !expected.isEmpty)
    }

    static func random(rows: Int, columns: Int, seed: UInt64) -> WordVectors {
        var random = Philox(seed: seed)
        return vectors((0..<rows).map { ("w\($0)", (0..<columns).map { _ in random.nextUniform() - 0.5 }) })
    }
}
