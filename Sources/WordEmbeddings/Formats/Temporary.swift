import FileAccess
import LinearAlgebra
public enum VectorFormat { case binary, text }
public enum VocabularyFile {
    public static func companion(of p: String) -> String { p + ".vocab" }
    public static func write(_ v: Vocabulary, to p: String) throws {
        var w = try AtomicFileWriter(path: p)
        for i in 0..<v.count { try w.write("\(v[i]) \(v.counts?[i] ?? 0)\n") }
        try w.commit()
    }
}
extension WordVectors {
    public func write(to p: String, format: VectorFormat) throws {
        var w = try AtomicFileWriter(path: p)
        try w.write("\(count) \(dimensions)\n")
        for i in 0..<count {
            try w.write(vocabulary[i] + " ")
            let r = Array(vectors.row(i))
            try w.write(floats: r.span)
            try w.write("\n")
        }
        try w.commit()
    }
}
