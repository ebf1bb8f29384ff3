#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What went wrong with a file as such: opening, mapping, writing, unpacking.
public enum FileError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The operating system refused: the file, what was tried, and its own words.
    case system(file: String, action: String, reason: String)
    /// The gzip stream breaks off or is damaged at that byte of the unpacked text.
    case damagedGzip(file: String, offset: Int, reason: String)

    /// One line for a terminal, with control characters escaped.
    public var description: String {
        switch self {
        case .system(let file, let action, let reason):
            "\(printable(file)): cannot \(action): \(reason)"
        case .damagedGzip(let file, let offset, let reason):
            "\(printable(file)): damaged gzip data at byte \(offset) of the unpacked text: \(reason)"
        }
    }

    /// Throws when the system would not see all of a path.
    package static func check(path: String, action: String) throws(FileError) {
        guard !path.isEmpty else { throw .system(file: path, action: action, reason: "the file name is empty") }
        guard !path.utf8.contains(0) else {
            throw .system(file: path, action: action, reason: "the file name contains a NUL character")
        }
    }

    /// The error of the last failed system call.
    static func last(file: String, action: String) -> FileError {
        .system(file: file, action: action, reason: String(cString: strerror(errno)))
    }
}

/// Text from outside as it may be shown on a terminal: control characters become `\u{…}` escapes.
public func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
        if isControl(scalar) {
            shown += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

/// Control and formatting characters (C0, C1, bidirectional overrides, line separators). The two joiners are no such:
/// Persian words and emoji need them.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value == 0x200C || scalar.value == 0x200D { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
}
