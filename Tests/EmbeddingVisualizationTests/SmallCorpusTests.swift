import EmbeddingVisualization
import Foundation
import Testing

/// The whole way from text to map on the generated corpus of this repository.
@Suite struct SmallCorpusTests {
    /// Share of each group word's 10 nearest group words on the map that are of its group, as corpora/README.md
    /// defines it.
    private func purity(_ map: Matrix, _ words: [String], _ groups: [String: String]) -> Double {
        let chosen = words.indices.filter { groups[words[$0]] != nil }
        var same = 0
        for word in chosen {
            let nearest = chosen.filter { $0 != word }.map { other in
                (zip(map.row(word), map.row(other)).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }, other)
            }.sorted { $0 < $1 }.prefix(10)
            same += nearest.filter { groups[words[$0.1]] == groups[words[word]] }.count
        }
        return Double(same) / Double(10 * chosen.count)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func groupsOfWordsStandTogetherOnTheMap(seed: UInt64) throws {
        let groups = Dictionary(
            uniqueKeysWithValues: try Repository.text("corpora/small-groups.tsv").split(separator: "\n").map { line in
                let fields = line.split(separator: "\t")
                return (String(fields[0]), String(fields[1]))
            })
        let vectors = try Word2Vec.Builder().iterate(Corpus(path: Repository.path("corpora/small.txt"))).epochs(15)
            .seed(seed).build().fit()
        let tsne = BarnesHutTsne.Builder().seed(seed).build()
        let map = try tsne.fit(vectors.vectors, metric: .cosine)
        let words = vectors.vocabulary.words
        #expect(Set(groups.keys).isSubset(of: words))
        #expect(purity(map.coordinates, words, groups) >= 0.9)
    }
}
