/// All pairs of blocks, in rounds whose pairs share no block, so that a round's pairs can be done at once.
///
/// Blocks lie on a circle; a step of `delta` leads from each to another. The steps form cycles, whose edges are taken
/// alternately: two rounds a delta, and a third for cycles of odd length. Near blocks come first.
enum BlockPairs {
    struct Pair: Sendable {
        let first: Int
        let second: Int
    }

    static func rounds(blocks: Int) -> [[Pair]] {
        guard blocks > 0 else { return [] }
        var rounds = [(0..<blocks).map { Pair(first: $0, second: $0) }]
        var delta = 1
        while delta <= blocks / 2 {
            var colours: [[Pair]] = [[], [], []]
            var cycles = delta
            var rest = blocks % delta
            while rest != 0 { (cycles, rest) = (rest, cycles % rest) }
            let length = blocks / cycles
            for start in 0..<cycles {
                // A cycle of two goes there and back by the same pair.
                for step in 0..<(length == 2 ? 1 : length) {
                    let from = (start + step * delta) % blocks
                    let to = (from + delta) % blocks
                    let colour = step == length - 1 && length % 2 == 1 ? 2 : step % 2
                    colours[colour].append(Pair(first: min(from, to), second: max(from, to)))
                }
            }
            rounds += colours.filter { !$0.isEmpty }
            delta += 1
        }
        return rounds
    }
}
