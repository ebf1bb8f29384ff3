internal import TrainingStats

extension StatsSeries {
    /// The answer of `/api/series`.
    /// - Parameter chosen: names of the columns; empty for all. Names that do not exist are left out.
    func json(columns chosen: Set<String>) -> [UInt8] {
        var json = JSONWriter(capacity: points.count * 48 * (chosen.isEmpty ? names.count : chosen.count) + 4_096)
        json.raw("{\"updates\":")
        json.integer(updates)
        json.raw(",\"lastSequence\":")
        json.integer(lastSequence)
        json.raw(",\"firstSequences\":")
        json.array(points) { $0.integer($1.firstSequence) }
        json.raw(",\"lastSequences\":")
        json.array(points) { $0.integer($1.lastSequence) }
        json.raw(",\"iterations\":")
        json.array(points) { $0.integer($1.iteration) }
        json.raw(",\"timestamps\":")
        json.array(points) { $0.integer($1.timestamp) }
        json.raw(",\"columns\":{")
        let hasRanges = points.contains { $0.updates > 1 }
        var isFirst = true
        for (column, name) in names.enumerated() where chosen.isEmpty || chosen.contains(name) {
            if !isFirst { json.raw(",") }
            isFirst = false
            json.string(name)
            json.raw(":{\"mean\":")
            write(column, { $0.mean }, to: &json)
            if hasRanges {
                json.raw(",\"low\":")
                write(column, { $0.low }, to: &json)
                json.raw(",\"high\":")
                write(column, { $0.high }, to: &json)
            }
            json.raw(",\"nonFinite\":{")
            writeNonFinite(column, to: &json)
            json.raw("}}")
        }
        json.raw("}}")
        return json.bytes
    }

    private func write(_ column: Int, _ part: (Cell) -> Double, to json: inout JSONWriter) {
        json.array(points) { json, point in
            guard column < point.cells.count, point.cells[column].count > 0 else { return json.null() }
            json.number(part(point.cells[column]))
        }
    }

    private func writeNonFinite(_ column: Int, to json: inout JSONWriter) {
        var isFirst = true
        for (index, point) in points.enumerated() where column < point.cells.count {
            let count = point.cells[column].nonFinite
            guard count > 0 else { continue }
            json.raw(isFirst ? "\"" : ",\"")
            isFirst = false
            json.integer(index)
            json.raw("\":")
            json.integer(count)
        }
    }

    /// The data of the event `point` for a point of one update.
    func pointJSON(_ point: Point) -> [UInt8] {
        var json = JSONWriter(capacity: 64 + 48 * point.cells.count)
        json.raw("{\"sequence\":")
        json.integer(point.lastSequence)
        json.raw(",\"iteration\":")
        json.integer(point.iteration)
        json.raw(",\"timestamp\":")
        json.integer(point.timestamp)
        json.raw(",\"values\":{")
        var isFirst = true
        for (name, cell) in zip(names, point.cells) where !cell.isMissing {
            if !isFirst { json.raw(",") }
            isFirst = false
            json.string(name)
            json.raw(":")
            json.number(cell.mean)
        }
        json.raw("}}")
        return json.bytes
    }
}
