// Watches a training in the browser, with the lines of DL4J's page: a UI, a storage, a listener.
//
//     swift run -c release WatchTraining corpora/small.txt
//
// Prints the address to open; W2V_UI_PORT chooses another port than 9000. After the training a map is drawn, watched by
// the same listener, and the pages stay until Enter is pressed.
import EmbeddingVisualization

let path = CommandLine.arguments.dropFirst().first ?? "corpora/small.txt"
let word2vec = Word2Vec.Builder().iterate(Corpus(path: path)).layerSize(100).epochs(15).build()

let ui = UIServer.getInstance()
let storage = InMemoryStatsStorage()
ui.attach(storage)
try ui.startAndWait()
word2vec.setListeners(StatsListener(storage))
print("open \(ui.address)/train")

let vectors = try word2vec.fit()

let tsne = BarnesHutTsne.Builder().setMaxIter(1000).setListeners(StatsListener(storage)).build()
try vectors.lookupTable().plotVocab(tsne)

for session in try storage.listSessionIDs() {
    print("\(session): \(try storage.numberOfUpdates(session: session)) updates")
}
print("press Enter to end")
_ = readLine()
ui.stop()
