import LinearAlgebra
import Training

/// A text that is not trained on, ready for its loss to be taken.
struct HeldOutText: Sendable {
    private let corpus: PreparedCorpus
    private let configuration: Word2Vec.Configuration
    private let keepBelow: [UInt32]?
    /// Of the text.
    let fingerprint: String
    /// Words of the training's vocabulary in the text.
    let words: Int

    /// Reads the text.
    /// - Parameters:
    ///   - vocabulary: of the training.
    ///   - keepBelow: the training's subsampling.
    /// - Throws: as `Corpus.prepare`; `WordEmbeddingError.nothingToTrain` when the text has no word of the vocabulary.
    init(
        _ text: Corpus, vocabulary: Vocabulary, configuration: Word2Vec.Configuration, keepBelow: [UInt32]?,
        cancellation: Cancellation?
    ) throws {
        var reading = configuration
        reading.minCount = 1
        reading.maxVocabulary = nil
        let own = try text.prepare(reading, cancellation: cancellation)
        fingerprint = own.fingerprint
        words = (0..<own.vocabulary.count).reduce(0) { sum, number in
            vocabulary.number(of: own.vocabulary[number]) == nil ? sum : sum + (own.vocabulary.counts?[number] ?? 0)
        }
        corpus = own.renumbered(by: vocabulary)
        self.configuration = configuration
        self.keepBelow = keepBelow
        guard words > 1 else {
            throw WordEmbeddingError.nothingToTrain(
                reason: "the validation text has no two words of the training's vocabulary")
        }
    }

    /// The mean loss over the pairs of the text, as training counts it: of a pair and its negatives, of the nodes on the
    /// way to the predicted word, or both. The same tables give the same number at any number of threads.
    /// - Returns: NaN when subsampling leaves no pair.
    func meanLoss(_ tables: ModelTables, _ objective: Objective) -> Double {
        let plan = BlockPlan(single: corpus.vocabulary.count)
        let tallies = parallelMap(corpus.chunks.count, threads: configuration.resolvedThreads, grain: 1) { range in
            let piece = range.lowerBound
            let windows = PairBuckets()
            var random = RandomStream.validation.generator(seed: configuration.seed, place: piece)
            windows.fill(
                corpus.chunks[piece], of: corpus, plan: plan, window: configuration.window,
                shrinks: configuration.shrinksWindow, keepBelow: keepBelow, random: random)
            // Another part of the same stream.
            random = RandomStream.validation.generator(seed: configuration.seed, epoch: 1, place: piece)
            return loss(of: windows, FastRandom(seed: random.next()), tables, objective)
        }
        var all = RotationTally()
        for tally in tallies { all.add(tally) }
        return all.pairs > 0 ? all.loss / Double(all.pairs) : .nan
    }

    private func loss(
        of windows: PairBuckets, _ random: FastRandom, _ tables: ModelTables, _ objective: Objective
    ) -> RotationTally {
        var random = random
        var tally = RotationTally()
        if objective.averages {
            windows.eachWindow { contexts, centre in
                let mean = tables.meanInput(contexts)
                tally.pairs += 1
                tally.loss += loss(of: centre, &random, objective) { tables.logit(mean, $0) }
            }
        } else {
            let pairs = windows.pairs(input: 0, output: 0, of: 1)
            tally.pairs = pairs.inputs.count
            for (input, output) in zip(pairs.inputs, pairs.outputs) {
                tally.loss += loss(of: output, &random, objective) { tables.logit(input, $0) }
            }
        }
        return tally
    }

    /// The loss of one pair, from the logits of output rows.
    private func loss(
        of word: UInt32, _ random: inout FastRandom, _ objective: Objective, logit: (UInt32) -> Double
    ) -> Double {
        var loss = 0.0
        if objective.negatives > 0 {
            loss += softplus(-logit(word))
            for _ in 0..<objective.negatives {
                let negative = objective.negative(random.next())
                if negative != word { loss += softplus(logit(negative)) }
            }
        }
        if let tree = objective.tree {
            for (node, label) in tree.path(of: Int(word)) {
                let logit = logit(UInt32(objective.firstNode) + node)
                loss += softplus(label == 1 ? -logit : logit)
            }
        }
        return loss
    }

    /// log(1 + e^x).
    private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
