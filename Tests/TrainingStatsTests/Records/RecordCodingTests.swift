import Foundation
import Testing
import Training

@testable import TrainingStats

@Suite("records as JSON")
struct RecordCodingTests {
    @Test("every content comes back as it was")
    func roundTrip() throws {
        let records = [Records.info(0), Records.metadata(1), Records.update(2), Records.map(3)]
        let json = try StatsJSON.encode(records)
        #expect(try StatsJSON.decodeRecords(json) == records)
        // Sorted keys: the same record is the same bytes.
        #expect(try StatsJSON.encode(records) == json)
    }

    @Test("numbers that are none stay so", arguments: [Double.nan, .infinity, -.infinity])
    func nonFinite(number: Double) throws {
        var report = Records.report(1)
        report.score = number
        report.elapsedSeconds = number
        report.layers[0].parameters?.mean = number
        let json = try StatsJSON.encode([Records.record(0, .update(report))])
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains(number.isNaN ? #""score":"NaN""# : number > 0 ? #""Infinity""# : #""-Infinity""#))
        let record = try #require(try StatsJSON.decodeRecords(json).first)
        guard case .update(let back) = record.content else { throw CancellationError() }
        #expect(back.score?.bitPattern == number.bitPattern || (number.isNaN && back.score?.isNaN == true))
        #expect(back.layers[0].parameters?.mean?.isFinite == false)
    }

    @Test("what a configuration switched off is absent, not empty")
    func absent() throws {
        let report = StatsReport(iteration: 0, completedUnits: 0, totalUnits: 0, elapsedSeconds: 0)
        let text = String(decoding: try StatsJSON.encode(report), as: UTF8.self)
        for name in ["score", "performance", "memory", "learningRate", "epoch"] { #expect(!text.contains(name)) }
        #expect(try StatsJSON.decode(StatsReport.self, from: Array(text.utf8)) == report)
    }

    @Test("a map is exact to 1/65,535 of its width, and comes back in base64", arguments: [2, 3])
    func maps(dimensions: Int) throws {
        let values = (0..<dimensions * 500).map { Float(($0 * 7_919) % 1_000) / 3 - 100 }
        let map = MapSnapshot(iteration: 9, coordinates: MapCoordinates(dimensions: dimensions, values: values))
        #expect(map.count == 500 && map.packed.count == 2 * dimensions * 500)
        for point in 0..<500 {
            for dimension in 0..<dimensions {
                let at = 2 * (dimension * 500 + point)
                let level = Double(Int(map.packed[at]) | Int(map.packed[at + 1]) << 8)
                let width = Double(map.high[dimension]) - Double(map.low[dimension])
                let value = Double(map.low[dimension]) + level / 65_535 * width
                #expect(abs(value - Double(values[point * dimensions + dimension])) <= width / 65_535)
            }
        }
        let json = try StatsJSON.encode(map)
        #expect(json.count < 4 * map.packed.count / 3 + 300)
        #expect(try StatsJSON.decode(MapSnapshot.self, from: json) == map)
    }

    @Test(
        "a map of anything is a map",
        arguments: [
            [], [Float.nan, .nan], [.infinity, 0, 1, -.infinity], [0, 0],
            [-.greatestFiniteMagnitude, 1, .greatestFiniteMagnitude, 2],
            [.leastNonzeroMagnitude, 0, 0, .leastNonzeroMagnitude],
        ] as [[Float]])
    func hostileMap(values: [Float]) throws {
        let map = MapSnapshot(iteration: 0, coordinates: MapCoordinates(dimensions: 2, values: values))
        #expect(map.packed.count == 4 * map.count)
        try Records.record(0, .map(map)).validate()
        #expect(try StatsJSON.decode(MapSnapshot.self, from: try StatsJSON.encode(map)) == map)
    }

    @Test(
        "JSON that is none of ours is refused with its place",
        arguments: [
            ("", nil, ""), ("{", nil, ""), ("{}", nil, ""), ("null", nil, ""), ("[1]", 0, ""), ("[{}]", 0, "source"),
            (#"[{"source":{"session":"s","type":"t"}}]"#, 0, "source.worker"),
            (#"[{"source":{"session":"s","type":"t","worker":1}}]"#, 0, "source.worker"),
            (Self.json(sequence: "1e300"), nil, ""), (Self.json(sequence: "1.5"), nil, ""),
            (Self.json(sequence: "99999999999999999999"), nil, ""),
            (Self.json(content: #"{}"#), 0, "content"),
            (Self.json(content: #"{"update":{},"map":{}}"#), 0, "content"),
            (Self.json(content: #"{"other":{}}"#), 0, "content"),
            (
                Self.json(
                    content:
                        #"{"map":{"iteration":0,"count":9223372036854775807,"dimensions":2,"low":[0,0],"high":[1,1],"packed":""}}"#
                ), 0, "content.map"
            ),
            (
                Self.json(
                    content: #"{"map":{"iteration":0,"count":1,"dimensions":-5,"low":[0,0],"high":[1,1],"packed":""}}"#),
                0, "content.map"
            ),
            (
                Self.json(
                    content: #"{"map":{"iteration":0,"count":0,"dimensions":2,"low":[0,0],"high":[1,1],"packed":"%%"}}"#
                ), 0, "content.map.packed"
            ),
            (String(repeating: "[", count: 100_000), nil, ""),
            (#"[{"source":"# + String(repeating: #"{"a":"#, count: 100_000), nil, ""),
        ] as [(String, Int?, String)])
    func malformed(json: String, index: Int?, place: String) throws {
        let error = #expect(throws: StatsError.self) { try StatsJSON.decodeRecords(Array(json.utf8)) }
        guard case .invalidRecord(let foundIndex, let path, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(foundIndex == index && path == place && !reason.isEmpty, "\(foundIndex as Any) \(path) \(reason)")
    }

    private static func json(sequence: String = "0", content: String = #"{"metadata":{}}"#) -> String {
        #"[{"source":{"session":"s","type":"t","worker":"w"},"sequence":\#(sequence),"timestamp":0,"#
            + #""content":\#(content)}]"#
    }

    @Test("names of a report's numbers are those that the pages and the file format tell of")
    func scalars() {
        let names = Records.report(5).scalars.map(\.name)
        #expect(Set(names).count == names.count)
        for name in [
            "score", "gradientNorm", "learningRate", "epoch", "completedUnits", "elapsedSeconds", "examplesPerSecond",
            "thread/1/unitsPerSecond", "memory/peak", "listenerSeconds", "router/lost", "layer/input/ratio",
            "layer/output/activations/standardDeviation",
        ] { #expect(names.contains(name)) }
        let ratio = Records.report(5).scalars.first { $0.name == "layer/input/ratio" }?.value
        #expect(ratio == (3.0 / 8 / 2) / (1.0 / 8 / 2))
    }
}
