internal import CVectorKernels
internal import LinearAlgebra

/// Points laid out for the kernels: see `NeighborPoints`.
final class PointSet: Sendable {
    let count: Int
    let columns: Int
    /// Floats from row to row of `exact`.
    let stride: Int
    /// The point's number for the outside.
    let numbers: [UInt32]
    /// What is compared: the coordinates, or whole numbers in their place.
    private let panels: AlignedBuffer<Float>
    private let wholes: AlignedBuffer<Int32>?
    private let wholeOffsets: AlignedBuffer<Int32>?
    private let unit: Float
    let exact: AlignedBuffer<Float>
    private let offsets: AlignedBuffer<Float>
    private let errors: AlignedBuffer<Float>
    private let order: AlignedBuffer<UInt32>

    /// - Parameters:
    ///   - data: one point a row.
    ///   - rows: the rows taken, in the order of the set.
    ///   - space: how they are prepared.
    ///   - panel: points in a panel of the kernels.
    ///   - withPanels: whether the set will be compared; if not, it only serves exact distances and other sets.
    ///   - numbers: whole numbers to compare in place of the coordinates; the same for both sets of a search.
    ///   - threads: threads to use.
    init(
        _ data: Matrix, rows: [UInt32], space: PointSpace, panel: Int, withPanels: Bool = true,
        wholes numbers: WholeNumbers? = nil, threads: Int
    ) {
        let columns = data.columns
        let stride = (columns + 15) / 16 * 16
        let filled = (rows.count + panel - 1) / panel * panel
        count = rows.count
        self.columns = columns
        self.stride = stride
        self.numbers = rows
        let withFloats = withPanels && numbers == nil
        let panels = AlignedBuffer<Float>(count: withFloats ? filled * columns : 0)
        let exact = AlignedBuffer<Float>(count: rows.count * stride)
        let pairs = WholeNumbers.pairs(columns: columns)
        let wholes = numbers.map { _ in AlignedBuffer<Int32>(count: withPanels ? filled * pairs : 0) }
        let wholeOffsets = numbers.map { _ in AlignedBuffer<Int32>(count: filled) }
        let (offsets, errors) = (AlignedBuffer<Float>(count: filled), AlignedBuffer<Float>(count: filled))
        let order = AlignedBuffer<UInt32>(count: filled)
        // Bound on the rounding of a product summed in order, of the offsets, of the centring and of the exact distance.
        let unit = Float.ulpOfOne / 2 * Float(2 * columns + 32)
        parallelFor(filled, threads: threads, grain: 8 * panel) { range in
            for i in range {
                guard i < rows.count else {
                    offsets.base[i] = -.infinity
                    wholeOffsets?.base[i] = WholeNumbers.lowest
                    continue
                }
                order.base[i] = rows[i]
                let own = exact.base + i * stride
                space.writeExact(data.row(Int(rows[i])), to: own)
                let place = panels.base + i / panel * panel * columns + i % panel
                var size: Float = 0
                for d in 0..<columns {
                    let value = space.factor(own[d], column: d)
                    if withFloats { place[d * panel] = value }
                    size += space.metric == .manhattan ? abs(value) : value * value
                }
                errors.base[i] = unit * size
                if space.metric == .euclidean { offsets.base[i] = -size / 2 }
                guard withPanels, let numbers, let wholes else { continue }
                let first = wholes.base + i / panel * panel * pairs + i % panel
                let leftOut = numbers.write(own, columns: columns, to: first, stride: panel)
                wholeOffsets?.base[i] = numbers.offset(squaredLength: size)
                // A row of length 0 keeps the error 0, by which it is known.
                if size > 0 { errors.base[i] += numbers.error(leftOut: leftOut) }
            }
        }
        (self.panels, self.exact, self.offsets, self.errors, self.order) = (panels, exact, offsets, errors, order)
        (self.wholes, self.wholeOffsets) = (wholes, wholeOffsets)
        self.unit = numbers?.unit ?? 0
    }

    /// Some points of another set; their numbers are their places in it.
    init(
        _ places: ArraySlice<UInt32>, of whole: PointSet, space: PointSpace, panel: Int, wholes: WholeNumbers?
    ) {
        let columns = whole.columns
        let filled = (places.count + panel - 1) / panel * panel
        count = places.count
        self.columns = columns
        stride = whole.stride
        numbers = Array(places)
        let pairs = WholeNumbers.pairs(columns: columns)
        panels = AlignedBuffer(count: wholes == nil ? filled * columns : 0)
        self.wholes = wholes.map { _ in AlignedBuffer(count: filled * pairs) }
        wholeOffsets = wholes.map { _ in AlignedBuffer(count: filled) }
        unit = wholes?.unit ?? 0
        exact = AlignedBuffer(count: places.count * stride)
        offsets = AlignedBuffer(count: filled)
        errors = AlignedBuffer(count: filled)
        order = AlignedBuffer(count: filled)
        for i in places.count..<max(filled, places.count) {
            offsets.base[i] = -.infinity
            wholeOffsets?.base[i] = WholeNumbers.lowest
        }
        for (i, place) in places.enumerated() {
            let from = whole.exact.base + Int(place) * stride
            let own = exact.base + i * stride
            for d in 0..<stride { own[d] = from[d] }
            order.base[i] = place
            offsets.base[i] = whole.offsets.base[Int(place)]
            errors.base[i] = whole.errors.base[Int(place)]
            if let wholes, let panels = self.wholes {
                let first = panels.base + i / panel * panel * pairs + i % panel
                let leftOut = wholes.write(own, columns: columns, to: first, stride: panel)
                wholeOffsets?.base[i] = wholes.offset(squaredLength: -2 * offsets.base[i])
                if errors.base[i] > 0 { errors.base[i] += wholes.error(leftOut: leftOut) }
            } else {
                let target = panels.base + i / panel * panel * columns + i % panel
                for d in 0..<columns { target[d * panel] = space.factor(own[d], column: d) }
            }
        }
    }

    /// The set for the kernels; it lives as long as `self`.
    var points: NeighborPoints {
        NeighborPoints(
            panels: panels.base, wholes: wholes.map { UnsafePointer($0.base) },
            wholeOffsets: wholeOffsets.map { UnsafePointer($0.base) }, offsets: offsets.base, errors: errors.base,
            exact: exact.base, numbers: order.base, unit: unit, stride: stride, count: count)
    }
}
