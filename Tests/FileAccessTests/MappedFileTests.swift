import FileAccess
import Foundation
import TestSupport
import Testing

struct MappedFileTests {
    let directory: TestFolder

    init() throws {
        directory = try TestFolder()
    }

    @Test("gives the file's bytes, also after it was removed", arguments: [0, 1, 5000])
    func bytes(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let path = try directory.write("in", bytes)
        let file = try MappedFile(path: path)
        try FileManager.default.removeItem(atPath: path)
        #expect(file.count == size)
        let read = file.withSpan { span in span.indices.map { span[$0] } }
        #expect(read == bytes)
        #expect(file.withBytes { Array($0) } == bytes)
    }

    @Test("a named pipe is refused at once, without waiting for a writer")
    func pipe() throws {
        try #require(mkfifo(directory["pipe"], 0o600) == 0)
        #expect(
            throws: FileError.system(file: directory["pipe"], action: "map it", reason: "it is no regular file")
        ) {
            _ = try MappedFile(path: directory["pipe"])
        }
    }

    @Test("directories, missing files and names with NUL are refused", arguments: ["", "/missing", "/in\0x"])
    func refused(name: String) throws {
        try directory.write("in", [1])
        #expect(throws: FileError.self) { _ = try MappedFile(path: directory.path + name) }
    }

    @Test("an unreadable file is refused", .enabled(if: geteuid() != 0, "root may read anything"))
    func unreadable() throws {
        let path = try directory.write("in", [1])
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        #expect(throws: FileError.self) { _ = try MappedFile(path: path) }
    }

    @Test(
        "control characters are escaped for the terminal, letters and joiners are not",
        arguments: [
            ("plain ä 猫", "plain ä 猫"), ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("a\nb\t", "a\\u{a}b\\u{9}"),
            ("\u{202E}abc", "\\u{202e}abc"), ("👩\u{200D}🚀 می\u{200C}خواهم", "👩\u{200D}🚀 می\u{200C}خواهم"),
        ])
    func printableText(text: String, shown: String) {
        #expect(printable(text) == shown)
    }
}
