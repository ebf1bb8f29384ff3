import FileAccess

extension PreparedCorpus {
    /// A number that other texts do not have: of the words and their counts, the pieces of the text, and the first
    /// 4 KiB of each piece, and whether training begins with given vectors. Reading all of a large text again would take long; a text that differs somewhere has other
    /// counts nearly always.
    var fingerprint: String {
        var hash = XXH64()
        func add(_ number: Int) {
            withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { hash.update($0) }
        }
        add(vocabulary.count)
        for number in 0..<vocabulary.count {
            var word = vocabulary[number]
            word.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
            add(vocabulary.counts?[number] ?? -1)
        }
        add(start == nil ? 0 : 1)
        add(chunks.count)
        for chunk in chunks {
            let (file, range) =
                switch chunk {
                case .text(let file, let range): (file, range)
                case .spool(let file, let range): (file, 4 * range.lowerBound..<4 * range.upperBound)
                }
            add(range.count)
            file.withBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[range.prefix(4_096)])) }
        }
        return hex(hash.value)
    }
}
