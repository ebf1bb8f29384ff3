import LinearAlgebra
import Testing

@testable import WordEmbeddings

@Suite struct BlockPlanTests {
    /// Zipf's counts of 800 words, subsampled.
    private static let words: WordFrequencies = {
        let counts = (1...800).map { 1_000_000 / $0 }
        let keep = counts.map { UInt32(min(1, 0.05 + 2_000 / Double($0)) * 0xFFFF_FFFF) }
        return WordFrequencies(counts: counts, keepBelow: keep, exponent: 0.75)
    }()

    private func plan(_ place: Int, count: Int = 8, threads: Int = 1) -> BlockPlan {
        BlockPlan(
            Self.words, count: count, random: RandomStream.blocks.generator(seed: 3, epoch: 1, place: place),
            threads: threads)
    }

    @Test(arguments: [1, 2, 3, 8, 12]) func everyWordIsInOneBlockAndBlocksAreAlike(count: Int) {
        let plan = plan(0, count: count)
        #expect(plan.samplers.flatMap(\.rows).sorted() == (0..<800).map { UInt32($0) })
        for (block, sampler) in plan.samplers.enumerated() {
            #expect(sampler.rows.allSatisfy { Int(plan.outputs[Int($0)]) == block })
            #expect(sampler.rows.count == sampler.slots.count)
            #expect(abs(sampler.rows.count - 800 / count) <= 2)
        }
        for blocks in [plan.inputs, plan.outputs] {
            let kept = (0..<count).map { block in
                blocks.indices.reduce(0) { $0 + (Int(blocks[$1]) == block ? Self.words.keptCounts[$1] : 0) }
            }
            let mean = Self.words.keptCount / Double(count)
            #expect(kept.allSatisfy { abs($0 - mean) < 0.35 * mean })
        }
    }

    @Test func chunksHaveBlocksOfTheirOwnThatDoNotDependOnThreads() {
        let (one, other, again) = (plan(0), plan(1), plan(0, threads: 3))
        #expect(one.inputs != one.outputs && one.inputs != other.inputs && one.outputs != other.outputs)
        #expect(one.inputs == again.inputs && one.outputs == again.outputs)
        #expect(one.samplers.map(\.rows) == again.samplers.map(\.rows))
        #expect(one.samplers.map(\.weight) == again.samplers.map(\.weight))
    }

    /// A pair whose output word is y draws word w with the probability of w in y's block, times the block's weight.
    /// Over many chunks that must be w's share of the sampling distribution, whatever y is.
    @Test func overTheChunksEachWordIsDrawnAsTheDistributionWants() {
        let (partners, drawn) = ([5, 100, 700], [20, 150, 600])
        let rounds = 4_000
        var counts = [Double](repeating: 0, count: partners.count * drawn.count)
        for round in 0..<rounds {
            let plan = plan(round)
            for (column, word) in drawn.enumerated() {
                let sampler = plan.samplers[Int(plan.outputs[word])]
                let inBlock = sampler.rows.reduce(0) { $0 + Self.words.negativeWeights[Int($1)] }
                let chance = Double(sampler.weight) * Self.words.negativeWeights[word] / inBlock
                for (row, partner) in partners.enumerated() where plan.outputs[partner] == plan.outputs[word] {
                    counts[row * drawn.count + column] += chance / Double(rounds)
                }
            }
        }
        for row in partners.indices {
            for (column, word) in drawn.enumerated() {
                let share = Self.words.negativeWeights[word] / Self.words.negativeWeight
                // One plan in eight has both words in one block: the relative deviation of the mean is 4 %.
                #expect(abs(counts[row * drawn.count + column] / share - 1) < 0.2)
            }
        }
    }

    @Test func smallVocabulariesHaveFewerBlocks() {
        #expect(BlockPlan.blockCount(wanted: 8, words: 2) == 1)
        #expect(BlockPlan.blockCount(wanted: 8, words: 200) == 3)
        #expect(BlockPlan.blockCount(wanted: 8, words: 70_000) == 8)
    }
}
