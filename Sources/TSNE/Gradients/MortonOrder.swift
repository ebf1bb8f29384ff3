internal import LinearAlgebra

/// Sorts points along the Morton (z-order) curve: the order in which a quadtree or octree visits its cells.
final class MortonOrder: Sendable {
    /// Levels of cells that a key tells apart.
    static func depth(dimensions: Int) -> Int { dimensions == 2 ? 24 : 16 }

    private static let digitBits = 12
    let count: Int
    /// Keys in ascending order, after `sort`.
    let keys: AlignedBuffer<UInt64>
    /// Number of the point with each key.
    let order: AlignedBuffer<UInt32>
    private let spareKeys: AlignedBuffer<UInt64>
    private let spareOrder: AlignedBuffer<UInt32>

    init(count: Int) {
        self.count = count
        keys = AlignedBuffer(count: count)
        order = AlignedBuffer(count: count)
        spareKeys = AlignedBuffer(count: count)
        spareOrder = AlignedBuffer(count: count)
    }

    /// Spreads the bits of a coordinate so that one other coordinate's bits fit between them.
    static func spread2(_ x: UInt32) -> UInt64 {
        var x = UInt64(x)
        x = (x | x << 16) & 0x0000_FFFF_0000_FFFF
        x = (x | x << 8) & 0x00FF_00FF_00FF_00FF
        x = (x | x << 4) & 0x0F0F_0F0F_0F0F_0F0F
        x = (x | x << 2) & 0x3333_3333_3333_3333
        return (x | x << 1) & 0x5555_5555_5555_5555
    }

    /// Spreads the bits of a coordinate so that two other coordinates' bits fit between them.
    static func spread3(_ x: UInt32) -> UInt64 {
        var x = UInt64(x) & 0x1F_FFFF
        x = (x | x << 32) & 0x001F_0000_0000_FFFF
        x = (x | x << 16) & 0x001F_0000_FF00_00FF
        x = (x | x << 8) & 0x100F_00F0_0F00_F00F
        x = (x | x << 4) & 0x10C3_0C30_C30C_30C3
        return (x | x << 2) & 0x1249_2492_4924_9249
    }

    /// Orders the points by the cell they lie in; points in one cell keep their order.
    ///
    /// - Parameters:
    ///   - positions: 2 floats a point in 2-D, 4 in 3-D; all finite.
    ///   - low: least coordinate in each dimension.
    ///   - extent: width of the whole.
    func sort(
        _ positions: AlignedBuffer<Float>, dimensions: Int, low: SIMD3<Float>, extent: Float, threads: Int
    ) {
        let cells = Float(1 << Self.depth(dimensions: dimensions))
        let largest = cells - 1
        let scale = extent > 1e-30 ? cells / extent : 0
        parallelFor(count, threads: threads, grain: 2048) { range in
            for i in range {
                var key: UInt64 = 0
                if dimensions == 2 {
                    let x = UInt32(min((positions.base[2 * i] - low.x) * scale, largest))
                    let y = UInt32(min((positions.base[2 * i + 1] - low.y) * scale, largest))
                    key = Self.spread2(x) | Self.spread2(y) << 1
                } else {
                    let x = UInt32(min((positions.base[4 * i] - low.x) * scale, largest))
                    let y = UInt32(min((positions.base[4 * i + 1] - low.y) * scale, largest))
                    let z = UInt32(min((positions.base[4 * i + 2] - low.z) * scale, largest))
                    key = Self.spread3(x) | Self.spread3(y) << 1 | Self.spread3(z) << 2
                }
                keys.base[i] = key
                order.base[i] = UInt32(truncatingIfNeeded: i)
            }
        }
        // Four passes of a stable counting sort: what comes out does not depend on the pieces.
        for pass in 0..<4 {
            let even = pass % 2 == 0
            scatter(
                from: even ? keys : spareKeys, even ? order : spareOrder, to: even ? spareKeys : keys,
                even ? spareOrder : order, shift: UInt64(pass * Self.digitBits), threads: threads)
        }
    }

    private func scatter(
        from keys: AlignedBuffer<UInt64>, _ order: AlignedBuffer<UInt32>, to newKeys: AlignedBuffer<UInt64>,
        _ newOrder: AlignedBuffer<UInt32>, shift: UInt64, threads: Int
    ) {
        let digits = 1 << Self.digitBits
        let mask = UInt64(digits - 1)
        let pieces = max(1, min(threads, count / 4096))
        let grain = max(1, (count + pieces - 1) / pieces)
        let counts = AlignedBuffer<Int>(count: pieces * digits)
        parallelFor(count, threads: threads, grain: grain) { range in
            let own = counts.base + range.lowerBound / grain * digits
            for i in range { own[Int(keys.base[i] >> shift & mask)] += 1 }
        }
        var total = 0
        for digit in 0..<digits {
            for piece in 0..<pieces {
                let number = counts.base[piece * digits + digit]
                counts.base[piece * digits + digit] = total
                total += number
            }
        }
        parallelFor(count, threads: threads, grain: grain) { range in
            let own = counts.base + range.lowerBound / grain * digits
            for i in range {
                let digit = Int(keys.base[i] >> shift & mask)
                let place = own[digit]
                own[digit] = place + 1
                newKeys.base[place] = keys.base[i]
                newOrder.base[place] = order.base[i]
            }
        }
    }
}
