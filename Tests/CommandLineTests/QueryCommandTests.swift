import Foundation
import TestSupport
import Testing

@Suite struct QueryCommandTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try folder.write(
            "v.txt", "6 3\nman 1 0 0\nwoman 1 1 0\nking 1 0 1\nqueen 1 1 1\ncar -1 0 0\n\"\u{1B}[31m 0 0 1\n")
    }

    func run(_ arguments: String...) throws -> CommandRunner.Output {
        try CommandRunner.start(arguments, in: folder.path).1()
    }

    @Test func nearestPrintsWordsAndCosines() throws {
        let output = try run("nearest", "v.txt", "king", "--count", "3")
        #expect(output.status == 0 && output.standardError.isEmpty)
        #expect(output.standardOutput == "queen\t0.8165\nman\t0.7071\n\"\\u{1b}[31m\t0.7071\n")
        let two = try run("nearest", "v.txt", "king", "car", "--count", "1")
        #expect(two.standardOutput == "king\tqueen\t0.8165\ncar\t\"\\u{1b}[31m\t0.0000\n")
    }

    /// As before `head`: the end of the reader is no error to be told of, and still no success.
    @Test func readersMayGoAway() throws {
        for arguments in [["nearest", "v.txt", "king"], ["neighbors", "v.txt", "--count", "2"], ["info", "v.txt"]] {
            let process = Process()
            let (output, errors) = (Pipe(), Pipe())
            process.executableURL = CommandRunner.executable
            process.arguments = arguments
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            process.standardOutput = output
            process.standardError = errors
            try output.fileHandleForReading.close()
            try process.run()
            let said = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(
                process.terminationStatus == 141 && said.isEmpty,
                "\(arguments): \(String(decoding: said, as: UTF8.self))")
        }
    }

    @Test func answersInJSON() throws {
        let output = try run("nearest", "v.txt", "man", "\"\u{1B}[31m", "--count", "2", "--json")
        #expect(output.status == 0 && !output.standardOutput.contains("\u{1B}"))
        struct Answers: Decodable {
            struct Query: Decodable {
                let word: String
                let nearest: [Neighbor]
            }
            struct Neighbor: Decodable, Equatable {
                let word: String
                let similarity: Float
            }
            let queries: [Query]
        }
        let answers = try JSONDecoder().decode(Answers.self, from: Data(output.standardOutput.utf8))
        #expect(answers.queries.map(\.word) == ["man", "\"\u{1B}[31m"])
        #expect(answers.queries[0].nearest.map(\.word) == ["woman", "king"])
        #expect(answers.queries[0].nearest[0].similarity == Float(0.5).squareRoot())
    }

    @Test func analogies() throws {
        let output = try run("analogy", "v.txt", "king", "-", "man", "+", "woman", "--count", "1")
        #expect(output.status == 0 && output.standardOutput.hasPrefix("queen\t"))
        let multiplied = try run("analogy", "v.txt", "king", "-", "man", "+", "woman", "--method", "mul", "--json")
        #expect(multiplied.status == 0)
        let text = multiplied.standardOutput
        #expect(text.hasPrefix(#"{"positive": ["king", "woman"], "negative": ["man"], "method": "mul", "answers": "#))
        // car is opposite to man: the quotient is large.
        #expect(text.contains(#""answers": [{"word": "car", "score": 21446."#))
        #expect(text.contains(#"{"word": "queen", "score": 1.0459"#))
        #expect(try run("analogy", "v.txt", "king", "-").status == 64)
        // The second sign is a word.
        let sign = try run("analogy", "v.txt", "king", "-", "-")
        #expect(sign.status == 1 && sign.standardError.contains("the word \"-\" is not in the vocabulary"))
    }

    @Test func matricesNeedWords() throws {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n"
        let floats = [Float](arrayLiteral: 1, -2).flatMap {
            withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) }
        }
        try folder.write(
            "m.npy", [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8 + floats)
        try folder.write("words.txt", "up\ndown\n")
        #expect(try run("nearest", "m.npy", "up", "--labels", "words.txt").standardOutput == "down\t-1.0000\n")
        #expect(try run("nearest", "m.npy", "up").status == 64)
        #expect(try run("nearest", "v.txt", "man", "--labels", "words.txt").status == 64)
    }

    @Test(arguments: [
        (["nearest", "v.txt", "knig"], 1, "w2v: the word \"knig\" is not in the vocabulary; near spellings: king"),
        (["nearest", "v.txt", "\u{1B}[2J"], 1, "w2v: the word \"\\u{1b}[2J\" is not in the vocabulary"),
        (["nearest", "missing.bin", "a"], 1, "w2v: missing.bin: cannot open it"),
        (["nearest", "v.txt", "man", "--count", "0"], 64, "--count: expected 1 or more"),
        (["nearest", "v.txt"], 64, "asked"),
    ])
    func errors(arguments: [String], status: Int32, message: String) throws {
        let output = try CommandRunner.start(arguments, in: folder.path).1()
        #expect(output.status == status && output.standardOutput.isEmpty)
        #expect(output.standardError.contains(message))
        if status == 1 { #expect(output.lines.count == 1) }
    }
}
