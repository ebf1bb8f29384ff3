import FileAccess
import Foundation
import TestSupport
import Testing

struct AtomicFileWriterTests {
    let directory: TestFolder

    init() throws {
        directory = try TestFolder()
    }

    @Test("writes bytes, text and floats of any size in order", arguments: [0, 1, 1000, 262_144, 600_001])
    func order(size: Int) throws {
        let large = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let floats: [Float] = [1, -0.0, .pi]
        var writer = try AtomicFileWriter(path: directory["out"])
        try writer.write("ä\n")
        try writer.write(large)
        try writer.write(floats: floats.span)
        try writer.write(large.lazy.map { $0 ^ 1 })
        try writer.commit()
        var expected = Array("ä\n".utf8) + large
        for value in floats { withUnsafeBytes(of: value.bitPattern.littleEndian) { expected.append(contentsOf: $0) } }
        expected += large.map { $0 ^ 1 }
        #expect(try directory.bytes("out") == expected)
        #expect(try directory.files == ["out"])
    }

    @Test("a packed file is one gzip stream of all bytes", arguments: [0, 1, 1000, 1 << 20, (17 << 20) + 5])
    func packed(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7) }
        for (name, step) in [("one", max(1, size)), ("two", 300_001)] {
            var writer = try AtomicFileWriter(path: directory[name], packed: true)
            for start in stride(from: 0, to: size, by: step) {
                try writer.write(bytes[start..<min(size, start + step)])
            }
            try writer.commit()
        }
        var reader = GzipReader(file: try MappedFile(path: directory["one"]))
        var unpacked: [UInt8] = []
        try reader.read(size + 1, into: &unpacked)
        #expect(unpacked == bytes && reader.isAtEnd)
        #expect(try directory.bytes("one") == directory.bytes("two"))
        #expect(try directory.files == ["one", "two"])
    }

    @Test("an abandoned writer leaves the old file and nothing else")
    func abandoned() throws {
        try directory.write("out", [1, 2, 3])
        func begin() throws {
            var writer = try AtomicFileWriter(path: directory["out"])
            try writer.write([UInt8](repeating: 9, count: 1_000_000))
            throw CocoaError(.userCancelled)
        }
        #expect(throws: CocoaError.self) { try begin() }
        #expect(try directory.bytes("out") == [1, 2, 3])
        #expect(try directory.files == ["out"])
    }

    @Test("the old file is whole until commit, and keeps its permissions after it")
    func replaces() throws {
        let path = try directory.write("out", [1])
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        var writer = try AtomicFileWriter(path: path)
        try writer.write("new")
        #expect(try directory.bytes("out") == [1])
        try writer.commit()
        #expect(try directory.bytes("out") == Array("new".utf8))
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(permissions == 0o640)
    }

    @Test(
        "a symbolic link stays one; the file that it names is replaced or made", arguments: [true, false],
        [true, false])
    func links(exists: Bool, isRelative: Bool) throws {
        try FileManager.default.createDirectory(atPath: directory["sub"], withIntermediateDirectories: true)
        if exists { try directory.write("sub/target", [1]) }
        let target = isRelative ? "sub/target" : directory["sub/target"]
        try FileManager.default.createSymbolicLink(atPath: directory["first"], withDestinationPath: target)
        try FileManager.default.createSymbolicLink(atPath: directory["second"], withDestinationPath: "first")
        try writeAtomically("new".utf8, to: directory["second"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory["second"]) == "first")
        #expect(try directory.bytes("sub/target") == Array("new".utf8))
        #expect(try directory.files == ["first", "second", "sub"])
    }

    @Test("a name as long as the file system allows works")
    func longName() throws {
        let name = String(repeating: "é", count: 127)
        try writeAtomically([7], to: directory[name])
        #expect(try directory.bytes(name) == [7])
    }

    @Test(
        "what cannot be written is refused at once",
        arguments: [("missing/out", "No such file"), ("", "it is a directory"), ("a\0b", "NUL")])
    func refused(name: String, reason: String) throws {
        let error = #expect(throws: FileError.self) { _ = try AtomicFileWriter(path: directory.path + "/" + name) }
        #expect(error?.description.contains(reason) == true)
        #expect(error?.description.contains("\n") == false)
        #expect(try directory.files.isEmpty)
    }

    @Test("an empty file name is refused")
    func emptyName() {
        #expect(throws: FileError.system(file: "", action: "write it", reason: "the file name is empty")) {
            _ = try AtomicFileWriter(path: "")
        }
    }

    @Test("an unwritable directory or file is refused", .enabled(if: geteuid() != 0, "root may write anywhere"))
    func unwritable() throws {
        let path = try directory.write("out", [1])
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
        #expect(throws: FileError.self) { _ = try AtomicFileWriter(path: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: directory.path)
        #expect(throws: FileError.self) { _ = try AtomicFileWriter(path: directory["other"]) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        #expect(try directory.bytes("out") == [1])
    }

    @Test(
        "a full disk is an error, at write or at commit, and stays one",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: [10, 1_000_000])
    func fullDisk(size: Int) throws {
        let bytes = [UInt8](repeating: 1, count: size)
        let error = #expect(throws: FileError.self) { try writeAtomically(bytes, to: "/dev/full") }
        #expect(error?.description.contains("No space left") == true)
        func writeOn() throws {
            var writer = try AtomicFileWriter(path: "/dev/full")
            #expect(throws: FileError.self) { try writer.write([UInt8](repeating: 1, count: 1_000_000)) }
            try writer.commit()
        }
        #expect(throws: FileError.self) { try writeOn() }
    }

    @Test("a named pipe is written to directly")
    func pipe() throws {
        let path = directory["pipe"]
        try #require(mkfifo(path, 0o600) == 0)
        // Opened for both, so that neither end waits for the other.
        let reader = open(path, O_RDWR)
        defer { close(reader) }
        try writeAtomically("through".utf8, to: path)
        var received = [UInt8](repeating: 0, count: 16)
        #expect(Foundation.read(reader, &received, 16) == 7)
        #expect(Array(received[..<7]) == Array("through".utf8))
        #expect(try directory.files == ["pipe"])
    }

    @Test("/dev/fd/N goes on where the open file stands, as after >> in a shell")
    func openDescriptor() throws {
        let path = try directory.write("log", Array("old ".utf8))
        let descriptor = open(path, O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        try writeAtomically("new".utf8, to: "/dev/fd/\(descriptor)")
        #expect(try directory.bytes("log") == Array("old new".utf8))
        #expect(try directory.files == ["log"])
    }
}
