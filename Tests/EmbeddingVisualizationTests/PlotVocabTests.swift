import EmbeddingVisualization
import Foundation
import TestSupport
import Testing

@Suite struct PlotVocabTests {
    /// Words of three groups around three directions.
    private func vectors(_ count: Int) -> WordVectors {
        var random = Philox(seed: 4)
        let elements = (0..<count * 6).map { index -> Float in
            (index % 6 == index / 6 % 3 ? 1 : 0) + 0.2 * random.nextUniform()
        }
        return WordVectors(
            vocabulary: Vocabulary(words: (0..<count).map { "word,\($0)" }, counts: (0..<count).map { count - $0 }),
            vectors: Matrix(rows: count, columns: 6, elements: elements))
    }

    /// The chain of DL4J's page, with `try` as the only addition; run in a folder of its own, as it writes into the
    /// working directory.
    @Test func theChainOfTheDL4JPage() throws {
        let folder = try TestFolder()
        let before = FileManager.default.currentDirectoryPath
        defer { _ = FileManager.default.changeCurrentDirectoryPath(before) }
        #expect(FileManager.default.changeCurrentDirectoryPath(folder.path))
        let vectors = vectors(90)

        let tsne = BarnesHutTsne.Builder()
            .setMaxIter(1000)
            .stopLyingIteration(250)
            .learningRate(500)
            .useAdaGrad(false)
            .theta(0.5)
            .setMomentum(0.5)
            .normalize(true)
            .usePca(false)
            .build()
        try vectors.lookupTable().plotVocab(tsne)

        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == ["vocabulary.csv", "vocabulary.html"])
        let table = try String(contentsOfFile: folder.path + "/vocabulary.csv", encoding: .utf8)
        let lines = table.components(separatedBy: "\r\n")
        #expect(lines[0] == "word,x,y,rank,count" && lines[1].hasPrefix("\"word,0\",") && lines.count == 92)
    }

    @Test func wordsDestinationAndDimensionsCanBeChosen() throws {
        let folder = try TestFolder()
        let tsne = BarnesHutTsne.Builder().setMaxIter(50).build()
        let plot = try vectors(60).lookupTable().plotVocab(tsne, words: 30, to: folder.path + "/map", dimensions: 3)
        #expect(plot.vocabulary.count == 30 && plot.embedding.coordinates.rows == 30)
        #expect(plot.embedding.coordinates.columns == 3)
        #expect(plot.embedding.klDivergence >= 0 && plot.embedding.neighborsKept != nil)
        #expect(FileManager.default.fileExists(atPath: plot.htmlPath))
        let table = try String(contentsOfFile: plot.csvPath, encoding: .utf8)
        #expect(table.hasPrefix("word,x,y,z,rank,count\r\n"))
        #expect(throws: WordEmbeddingError.self) { try vectors(5).lookupTable().plotVocab(tsne, words: 0) }
    }

    @Test func saveAsFileQuotesItsLabels() throws {
        let folder = try TestFolder()
        let path = folder.path + "/map.csv"
        let tsne = BarnesHutTsne.Builder().setMaxIter(20).build()
        #expect(throws: TsneError.notFitted) { try tsne.saveAsFile([], path) }
        let map = try tsne.fit(Matrix(rows: 4, columns: 2, elements: [0, 0, 1, 0, 0, 1, 5, 5]))
        let labels = ["a,b", "\"", "=1+1", "漢字"]
        try tsne.saveAsFile(labels, path)
        let first = try String(contentsOfFile: path, encoding: .utf8)
        #expect(first.contains("\r\n\"a,b\",") && first.contains("\r\n\"\"\"\",") && first.contains("\r\n漢字,"))
        try map.saveAsFile(labels, path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == first)
        #expect(throws: PlotError.self) { try map.saveAsFile(["one"], path) }
    }

    /// A trainer can be used in place of its vectors.
    @Test func aTrainerHasALookupTable() throws {
        let sentences = (0..<400).map { line in (0..<8).map { "w\((line * 31 + $0 * 7) % 12)" } }
        let word2vec = Word2Vec.Builder().iterate(Corpus(sentences: sentences)).layerSize(8).build()
        try word2vec.fit()
        let folder = try TestFolder()
        let plot = try word2vec.lookupTable().plotVocab(
            BarnesHutTsne.Builder().setMaxIter(20).build(), to: folder.path + "/v")
        #expect(plot.vocabulary.count == 12)
    }
}
