import LinearAlgebra

/// The pairs of one piece of the text, sorted by input and output block; within a bucket they are in the order of the
/// text.
///
/// Memory is kept for the next piece. Unsafe code has its place here: one thread fills the buckets, then tasks read
/// them, each its own range.
final class PairBuckets: @unchecked Sendable {
    /// Words of the vocabulary in the piece.
    private(set) var words = 0
    /// Words that subsampling kept in sentences of two or more.
    private(set) var centres = 0
    private var inputs = AlignedBuffer<UInt32>(count: 0)
    private var outputs = AlignedBuffer<UInt32>(count: 0)
    private var starts: [Int] = []
    private var kept: [UInt32] = []
    private var reaches: [UInt16] = []
    private var ends: [Int] = []
    private var sentence: [UInt32] = []

    /// Draws subsampling and windows of a piece and sorts its pairs.
    /// - Parameters:
    ///   - shrinks: whether the window is drawn anew for each word, from 1 to `window`.
    ///   - keepBelow: for each word the 32 random bits up to which an occurrence is kept; `nil` keeps all.
    ///   - random: decides about subsampling and windows.
    func fill(
        _ piece: PreparedCorpus.Chunk, of corpus: PreparedCorpus, plan: BlockPlan, window: Int, shrinks: Bool,
        keepBelow: [UInt32]?, random: Philox
    ) {
        var seed = random
        var random = FastRandom(seed: seed.next())
        words = 0
        kept.removeAll(keepingCapacity: true)
        reaches.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        SentenceReader.withReader(of: piece, corpus: corpus) { reader in
            while reader.next(into: &sentence) {
                words += sentence.count
                let start = kept.count
                for word in sentence {
                    if let keepBelow, UInt32(truncatingIfNeeded: random.next() >> 32) > keepBelow[Int(word)] {
                        continue
                    }
                    kept.append(word)
                }
                guard kept.count - start > 1 else {
                    kept.removeSubrange(start...)
                    continue
                }
                for _ in start..<kept.count {
                    let drawn = UInt16(1 + ((random.next() >> 32) &* UInt64(window)) >> 32)
                    reaches.append(shrinks ? drawn : UInt16(window))
                }
                ends.append(kept.count)
            }
        }
        centres = kept.count
        sort(plan)
    }

    private func sort(_ plan: BlockPlan) {
        let count = plan.count
        var next = [Int](repeating: 0, count: count * count + 1)
        kept.withUnsafeBufferPointer { kept in
            plan.inputs.withUnsafeBufferPointer { inputBlocks in
                plan.outputs.withUnsafeBufferPointer { outputBlocks in
                    next.withUnsafeMutableBufferPointer { next in
                        eachPair { context, centre in
                            let bucket =
                                Int(inputBlocks[Int(kept[context])]) * count + Int(outputBlocks[Int(kept[centre])])
                            next[bucket + 1] += 1
                        }
                        for bucket in 0..<count * count { next[bucket + 1] += next[bucket] }
                        starts = Array(next)
                        if starts[count * count] > inputs.count {
                            inputs = AlignedBuffer(count: starts[count * count] * 5 / 4)
                            outputs = AlignedBuffer(count: starts[count * count] * 5 / 4)
                        }
                        let (inputBase, outputBase) = (inputs.base, outputs.base)
                        eachPair { context, centre in
                            let (input, output) = (kept[context], kept[centre])
                            let bucket = Int(inputBlocks[Int(input)]) * count + Int(outputBlocks[Int(output)])
                            let place = next[bucket]
                            next[bucket] = place + 1
                            inputBase[place] = input
                            outputBase[place] = output
                        }
                    }
                }
            }
        }
    }

    /// Calls `body` with the places of a context and a centre word in `kept`, for all pairs in the order of the text.
    @inline(__always)
    private func eachPair(_ body: (Int, Int) -> Void) {
        var start = 0
        reaches.withUnsafeBufferPointer { reaches in
            for end in ends {
                for centre in start..<end {
                    let reach = Int(reaches[centre])
                    for context in max(start, centre - reach)..<centre { body(context, centre) }
                    for context in centre + 1..<min(end, centre + reach + 1) { body(context, centre) }
                }
                start = end
            }
        }
    }

    /// Calls `body` with the words around and the word in the middle, for each word that has any around it, in the order
    /// of the text.
    func eachWindow(_ body: (_ contexts: [UInt32], _ centre: UInt32) -> Void) {
        var start = 0
        for end in ends {
            for centre in start..<end {
                let reach = Int(reaches[centre])
                let before = kept[max(start, centre - reach)..<centre]
                body(Array(before + kept[centre + 1..<min(end, centre + reach + 1)]), kept[centre])
            }
            start = end
        }
    }

    /// The pairs of one bucket, valid until the next `fill`.
    func pairs(input: Int, output: Int, of count: Int) -> RotationTask.Pairs {
        let range = starts[input * count + output]..<starts[input * count + output + 1]
        return RotationTask.Pairs(
            inputs: UnsafeBufferPointer(start: inputs.base + range.lowerBound, count: range.count),
            outputs: UnsafeBufferPointer(start: outputs.base + range.lowerBound, count: range.count))
    }
}
