/// Cuts a mapped text into pieces that begin and end between words, at line ends where there are any near.
///
/// The pieces depend on the text and the size alone, never on threads.
func textChunks(_ bytes: UnsafeBufferPointer<UInt8>, size: Int) -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var start = startOfText(bytes)
    while start < bytes.count {
        let nominal = start + size
        let end = nominal < bytes.count ? wordBoundary(bytes, from: nominal, lineWithin: size) : bytes.count
        chunks.append(start..<end)
        start = end
    }
    return chunks
}

/// Where the text begins: behind a UTF-8 byte order mark.
func startOfText(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
}

/// The position behind the first line feed at or after `position`, if there is one within `distance` bytes; else
/// behind the first white space; else the end.
private func wordBoundary(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int, lineWithin distance: Int) -> Int {
    var space: Int?
    for scan in position..<bytes.count {
        let kind = ByteClass.table[Int(bytes[scan])]
        if kind == ByteClass.newline { return scan + 1 }
        if space == nil {
            if kind == ByteClass.space {
                space = scan + 1
            } else if kind == ByteClass.maybeSpace {
                let length = lengthOfWideSpace(bytes, at: scan, end: bytes.count)
                if length > 0 { space = scan + length }
            }
        }
        if scan - position >= distance, let space { return space }
    }
    return space ?? bytes.count
}

/// Refuses text that is certainly not UTF-8, by its first bytes.
func refuseForeignEncoding(_ start: some Sequence<UInt8>, file: String) throws {
    let mark = Array(start.prefix(4))
    let name: String? =
        if mark.starts(with: [0xFF, 0xFE, 0, 0]) || mark.starts(with: [0, 0, 0xFE, 0xFF]) {
            "UTF-32"
        } else if mark.starts(with: [0xFF, 0xFE]) || mark.starts(with: [0xFE, 0xFF]) {
            "UTF-16"
        } else {
            nil
        }
    guard let name else { return }
    throw WordEmbeddingError.malformed(
        file: file, place: "byte 0", expected: "UTF-8 text",
        found: "the byte order mark of \(name); convert the file first")
}

/// The error for a NUL byte in a text.
func nullByteError(file: String, offset: Int) -> WordEmbeddingError {
    .malformed(
        file: file, place: "byte \(offset)", expected: "UTF-8 text",
        found: "a NUL byte (a binary file, or UTF-16 that must be converted first)")
}
