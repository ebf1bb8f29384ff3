import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the user reads: messages on standard error, so that standard output stays free for data.
enum Console {
    /// Whether standard error is a terminal on which a line can be drawn again.
    static let isTerminal = isatty(2) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"

    /// Whether the last line was drawn by `redraw`, and must be wiped before another is printed.
    private static let isDrawn = Mutex(false)
    private static let wipe = "\r\u{1B}[K"

    /// Prints a line, in place of the one that `redraw` drew.
    static func say(_ text: String) {
        isDrawn.withLock { drawn in
            write((drawn ? wipe : "") + text + "\n")
            drawn = false
        }
    }

    /// Draws the last line anew, cut to the terminal's width.
    static func redraw(_ text: String) {
        isDrawn.withLock { drawn in
            write(wipe + String(text.prefix(columns - 1)))
            drawn = true
        }
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                #if canImport(Glibc)
                    Glibc.write(2, bytes.baseAddress, bytes.count)
                #elseif canImport(Musl)
                    Musl.write(2, bytes.baseAddress, bytes.count)
                #else
                    Darwin.write(2, bytes.baseAddress, bytes.count)
                #endif
            }
            // Nobody reads any more: there is nowhere to complain.
            if count < 0, errno != EINTR { return }
            rest = rest.dropFirst(max(0, count))
        }
    }
}

/// A whole number with thousands separators.
func grouped(_ value: Int) -> String {
    var digits = ""
    for (index, digit) in String(abs(value)).reversed().enumerated() {
        if index > 0, index % 3 == 0 { digits.append(",") }
        digits.append(digit)
    }
    return (value < 0 ? "-" : "") + String(digits.reversed())
}

/// A count and what is counted, in the plural unless it is one.
func counted(_ value: Int, _ noun: String) -> String {
    grouped(value) + " " + noun + (value == 1 ? "" : "s")
}

/// A number with that many decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    let scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e18 else { return "\(value)" }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return sign + "\(whole)" }
    let fraction = String(whole % Int(scale))
    return sign + "\(whole / Int(scale))." + String(repeating: "0", count: decimals - fraction.count) + fraction
}

/// Seconds as 0:07, 12:34 or 1:02:03.
func clockTime(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 3.6e8 else { return "-:--" }
    let whole = Int(max(0, seconds).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
}
