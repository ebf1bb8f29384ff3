internal import TrainingStats

/// The shorter answers. They ask storages and belong on a `WorkQueue`.
extension API {
    static func info(_ source: StatsSource, _ observatory: Observatory) throws -> [UInt8] {
        let cache = try observatory.cache(source)
        let storage = cache.storage
        var json = JSONWriter()
        json.raw("{\"now\":")
        json.integer(millisecondsNow())
        json.raw(",\"info\":")
        try write(try cache.info(), to: &json)
        json.raw(",\"metadata\":")
        try write(try storage.metadata(session: source.session), to: &json)
        json.raw(",\"workers\":")
        json.array(try observatory.runs.workers(session: source.session, in: storage)) { $1.write(to: &$0) }
        json.raw("}")
        return json.bytes
    }

    static func latest(_ cache: SourceCache) throws -> [UInt8] {
        guard let record = try cache.latest(), let report = record.report else {
            throw HTTPFailure.notFound("there is no report yet")
        }
        var json = JSONWriter(capacity: 8_192)
        json.raw("{\"sequence\":")
        json.integer(record.sequence)
        json.raw(",\"timestamp\":")
        json.integer(record.timestamp)
        json.raw(",\"report\":")
        json.raw(try StatsJSON.encode(report))
        json.raw("}")
        return json.bytes
    }

    static func strip(_ cache: SourceCache, _ layer: String, _ kind: LayerStatistics.Kind) throws -> [UInt8] {
        let histograms = try cache.samples().compactMap { record -> (iteration: Int, histogram: Histogram)? in
            guard let report = record.report,
                let histogram = report.layers.first(where: { $0.name == layer })?[kind]?.histogram
            else { return nil }
            return (report.iteration, histogram)
        }
        var json = JSONWriter(capacity: 256 + histograms.count * 256)
        json.raw("{\"iterations\":")
        json.array(histograms) { $0.integer($1.iteration) }
        json.raw(",\"histograms\":")
        json.array(histograms) { json, item in
            json.raw("{\"low\":")
            json.number(item.histogram.low)
            json.raw(",\"high\":")
            json.number(item.histogram.high)
            json.raw(",\"counts\":")
            json.array(item.histogram.counts) { $0.integer($1) }
            json.raw(",\"nonFinite\":")
            json.integer(item.histogram.nonFinite)
            json.raw("}")
        }
        json.raw("}")
        return json.bytes
    }

    static func maps(_ maps: [(sequence: Int, iteration: Int)]) -> [UInt8] {
        var json = JSONWriter(capacity: 32 + maps.count * 40)
        json.raw("{\"maps\":")
        json.array(maps) { json, map in
            json.raw("{\"sequence\":")
            json.integer(map.sequence)
            json.raw(",\"iteration\":")
            json.integer(map.iteration)
            json.raw("}")
        }
        json.raw("}")
        return json.bytes
    }

    /// What the rules find in a run.
    static func advice(_ source: StatsSource, _ observatory: Observatory) throws -> [UInt8] {
        let cache = try observatory.cache(source)
        let key = SourceKey(storage: ObjectIdentifier(cache.storage), source: source)
        let arrival = observatory.runs.lastArrival(key)
        let silence = arrival.map { Double(millisecondsNow() - $0) / 1_000 }
        var json = JSONWriter(capacity: 4_096)
        json.raw("{\"advice\":")
        json.raw(try cache.advice(silentSeconds: silence))
        json.raw("}")
        return json.bytes
    }

    private static func write(_ value: (some Encodable)?, to json: inout JSONWriter) throws {
        if let value { json.raw(try StatsJSON.encode(value)) } else { json.null() }
    }
}
