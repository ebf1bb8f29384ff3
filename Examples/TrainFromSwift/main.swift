// Trains on sentences that the program has itself, with a configuration as a value, watches the training, asks
// questions, and saves the vectors in the format that gensim and others read.
//
//     swift run -c release TrainFromSwift corpora/small.txt
import EmbeddingVisualization
import Foundation

/// Prints a line for each report of the trainer.
struct Watcher: TrainingListener {
    func iterationDone(_ progress: TrainingProgress) {
        let percent = Int(100 * progress.fractionCompleted)
        let loss = progress.score.map { "\($0)" } ?? "unknown"
        print("\(percent) %: mean loss \(loss), learning rate \(progress.learningRate)")
    }
}

// Any sequence of sentences will do; here they come from a file.
let path = CommandLine.arguments.dropFirst().first ?? "corpora/small.txt"
let text = try String(contentsOfFile: path, encoding: .utf8)
let sentences = text.split(whereSeparator: \.isNewline).map { line in line.split(separator: " ").map(String.init) }

var configuration = Word2Vec.Configuration()
configuration.dimensions = 50
configuration.epochs = 15
configuration.minCount = 3

let word2vec = Word2Vec(configuration: configuration, corpus: Corpus(sentences: sentences))
word2vec.setListeners(Watcher())
let vectors = try word2vec.fit()

let word = vectors.vocabulary.number(of: "gold") == nil ? vectors.vocabulary[vectors.count / 2] : "gold"
print("near \(word):")
for neighbor in try vectors.nearest(to: word, count: 5) {
    print("  \(neighbor.word)  \(neighbor.similarity)")
}
try vectors.write(to: "vectors.bin", format: .binary)
print("wrote vectors.bin: \(vectors.count) words × \(vectors.dimensions)")
