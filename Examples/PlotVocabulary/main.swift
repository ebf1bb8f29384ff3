// Trains word vectors on a text and plots the vocabulary: the chain of DL4J's page, in Swift.
//
//     swift run -c release PlotVocabulary corpora/small.txt
//
// It writes vocabulary.html and vocabulary.csv in the working directory.
import EmbeddingVisualization

let corpus = CommandLine.arguments.dropFirst().first ?? "corpora/small.txt"

let vectors = Word2Vec.Builder()
    .iterate(Corpus(path: corpus))
    .layerSize(100)
    .windowSize(5)
    .epochs(15)
    .seed(1)
    .build()
try vectors.fit()

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
let plot = try vectors.lookupTable().plotVocab(tsne)

print("\(plot.vocabulary.count) words, KL divergence \(plot.embedding.klDivergence)")
if let kept = plot.embedding.neighborsKept {
    print("\(Int((100 * kept).rounded())) % of the true 10 nearest neighbours are neighbours on the map")
}
print("wrote \(plot.htmlPath) and \(plot.csvPath)")
