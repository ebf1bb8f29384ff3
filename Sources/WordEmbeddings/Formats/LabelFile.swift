/// The labels of the rows of a matrix.
public enum LabelFile {
    /// Reads one label a row, recognising the format by its content.
    ///
    /// - Parameters:
    ///   - path: UTF-8 text with a label on each line (an empty line is an empty label; lines end with LF or CR LF), or
    ///     a `.npy` array of whole numbers of 1 dimension; both also packed with gzip.
    ///   - count: how many rows there are.
    /// - Throws: `WordEmbeddingError.malformed` when the number of labels is another one or the file is no such file,
    ///   `FileError` when it cannot be read.
    public static func read(path: String, count: Int) throws -> [String] {
        let source = try ByteSource(path: path)
        try source.fill(NumpyHeader.magic.count)
        var labels: [String] = []
        if try source.withWindow({ $0.starts(with: NumpyHeader.magic) }) {
            labels = try NumpyReader(source: source).readIntegers().map { String($0) }
        } else {
            var lines = try LineReader(source: source)
            while let label = try lines.next({ String(decoding: $0, as: UTF8.self) }) {
                // One line too many settles the matter, unless the rest is empty lines.
                if labels.count >= count, !label.isEmpty {
                    throw WordEmbeddingError.malformed(
                        file: path, place: "line \(lines.line)", expected: "\(count) labels, one a row",
                        found: "a further one")
                }
                if labels.count < count { labels.append(label) }
            }
        }
        guard labels.count == count else {
            throw WordEmbeddingError.malformed(
                file: path, place: "the whole file", expected: "\(count) labels, one a row", found: "\(labels.count)")
        }
        return labels
    }
}
