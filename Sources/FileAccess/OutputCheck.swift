/// Looks whether a file could be written, before the work that makes its content.
public enum OutputCheck {
    /// Opens a temporary file where `AtomicFileWriter` would, and removes it again.
    /// - Throws: `FileError.system` when that fails.
    public static func canWrite(_ path: String) throws {
        _ = try AtomicFileWriter(path: path)
    }
}
