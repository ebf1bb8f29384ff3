#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Looks whether files could be written, before the work that makes their content.
public enum OutputCheck {
    /// Opens temporary files where `AtomicFileWriter` would, and removes them again.
    /// - Parameters:
    ///   - paths: the files to write.
    ///   - inputs: files that are read meanwhile, and must not be overwritten.
    /// - Throws: `FileError.system` when one cannot be written, is an input, or is named twice.
    public static func canWrite(_ paths: [String], reading inputs: [String]) throws {
        for (number, path) in paths.enumerated() {
            if let input = inputs.first(where: { isSameFile($0, path) }) {
                throw FileError.system(file: path, action: "write it", reason: "it is the input \(printable(input))")
            }
            if isReplaced(path), paths[..<number].contains(where: { $0 == path || isSameFile($0, path) }) {
                throw FileError.system(file: path, action: "write it", reason: "it is named for two outputs")
            }
            _ = try AtomicFileWriter(path: path)
        }
    }

    /// Whether the path names a plain file, or nothing yet; not a device or a pipe.
    public static func isReplaced(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    }

    private static func isSameFile(_ one: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        return isReplaced(one) && stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
            && first.st_ino == second.st_ino
    }
}
