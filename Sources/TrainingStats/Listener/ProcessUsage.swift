#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the process takes of the machine.
enum ProcessUsage {
    /// Processor seconds of all threads so far.
    static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Memory now.
    static var memory: StatsReport.Memory {
        var memory = StatsReport.Memory()
        #if os(Linux)
            let status = SystemFile("/proc/self/status")
            memory.resident = status.kibibytes("VmRSS") << 10
            memory.peak = status.kibibytes("VmHWM") << 10
            memory.available = SystemFile("/proc/meminfo").kibibytes("MemAvailable") << 10
        #elseif canImport(Darwin)
            var info = mach_task_basic_info()
            var size = mach_msg_type_number_t(
                MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
            let result = withUnsafeMutablePointer(to: &info) { info in
                info.withMemoryRebound(to: integer_t.self, capacity: Int(size)) {
                    task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &size)
                }
            }
            if result == KERN_SUCCESS {
                memory.resident = Int(info.resident_size)
                memory.peak = Int(info.resident_size_max)
            }
        #endif
        return memory
    }
}

/// A small file of the system, such as those under /proc, whose lines are `name: value`.
struct SystemFile {
    private let text: [UInt8]

    /// Reads the first 64 KiB of a file; what cannot be read is empty.
    init(_ path: String) {
        var text: [UInt8] = []
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file >= 0 {
            text = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                while count < buffer.count {
                    let got = read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                    guard got > 0 else { break }
                    count += got
                }
            }
            close(file)
        }
        self.text = text
    }

    /// What stands behind the first `name` at the beginning of a line and its colon; `nil` when there is no such line.
    subscript(name: String) -> String? {
        let name = Array(name.utf8)
        for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: name) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            // "VmRSS:" and "model name\t:" count, "VmRSSx:" does not.
            let blanks = line[line.index(line.startIndex, offsetBy: name.count)..<colon]
            guard blanks.allSatisfy(Self.isBlank) else { continue }
            let value = line[line.index(after: colon)...].drop(while: Self.isBlank)
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    /// A number of kibibytes, as in "VmRSS: 1234 kB"; 0 when there is none.
    func kibibytes(_ name: String) -> Int {
        self[name]?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
