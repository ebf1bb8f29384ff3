internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

extension StaticInfo.Software {
    /// This process.
    /// - Parameter backend: what computes.
    static func current(backend: String) -> Self {
        Self(
            operatingSystem: operatingSystem, runtime: runtime, backend: backend, hostName: systemHostName,
            processID: Int(getpid()))
    }

    private static var operatingSystem: String {
        #if os(Linux)
            var system = utsname()
            guard uname(&system) == 0 else { return "Linux" }
            let release = withUnsafeBytes(of: &system.release) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            // PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
            let lines = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8))?.split(separator: "\n") ?? []
            let name = lines.first { $0.hasPrefix("PRETTY_NAME=") }?.dropFirst("PRETTY_NAME=".count)
                .trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
            return [name, "Linux \(release)"].compactMap { $0 }.joined(separator: ", ")
        #else
            return "macOS " + ProcessInfo.processInfo.operatingSystemVersionString
        #endif
    }

    private static var runtime: String {
        #if compiler(>=6.4)
            return "Swift 6.4 or later"
        #elseif compiler(>=6.3)
            return "Swift 6.3"
        #else
            return "Swift 6.2"
        #endif
    }
}

extension StaticInfo.Hardware {
    /// This machine.
    static var current: Self {
        Self(
            architecture: architecture, processor: processor,
            processors: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            memory: Int(ProcessInfo.processInfo.physicalMemory))
    }

    private static var architecture: String {
        #if arch(x86_64)
            return "x86_64"
        #elseif arch(arm64)
            return "arm64"
        #else
            return "other"
        #endif
    }

    private static var processor: String {
        #if os(Linux)
            let info = SystemFile("/proc/cpuinfo")
            return info["model name"] ?? info["Model"] ?? ""
        #elseif canImport(Darwin)
            var size = 0
            guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 else { return "" }
            var name = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return "" }
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #else
            return ""
        #endif
    }
}

/// The machine's own name, without asking the network.
var systemHostName: String {
    var name = [CChar](repeating: 0, count: 256)
    let result = gethostname(&name, name.count - 1)
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return result == 0 && !text.isEmpty ? text : "localhost"
}
