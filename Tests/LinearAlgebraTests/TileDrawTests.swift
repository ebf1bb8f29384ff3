import CVectorKernels
import Testing

@testable import LinearAlgebra

@Suite struct TileDrawTests {
    /// A drawn tile in plain arrays.
    struct Tile: Equatable {
        var negatives: [UInt32]
        var around: [UInt32]
        /// Four for each output row, negatives first.
        var weights: [Float]
        var targets: [Float]
        var pairs: Int
    }

    struct Place: Sendable, CustomTestStringConvertible {
        var window: Int
        var sentence: Range<Int>
        var position: Int
        var testDescription: String { "window \(window), word \(position) of \(sentence)" }
    }

    /// 40 words, each another one.
    static let words = (0..<40).map { UInt32($0) }
    static let places = [1, 2, 5, 9].flatMap { window in
        [(0..<40, 0), (0..<40, 20), (0..<40, 36), (3..<14, 3), (3..<14, 7), (3..<14, 11), (5..<7, 5)].map {
            Place(window: window, sentence: $0.0, position: $0.1)
        }
    }

    /// Every word at a distance of at most the drawn one, inside of the sentence, is predicted once by each input, and
    /// no other; negatives stand for all pairs of an input.
    @Test(arguments: levels, places) func pairsAreThoseOfTheWindow(level: VectorCPULevel, place: Place) throws {
        var reaches: Set<Int> = []
        for seed in 0..<200 {
            // Negatives from 100 up, which are none of the words.
            let tile = try draw(level, place, alias: 100..<120, negatives: 7, seed: UInt64(seed))
            let inputs = min(4, place.sentence.upperBound - place.position)
            let last = place.position + inputs
            let reach = (1...place.window).first { reach in
                let first = max(place.sentence.lowerBound, place.position - reach)
                return tile.around == (first..<min(place.sentence.upperBound, last + reach)).map { UInt32($0) }
            }
            let distance = try #require(reach, "the words around are those of a window: \(tile.around)")
            reaches.insert(distance)
            var pairs = 0
            for input in 0..<4 {
                var contexts = 0
                for (index, word) in tile.around.enumerated() {
                    let away = abs(Int(word) - place.position - input)
                    // Near the ends several distances give the same words around: ask only what holds for all.
                    let weight = tile.weights[(7 + index) * 4 + input]
                    #expect(weight == 0 || (input < inputs && away >= 1 && away <= place.window && weight == 1))
                    if input < inputs, away >= 1, away <= distance { #expect(weight == 1) }
                    #expect(tile.targets[(7 + index) * 4 + input] == weight)
                    contexts += Int(weight)
                }
                for negative in 0..<7 {
                    #expect(abs(tile.weights[negative * 4 + input] - Float(contexts) * 5 / 7) < 1e-5)
                    #expect(tile.targets[negative * 4 + input] == 0)
                }
                pairs += contexts
            }
            #expect(tile.pairs == pairs)
            #expect(tile.negatives.allSatisfy { (100..<120).contains($0) })
        }
        if place.position == 20 { #expect(reaches == Set(1...place.window)) }
    }

    /// A negative that is itself one of the predicted words does not count for that word's pairs.
    @Test(arguments: levels) func aNegativeIsNoneForItsOwnPairs(level: VectorCPULevel) throws {
        let place = Place(window: 3, sentence: 0..<40, position: 20)
        for seed in 0..<50 {
            let tile = try draw(level, place, alias: 19..<21, negatives: 2, seed: UInt64(seed))
            for (index, negative) in tile.negatives.enumerated() {
                for input in 0..<4 {
                    let contexts = tile.around.indices.filter { tile.weights[(2 + $0) * 4 + input] == 1 }
                    let others = contexts.count { tile.around[$0] != negative }
                    #expect(abs(tile.weights[index * 4 + input] - Float(others) * 5 / 2) < 1e-5)
                }
            }
        }
    }

    /// A tile replaces the next words of the stock, around its end, and takes its negatives from different places.
    @Test(arguments: levels) func negativesComeFromTheStock(level: VectorCPULevel) throws {
        let place = Place(window: 3, sentence: 0..<40, position: 8)
        for next in [0, 5, 61, 63] {
            var stock = (0..<64).map { UInt32(1_000 + $0) }
            let tile = try draw(level, place, alias: 100..<120, negatives: 40, seed: 4, stock: &stock, next: next)
            for index in 0..<64 {
                let isFresh = (index - next + 64) % 64 < 3
                #expect((100..<120).contains(stock[index]) == isFresh)
                #expect(isFresh || stock[index] == UInt32(1_000 + index))
            }
            let old = tile.negatives.filter { $0 >= 1_000 }
            #expect(Set(old).count == old.count, "no place is taken twice")
            #expect(old.count >= 37 && tile.negatives.allSatisfy(stock.contains))
        }
    }

    /// All places of the stock are taken equally often.
    @Test(arguments: levels) func noPlaceOfTheStockIsPreferred(level: VectorCPULevel) throws {
        let place = Place(window: 3, sentence: 0..<40, position: 8)
        var taken: [UInt32: Int] = [:]
        for seed in 0..<4_000 {
            var stock = (0..<64).map { UInt32(1_000 + $0) }
            let tile = try draw(
                level, place, alias: 100..<120, negatives: 8, seed: UInt64(seed), stock: &stock, next: seed % 64)
            for word in tile.negatives where word >= 1_000 { taken[word, default: 0] += 1 }
        }
        // 500 draws of each place, less those of the 3 fresh ones of 64; five standard deviations.
        for word in UInt32(1_000)..<1_064 { #expect(abs(Double(taken[word] ?? 0) - 476.6) < 110) }
    }

    /// The same random numbers draw the same tile at every level.
    @Test func levelsAgree() throws {
        for place in Self.places {
            let tiles = try levels.map { try draw($0, place, alias: 10..<60, negatives: 16, seed: 3) }
            for tile in tiles { #expect(tile == tiles[0]) }
        }
    }

    // MARK: - Hierarchical softmax

    /// A tree over words 0 … 39 as a list: word w hangs on node w, node n on node n + 1; the last two words share node 38.
    private static func node(of word: Int) -> Int { min(word, 38) }
    private static let links: [UInt32] = {
        let words: [UInt32] = (0..<40).map { word in UInt32(2 * node(of: word) + word % 2) }
        let nodes: [UInt32] = (0..<39).map { node in
            if node == 38 { return .max }
            return UInt32(2 * (node + 1) + (node % 3 == 0 ? 1 : 0))
        }
        return words + nodes
    }()

    /// Nodes above a word and their labels, by the same list.
    private static func path(of word: Int) -> [(node: Int, label: Float)] {
        var path: [(node: Int, label: Float)] = [(node(of: word), Float(word % 2))]
        for node in node(of: word)..<38 { path.append((node + 1, node % 3 == 0 ? 1 : 0)) }
        return path
    }

    /// The weight of a node is the number of an input's pairs below it, its target those with label 1.
    @Test(arguments: levels, [false, true]) func nodesCountThePairsBelowThem(
        level: VectorCPULevel, averages: Bool
    ) throws {
        for place in Self.places {
            let drawn = try drawTree(level, place, averages: averages, negatives: 0)
            let inputs = min(4, place.sentence.upperBound - place.position)
            var expected: [Int: (weights: [Float], targets: [Float])] = [:]
            var pairs = 0
            for input in 0..<inputs {
                let word = place.position + input
                let predicted =
                    averages ? [word] : place.sentence.filter { $0 != word && abs($0 - word) <= drawn.reach }
                pairs += predicted.count
                for other in predicted {
                    for (node, label) in Self.path(of: other) {
                        expected[node, default: (Array(repeating: 0, count: 4), Array(repeating: 0, count: 4))]
                            .weights[input] += 1
                        expected[node]?.targets[input] += label
                    }
                }
            }
            #expect((1...place.window).contains(drawn.reach) && drawn.pairs == pairs)
            #expect(Set(drawn.rows).count == drawn.rows.count && drawn.rows.count == expected.count)
            for (index, row) in drawn.rows.enumerated() {
                let node = try #require(expected[Int(row) - 7], "node 0 is row 7")
                #expect(Array(drawn.weights[index * 4..<index * 4 + 4]) == node.weights)
                #expect(Array(drawn.targets[index * 4..<index * 4 + 4]) == node.targets)
            }
        }
    }

    /// Both objectives have the rows of each.
    @Test(arguments: levels) func bothObjectivesStandSideBySide(level: VectorCPULevel) throws {
        let place = Place(window: 3, sentence: 3..<14, position: 7)
        let both = try drawTree(level, place, averages: false, negatives: 6)
        let tree = try drawTree(level, place, averages: false, negatives: 0)
        #expect(both.reach == tree.reach && both.pairs == tree.pairs)
        #expect(Array(both.rows.suffix(tree.rows.count)) == tree.rows)
        #expect(Array(both.weights.suffix(tree.weights.count)) == tree.weights)
        #expect(both.rows.count == tree.rows.count + 6 + 4 + 2 * both.reach)
    }

    /// The words predict themselves from the mean of those around them.
    @Test(arguments: levels) func bagsPredictTheirMiddle(level: VectorCPULevel) throws {
        for place in Self.places {
            let drawn = try drawTree(level, place, averages: true, negatives: 6, hasTree: false)
            let inputs = min(4, place.sentence.upperBound - place.position)
            #expect(drawn.rows.count == 6 + inputs && drawn.pairs == inputs)
            for input in 0..<inputs {
                #expect(drawn.rows[6 + input] == UInt32(place.position + input))
                for other in 0..<4 {
                    #expect(drawn.weights[(6 + input) * 4 + other] == (other == input ? 1 : 0))
                    #expect(drawn.targets[(6 + input) * 4 + other] == (other == input ? 1 : 0))
                }
            }
            for negative in 0..<6 {
                for input in 0..<4 {
                    let isNone = input >= inputs || drawn.rows[negative] == UInt32(place.position + input)
                    #expect(abs(drawn.weights[negative * 4 + input] - (isNone ? 0 : 5.0 / 6)) < 1e-6)
                }
            }
        }
    }

    /// Without shrinking the distance is always the window.
    @Test func windowsThatDoNotShrinkAreWhole() throws {
        for seed in 0..<20 {
            let drawn = try drawTree(
                VectorCPULevelBaseline, Place(window: 9, sentence: 0..<40, position: 20), averages: false, negatives: 4,
                shrinks: false, seed: UInt64(seed))
            #expect(drawn.reach == 9)
        }
    }

    /// The paths of words are kept from tile to tile: a tile is the same whatever was drawn before, also when the
    /// sentences begin anew.
    @Test(arguments: levels, [1, 2, 5, 9]) func earlierTilesChangeNothing(level: VectorCPULevel, window: Int) throws {
        for averages in [false, true] {
            for position in stride(from: 0, to: 40, by: 4) {
                let place = Place(window: window, sentence: 0..<40, position: position)
                let alone = try drawTree(level, place, averages: averages, negatives: 0, shrinks: false)
                let before = Array(stride(from: 0, to: position, by: 4))
                let all = Array(stride(from: 0, to: 40, by: 4))
                for earlier in [before, all + before] {
                    let drawn = try drawTree(
                        level, place, averages: averages, negatives: 0, shrinks: false, earlier: earlier)
                    #expect(drawn == alone, "position \(position)")
                }
            }
        }
    }

    private struct Drawn: Equatable {
        var rows: [UInt32]
        var weights: [Float]
        var targets: [Float]
        var pairs: Int
        var reach: Int
        /// Rows that are fetched, of both tables.
        var coming: [Int]
    }

    /// How many rows of each kind a thread has copies of.
    private struct HotCounts {
        var inputs: UInt32
        var words: UInt32
        var nodes: UInt32
    }

    /// With copies of hot rows a tile is the same, but that it has the copies in the place of those rows, and that rows
    /// of words that have copies are not fetched.
    @Test(arguments: levels, [false, true]) func copiesStandForHotRows(level: VectorCPULevel, averages: Bool) throws {
        let hot = HotCounts(inputs: 6, words: 12, nodes: 9)
        let firstHotNode: UInt32 = 7 + 39 - 9
        for hasTree in [false, true] {
            var copies = 0
            var leftOut: Set<Int> = []
            for position in stride(from: 0, to: 40, by: 4) {
                let place = Place(window: 5, sentence: 0..<40, position: position)
                let negatives = hasTree ? 0 : 7
                let shared = try drawTree(level, place, averages: averages, negatives: negatives, hasTree: hasTree)
                var drawn = try drawTree(
                    level, place, averages: averages, negatives: negatives, hasTree: hasTree, hot: hot)
                let rows = shared.rows.map { row -> UInt32 in
                    if hasTree { return row < firstHotNode ? row : row - firstHotNode + 90 }
                    return row < 12 ? row + 70 : row
                }
                #expect(drawn.rows == rows, "position \(position)")
                copies += zip(rows, shared.rows).filter { $0.0 != $0.1 }.count
                leftOut.formUnion(Set(shared.coming).subtracting(drawn.coming))
                #expect(Set(drawn.coming).isSubset(of: shared.coming))
                (drawn.rows, drawn.coming) = (shared.rows, shared.coming)
                #expect(drawn == shared, "position \(position)")
            }
            #expect(copies > 0)
            // With a tree there are no rows of words but inputs.
            #expect(leftOut.max() == (hasTree ? 5 : 11), "\(leftOut.sorted())")
        }
    }

    private func drawTree(
        _ level: VectorCPULevel, _ place: Place, averages: Bool, negatives: Int, hasTree: Bool = true,
        shrinks: Bool = true, seed: UInt64 = 5, earlier: [Int] = [], hot: HotCounts? = nil
    ) throws -> Drawn {
        let kernels = try #require(vector_kernels_at(level)).pointee
        let slots = (0..<40).map { AliasSlot(threshold: .max, alias: UInt32($0)) }
        let table = AlignedBuffer<Float>(count: 16 * 128)
        let places = AlignedBuffer<NodePlace>(count: 40)
        let scratch = AlignedBuffer<UInt32>(count: 1 << 13)
        let stock = AlignedBuffer<UInt32>(count: 8)
        let bits = AlignedBuffer<UInt64>(count: 8)
        var random = Philox(seed: seed)
        for number in 0..<8 { bits.base[number] = random.next() }
        return slots.withUnsafeBufferPointer { slots in
            Self.words.withUnsafeBufferPointer { words in
                Self.links.withUnsafeBufferPointer { links in
                    var draw = TileDraw()
                    draw.words = words.baseAddress
                    draw.window = place.window
                    draw.shrinks = shrinks
                    draw.averages = averages
                    draw.inputs = UnsafePointer(table.base)
                    draw.outputs = UnsafePointer(table.base)
                    draw.stride = 16
                    if negatives > 0 {
                        draw.slots = slots.baseAddress
                        draw.slotCount = slots.count
                        draw.stock = stock.base
                        draw.stockSize = 8
                        draw.fresh = 8
                        draw.bits = bits.base
                        draw.negatives = negatives
                        draw.negativeWeight = 5 / Float(negatives)
                    }
                    if hasTree {
                        draw.links = links.baseAddress
                        draw.leaves = 40
                        draw.longestPath = 39
                        draw.firstNode = 7
                        draw.places = places.base
                        draw.tile = .max - 1
                    }
                    draw.wordCount = words.count
                    draw.scratch = scratch.base
                    if let hot {
                        draw.hotInputs = HotRows(first: 0, count: hot.inputs, copy: 60)
                        draw.hotWords = HotRows(first: 0, count: hot.words, copy: 70)
                        draw.hotNodes = HotRows(first: 7 + 39 - hot.nodes, count: hot.nodes, copy: 90)
                    }
                    let room = tile_draw_rows(&draw)
                    let rows = AlignedBuffer<UInt32>(count: room)
                    let weights = AlignedBuffer<Float>(count: room * 4)
                    let targets = AlignedBuffer<Float>(count: room * 4)
                    var tile = DrawnTile()
                    let coming = AlignedBuffer<UnsafePointer<Float>?>(count: tile_draw_coming(&draw))
                    tile.coming = coming.base
                    tile.rows = rows.base
                    tile.weights = weights.base
                    tile.targets = targets.base
                    // Twice, over the end of the tiles' numbers: the second must not see the first one's places.
                    for position in earlier + [place.position, place.position] {
                        var random = seed
                        kernels.tile_draw(
                            &draw, place.sentence.lowerBound, place.sentence.upperBound, position, &random, &tile)
                    }
                    return Drawn(
                        rows: (0..<tile.count).map { rows.base[$0] },
                        weights: (0..<tile.count * 4).map { weights.base[$0] },
                        targets: (0..<tile.count * 4).map { targets.base[$0] }, pairs: tile.pairs, reach: tile.reach,
                        coming: (0..<tile.comingCount).map { index in
                            coming.base[index].map { ($0 - UnsafePointer(table.base)) / 16 } ?? -1
                        })
                }
            }
        }
    }

    // MARK: - Negative sampling

    private func draw(
        _ level: VectorCPULevel, _ place: Place, alias: Range<Int>, negatives: Int, seed: UInt64
    ) throws -> Tile {
        var random = Philox(seed: seed)
        var stock = (0..<64).map { _ in alias.lowerBound + Int(random.next32()) % alias.count }.map(UInt32.init)
        return try draw(level, place, alias: alias, negatives: negatives, seed: seed, stock: &stock, next: 0)
    }

    private func draw(
        _ level: VectorCPULevel, _ place: Place, alias: Range<Int>, negatives: Int, seed: UInt64,
        stock: inout [UInt32], next: Int
    ) throws -> Tile {
        let kernels = try #require(vector_kernels_at(level)).pointee
        // Equal shares of the words of `alias`.
        let slots = alias.map { AliasSlot(threshold: 0, alias: UInt32($0)) }
        let table = AlignedBuffer<Float>(count: 16 * 128)
        return slots.withUnsafeBufferPointer { slots in
            Self.words.withUnsafeBufferPointer { words in
                let kept = AlignedBuffer<UInt32>(count: stock.count)
                let bits = AlignedBuffer<UInt64>(count: 3)
                var source = Philox(seed: seed, stream: 1)
                for number in 0..<3 { bits.base[number] = source.next() }
                for (index, word) in stock.enumerated() { kept.base[index] = word }
                var draw = TileDraw()
                draw.words = words.baseAddress
                draw.window = place.window
                draw.shrinks = true
                draw.slots = slots.baseAddress
                draw.slotCount = slots.count
                draw.stock = kept.base
                draw.stockSize = stock.count
                draw.stockNext = next
                draw.fresh = 3
                draw.bits = bits.base
                draw.negatives = negatives
                draw.negativeWeight = 5 / Float(negatives)
                draw.inputs = UnsafePointer(table.base)
                draw.outputs = UnsafePointer(table.base)
                draw.stride = 16
                let room = tile_draw_rows(&draw)
                let rows = AlignedBuffer<UInt32>(count: room)
                let weights = AlignedBuffer<Float>(count: room * 4)
                let targets = AlignedBuffer<Float>(count: room * 4)
                for index in 0..<room * 4 { (weights.base[index], targets.base[index]) = (.nan, .nan) }
                var random = seed
                var tile = DrawnTile()
                let coming = AlignedBuffer<UnsafePointer<Float>?>(count: tile_draw_coming(&draw))
                tile.coming = coming.base
                tile.rows = rows.base
                tile.weights = weights.base
                tile.targets = targets.base
                kernels.tile_draw(
                    &draw, place.sentence.lowerBound, place.sentence.upperBound, place.position, &random, &tile)
                let count = tile.count
                for index in stock.indices { stock[index] = kept.base[index] }
                #expect(draw.stockNext == (next + 3) % stock.count)
                for index in count * 4..<(count + 3) * 4 {
                    #expect(weights.base[index] == 0 && targets.base[index] == 0, "filled up to a whole vector")
                }
                return Tile(
                    negatives: (0..<negatives).map { rows.base[$0] },
                    around: (negatives..<count).map { rows.base[$0] },
                    weights: (0..<count * 4).map { weights.base[$0] },
                    targets: (0..<count * 4).map { targets.base[$0] }, pairs: tile.pairs)
            }
        }
    }
}
