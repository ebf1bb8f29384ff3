import CVectorKernels
import Testing

@testable import LinearAlgebra

@Suite struct SkipGramDrawTests {
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
                for (index, word) in stock.enumerated() { kept.base[index] = word }
                var draw = SkipGramDraw(
                    words: words.baseAddress, window: place.window, slots: slots.baseAddress, slotCount: slots.count,
                    stock: kept.base, stockSize: stock.count, stockNext: next, fresh: 3, negatives: negatives,
                    negativeWeight: 5 / Float(negatives), inputs: table.base,
                    outputs: table.base, stride: 16, coming: nil, comingCount: 0)
                let coming = AlignedBuffer<UnsafePointer<Float>?>(count: skipgram_draw_coming(&draw))
                draw.coming = coming.base
                let room = skipgram_draw_rows(&draw)
                let rows = AlignedBuffer<UInt32>(count: room)
                let weights = AlignedBuffer<Float>(count: room * 4)
                let targets = AlignedBuffer<Float>(count: room * 4)
                for index in 0..<room * 4 { (weights.base[index], targets.base[index]) = (.nan, .nan) }
                var random = seed
                var pairs = 0
                let count = kernels.skipgram_draw(
                    &draw, place.sentence.lowerBound, place.sentence.upperBound, place.position, &random, rows.base,
                    weights.base, targets.base, &pairs)
                for index in stock.indices { stock[index] = kept.base[index] }
                #expect(draw.stockNext == (next + 3) % stock.count)
                for index in count * 4..<(count + 3) * 4 {
                    #expect(weights.base[index] == 0 && targets.base[index] == 0, "filled up to a whole vector")
                }
                return Tile(
                    negatives: (0..<negatives).map { rows.base[$0] },
                    around: (negatives..<count).map { rows.base[$0] },
                    weights: (0..<count * 4).map { weights.base[$0] },
                    targets: (0..<count * 4).map { targets.base[$0] }, pairs: pairs)
            }
        }
    }
}
