/// The element that would stand at `rank` if the values were sorted (Hoare's selection). No value is NaN.
package func smallest(_ values: [Float], rank: Int) -> Float {
    var values = values
    return values.withUnsafeMutableBufferPointer { values in
        var low = 0
        var high = values.count - 1
        while low < high {
            let pivot = values[(low + high) / 2]
            var i = low
            var j = high
            while i <= j {
                while values[i] < pivot { i += 1 }
                while values[j] > pivot { j -= 1 }
                if i <= j {
                    values.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if rank <= j { high = j } else if rank >= i { low = i } else { break }
        }
        return values[rank]
    }
}
