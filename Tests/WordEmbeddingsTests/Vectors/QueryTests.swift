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
}
