internal import CVectorKernels
internal import FileAccess
package import LinearAlgebra
package import NearestNeighbors

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The symmetric matrix P of t-SNE: p_ij = (p_j|i + p_i|j) / 2n over the nearest neighbours; its sum is 1.
///
/// Compressed rows: row i has the entries starts[i] ..< starts[i + 1].
package final class SparseAffinities: Sendable {
    /// Number of points.
    package let count: Int
    /// Where each row starts; count + 1 numbers.
    package let starts: AlignedBuffer<UInt64>
    /// The other point of each entry.
    package let columns: AlignedBuffer<UInt32>
    /// The affinity of each entry.
    package let values: AlignedBuffer<Float>
    /// Σ p·ln p over all entries.
    package let negativeEntropy: Double

    private init(
        count: Int, starts: AlignedBuffer<UInt64>, columns: AlignedBuffer<UInt32>, values: AlignedBuffer<Float>,
        negativeEntropy: Double
    ) {
        self.count = count
        self.starts = starts
        self.columns = columns
        self.values = values
        self.negativeEntropy = negativeEntropy
    }

    /// Conditional affinities p_j|i of each point's neighbours (van der Maaten 2014, eq. 6), in the order of the
    /// graph; each row sums to 1 and has the given perplexity, as far as its distances allow.
    package static func conditional(_ graph: NeighborGraph, perplexity: Double, threads: Int) -> [Float] {
        let k = graph.neighborsPerPoint
        guard k > 0 else { return [] }
        var weights = [Float](repeating: 0, count: graph.count * k)
        let target = log(perplexity)
        weights.parallelUpdate(width: k, threads: threads, grain: 128) { range, span in
            var squares = [Float](repeating: 0, count: k)
            span.withUnsafeMutableBufferPointer { out in
                guard let out = out.baseAddress else { return }
                for (row, point) in range.enumerated() {
                    for j in 0..<k {
                        let distance = graph.distances[point * k + j]
                        squares[j] = distance * distance
                    }
                    _ = kernels.tsne_row_affinities(squares, k, target, out + row * k)
                }
            }
        }
        return weights
    }

    /// The affinities of the points of a graph over all points.
    package convenience init(_ graph: NeighborGraph, perplexity: Double, threads: Int) {
        self.init(graph, perplexities: [perplexity], threads: threads)
    }

    /// The affinities of the points of a graph over all points: with several perplexities the conditional affinities are
    /// the means of theirs (openTSNE's `Multiscale`; Kobak and Berens 2019).
    package convenience init(_ graph: NeighborGraph, perplexities: [Double], threads: Int) {
        var weights = Self.conditional(graph, perplexity: perplexities.first ?? 1, threads: threads)
        for perplexity in perplexities.dropFirst() {
            let more = Self.conditional(graph, perplexity: perplexity, threads: threads)
            for i in weights.indices { weights[i] += more[i] }
        }
        if perplexities.count > 1 {
            let share = 1 / Float(perplexities.count)
            for i in weights.indices { weights[i] *= share }
        }
        self.init(graph, weights: weights, threads: threads)
    }

    private convenience init(_ graph: NeighborGraph, weights: [Float], threads: Int) {
        let count = graph.count
        let k = graph.neighborsPerPoint
        // Who has i as a neighbour, ascending: a counting sort of the edges by their end.
        var incomingStarts = [Int](repeating: 0, count: count + 1)
        for neighbor in graph.indices { incomingStarts[Int(neighbor) + 1] += 1 }
        for i in 0..<count { incomingStarts[i + 1] += incomingStarts[i] }
        let incoming = AlignedBuffer<UInt32>(count: graph.indices.count)
        let incomingWeights = AlignedBuffer<Float>(count: graph.indices.count)
        var next = incomingStarts
        graph.indices.withUnsafeBufferPointer { indices in
            next.withUnsafeMutableBufferPointer { next in
                for edge in 0..<indices.count {
                    let end = Int(indices[edge])
                    incoming.base[next[end]] = UInt32(truncatingIfNeeded: edge / k)
                    incomingWeights.base[next[end]] = weights[edge]
                    next[end] += 1
                }
            }
        }
        let firstIncoming = incomingStarts

        // Row i: its own neighbours, and those who have i as theirs. Both lists ascending, then merged.
        let capacity = 2 * graph.indices.count
        let looseColumns = AlignedBuffer<UInt32>(count: capacity)
        let looseValues = AlignedBuffer<Float>(count: capacity)
        let lengths = AlignedBuffer<Int>(count: count)
        parallelFor(count, threads: threads, grain: 512) { range in
            var own: [(index: UInt32, weight: Float)] = []
            for i in range {
                own.removeAll(keepingCapacity: true)
                for edge in i * k..<(i + 1) * k { own.append((graph.indices[edge], weights[edge])) }
                own.sort { $0.index < $1.index }
                let from = i * k + firstIncoming[i]
                var written = from
                var a = 0
                var b = firstIncoming[i]
                let end = firstIncoming[i + 1]
                while a < own.count || b < end {
                    let left = a < own.count ? own[a].index : .max
                    let right = b < end ? incoming.base[b] : .max
                    var value: Float = 0
                    if left <= right {
                        value += own[a].weight
                        a += 1
                    }
                    if right <= left {
                        value += incomingWeights.base[b]
                        b += 1
                    }
                    if value > 0 {
                        looseColumns.base[written] = min(left, right)
                        looseValues.base[written] = value
                        written += 1
                    }
                }
                lengths.base[i] = written - from
            }
        }
        let starts = AlignedBuffer<UInt64>(count: count + 1)
        for i in 0..<count { starts.base[i + 1] = starts.base[i] + UInt64(lengths.base[i]) }
        let entries = Int(starts.base[count])
        let columns = AlignedBuffer<UInt32>(count: entries)
        let values = AlignedBuffer<Float>(count: entries)
        let sums = parallelMap(count, threads: threads, grain: 512) { range in
            var sum = 0.0
            for i in range {
                let from = i * k + firstIncoming[i]
                let to = Int(starts.base[i])
                for j in 0..<lengths.base[i] {
                    columns.base[to + j] = looseColumns.base[from + j]
                    values.base[to + j] = looseValues.base[from + j]
                    sum += Double(looseValues.base[from + j])
                }
            }
            return sum
        }
        let total = sums.reduce(0, +)
        let scale = total > 0 ? 1 / total : 0
        let entropies = parallelMap(count, threads: threads, grain: 512) { range in
            var sum = 0.0
            for entry in Int(starts.base[range.lowerBound])..<Int(starts.base[range.upperBound]) {
                let p = Float(Double(values.base[entry]) * scale)
                values.base[entry] = p
                if p > 0 { sum += Double(p) * log(Double(p)) }
            }
            return sum
        }
        self.init(
            count: count, starts: starts, columns: columns, values: values, negativeEntropy: entropies.reduce(0, +))
    }

    /// A checksum of all entries.
    var checksum: UInt64 {
        var hash = XXH64()
        hash.update(UnsafeRawBufferPointer(start: starts.base, count: starts.count * 8))
        hash.update(UnsafeRawBufferPointer(start: columns.base, count: columns.count * 4))
        hash.update(UnsafeRawBufferPointer(start: values.base, count: values.count * 4))
        return hash.value
    }

    /// The same affinities with the points renumbered: new point i is old point `order[i]`.
    /// - Parameter spare: affinities of as many points and entries that nobody needs any more; their memory is used.
    package func renumbered(
        _ order: AlignedBuffer<UInt32>, into spare: SparseAffinities? = nil, threads: Int
    ) -> SparseAffinities {
        let count = count
        let newStarts = spare?.starts ?? AlignedBuffer(count: count + 1)
        let newNumbers = AlignedBuffer<UInt32>(count: count)
        for i in 0..<count {
            let old = Int(order.base[i])
            newStarts.base[i + 1] = newStarts.base[i] + (starts.base[old + 1] - starts.base[old])
            newNumbers.base[old] = UInt32(truncatingIfNeeded: i)
        }
        let newColumns = spare?.columns ?? AlignedBuffer(count: columns.count)
        let newValues = spare?.values ?? AlignedBuffer(count: values.count)
        parallelFor(count, threads: threads, grain: 512) { range in
            for i in range {
                let old = Int(order.base[i])
                let from = Int(starts.base[old])
                let to = Int(newStarts.base[i])
                for j in 0..<Int(starts.base[old + 1]) - from {
                    newColumns.base[to + j] = newNumbers.base[Int(columns.base[from + j])]
                    newValues.base[to + j] = values.base[from + j]
                }
            }
        }
        return SparseAffinities(
            count: count, starts: newStarts, columns: newColumns, values: newValues, negativeEntropy: negativeEntropy)
    }
}
