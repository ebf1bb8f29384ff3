internal import FileAccess
internal import Training

/// What a record from outside may contain at most. Records within these bounds cannot make a reader overflow or fill
/// its memory.
public enum StatsLimits {
    /// Bytes of a session's, type's or worker's identifier, and of a layer's name.
    public static let identifierBytes = 256
    /// Bytes of a text: a command, a word, a sentence.
    public static let textBytes = 4_096
    /// Bytes of a model's configuration.
    public static let configurationBytes = 1 << 20
    /// Layers of a model.
    public static let layers = 1_024
    /// Sizes of a layer's shape.
    public static let shapeSizes = 16
    /// Bins of a histogram.
    public static let histogramBins = 1_024
    /// Threads, probe words, or neighbours of one probe word.
    public static let listItems = 4_096
    /// Labels and points of a map.
    public static let points = 1_000_000
    /// The largest whole number: every one up to it is exact in JSON.
    public static let wholeNumber = 1 << 53 - 1
}

extension StatsRecord {
    /// Checks the record against `StatsLimits`: who takes records from outside calls it before anything else.
    /// - Throws: `StatsError.invalidRecord` with the place.
    public func validate() throws(StatsError) { try validate(index: nil) }

    /// Whether `validate` has nothing to say.
    var isValid: Bool { (try? validate()) != nil }

    func validate(index: Int?) throws(StatsError) {
        let check = RecordCheck(index: index)
        try check.identifier(source.session, "source.session")
        try check.identifier(source.type, "source.type")
        try check.identifier(source.worker, "source.worker")
        try check.whole(sequence, "sequence")
        try check.whole(Int(clamping: timestamp), "timestamp")
        switch content {
        case .metadata(let metadata): try check.metadata(metadata)
        case .staticInfo(let info): try check.staticInfo(info)
        case .update(let report): try check.report(report)
        case .map(let map): try check.map(map)
        }
    }
}

/// The checks of one record.
struct RecordCheck {
    /// Of the record in its batch.
    let index: Int?

    func fail(_ path: String, _ reason: String) -> StatsError {
        .invalidRecord(index: index, path: path, reason: reason)
    }

    func identifier(_ text: String, _ path: String) throws(StatsError) {
        guard !text.isEmpty else { throw fail(path, "empty") }
        try bounded(text, path, StatsLimits.identifierBytes)
        guard printable(text) == text else { throw fail(path, "contains a control character") }
    }

    func bounded(_ text: String?, _ path: String, _ bytes: Int = StatsLimits.textBytes) throws(StatsError) {
        let count = text?.utf8.count ?? 0
        guard count <= bytes else { throw fail(path, "\(count) bytes, at most \(bytes) are allowed") }
    }

    func whole(_ number: Int, _ path: String) throws(StatsError) {
        guard number >= 0 else { throw fail(path, "\(number) is negative") }
        guard number <= StatsLimits.wholeNumber else { throw fail(path, "\(number) is too large") }
    }

    func count(_ number: Int, _ path: String, _ most: Int) throws(StatsError) {
        guard number <= most else { throw fail(path, "\(number) entries, at most \(most) are allowed") }
    }

    func metadata(_ metadata: SessionMetadata) throws(StatsError) {
        try bounded(metadata.name, "content.metadata.name", StatsLimits.identifierBytes)
        try bounded(metadata.command, "content.metadata.command")
    }

    func staticInfo(_ info: StaticInfo) throws(StatsError) {
        let path = "content.staticInfo"
        try whole(Int(clamping: info.startTime), path + ".startTime")
        if let software = info.software {
            try bounded(software.operatingSystem, path + ".software.operatingSystem")
            try bounded(software.runtime, path + ".software.runtime")
            try bounded(software.backend, path + ".software.backend")
            try bounded(software.hostName, path + ".software.hostName")
            try whole(software.processID, path + ".software.processID")
        }
        if let hardware = info.hardware {
            try bounded(hardware.architecture, path + ".hardware.architecture")
            try bounded(hardware.processor, path + ".hardware.processor")
            try whole(hardware.processors, path + ".hardware.processors")
            try whole(hardware.memory, path + ".hardware.memory")
        }
        if let model = info.model { try self.model(model, path + ".model") }
    }

    private func model(_ model: StaticInfo.Model, _ path: String) throws(StatsError) {
        try bounded(model.modelClass, path + ".modelClass", StatsLimits.identifierBytes)
        try bounded(model.configuration, path + ".configuration", StatsLimits.configurationBytes)
        try bounded(model.unit, path + ".unit", StatsLimits.identifierBytes)
        try whole(model.totalUnits, path + ".totalUnits")
        try whole(model.threads, path + ".threads")
        try count(model.labels.count, path + ".labels", StatsLimits.points)
        for (number, label) in model.labels.enumerated() where label.utf8.count > StatsLimits.textBytes {
            try bounded(label, path + ".labels[\(number)]")
        }
        try count(model.layers.count, path + ".layers", StatsLimits.layers)
        var names: Set<String> = []
        var parameters = 0
        for (number, layer) in model.layers.enumerated() {
            let path = path + ".layers[\(number)]"
            try layerName(layer.name, path, &names)
            try bounded(layer.kind, path + ".kind", StatsLimits.identifierBytes)
            try bounded(layer.sampling, path + ".sampling")
            try count(layer.inputs.count, path + ".inputs", StatsLimits.layers)
            for (number, input) in layer.inputs.enumerated() {
                try bounded(input, path + ".inputs[\(number)]", StatsLimits.identifierBytes)
            }
            try count(layer.shape.count, path + ".shape", StatsLimits.shapeSizes)
            var product = 1
            for (number, size) in layer.shape.enumerated() {
                try whole(size, path + ".shape[\(number)]")
                let (next, overflow) = product.multipliedReportingOverflow(by: size)
                guard !overflow, next <= StatsLimits.wholeNumber else { throw fail(path + ".shape", "too large") }
                product = next
            }
            parameters += product
            guard parameters <= StatsLimits.wholeNumber else { throw fail(path + ".shape", "too large") }
        }
    }

    private func layerName(_ name: String, _ path: String, _ names: inout Set<String>) throws(StatsError) {
        try bounded(name, path + ".name", StatsLimits.identifierBytes)
        guard names.insert(name).inserted else { throw fail(path + ".name", "used for two layers") }
    }

    func report(_ report: StatsReport) throws(StatsError) {
        let path = "content.update"
        try whole(report.iteration, path + ".iteration")
        try whole(report.epoch ?? 0, path + ".epoch")
        try whole(report.completedUnits, path + ".completedUnits")
        try whole(report.totalUnits, path + ".totalUnits")
        if let performance = report.performance {
            try whole(performance.totalExamples, path + ".performance.totalExamples")
            try whole(performance.totalMinibatches, path + ".performance.totalMinibatches")
            let threads = performance.unitsPerSecondByThread.count
            try count(threads, path + ".performance.unitsPerSecondByThread", StatsLimits.listItems)
        }
        if let memory = report.memory {
            try whole(memory.resident, path + ".memory.resident")
            try whole(memory.peak, path + ".memory.peak")
            try whole(memory.available, path + ".memory.available")
        }
        if let router = report.observer.router {
            try whole(router.received, path + ".observer.router.received")
            try whole(router.delivered, path + ".observer.router.delivered")
            try whole(router.queued, path + ".observer.router.queued")
            try whole(router.spilled, path + ".observer.router.spilled")
            try whole(router.lost, path + ".observer.router.lost")
            try whole(router.failures, path + ".observer.router.failures")
        }
        try layers(report.layers, path + ".layers")
        try neighbors(report.neighbors, path + ".neighbors")
        try count(report.figures?.count ?? 0, path + ".figures", StatsLimits.listItems)
        for (number, figure) in (report.figures ?? []).enumerated() {
            try bounded(figure.name, "\(path).figures[\(number)].name", StatsLimits.identifierBytes)
        }
    }

    private func layers(_ layers: [LayerStatistics], _ path: String) throws(StatsError) {
        try count(layers.count, path, StatsLimits.layers)
        var names: Set<String> = []
        for (number, layer) in layers.enumerated() {
            try layerName(layer.name, "\(path)[\(number)]", &names)
            for kind in LayerStatistics.Kind.allCases {
                guard let summary = layer[kind] else { continue }
                try self.summary(summary, "\(path)[\(number)].\(kind.rawValue)")
            }
        }
    }

    private func summary(_ summary: LayerStatistics.Summary, _ path: String) throws(StatsError) {
        try whole(summary.count, path + ".count")
        guard let histogram = summary.histogram else { return }
        try count(histogram.counts.count, path + ".histogram.counts", StatsLimits.histogramBins)
        for (bin, number) in histogram.counts.enumerated() where number < 0 || number > StatsLimits.wholeNumber {
            try whole(number, path + ".histogram.counts[\(bin)]")
        }
        try whole(histogram.nonFinite, path + ".histogram.nonFinite")
        // Without a finite value the edges may be anything.
        guard histogram.counts.contains(where: { $0 > 0 }) else { return }
        guard histogram.low.isFinite, histogram.high.isFinite, histogram.low <= histogram.high else {
            throw fail(path + ".histogram", "from \(histogram.low) to \(histogram.high)")
        }
    }

    private func neighbors(_ probes: [ProbeNeighbors], _ path: String) throws(StatsError) {
        try count(probes.count, path, StatsLimits.listItems)
        for (number, probe) in probes.enumerated() {
            let path = "\(path)[\(number)]"
            try bounded(probe.word, path + ".word")
            try count(probe.neighbors.count, path + ".neighbors", StatsLimits.listItems)
            for (number, neighbor) in probe.neighbors.enumerated() {
                try bounded(neighbor.word, "\(path).neighbors[\(number)].word")
            }
        }
    }

    func map(_ map: MapSnapshot) throws(StatsError) {
        let path = "content.map"
        try whole(map.iteration, path + ".iteration")
        guard map.dimensions == 2 || map.dimensions == 3 else {
            throw fail(path + ".dimensions", "\(map.dimensions), expected 2 or 3")
        }
        try whole(map.count, path + ".count")
        try count(map.count, path + ".count", StatsLimits.points)
        guard map.packed.count == 2 * map.count * map.dimensions, map.low.count == map.dimensions,
            map.high.count == map.dimensions
        else { throw fail(path, "the map's sizes do not fit together") }
        for dimension in 0..<map.dimensions {
            let (low, high) = (map.low[dimension], map.high[dimension])
            guard low.isFinite, high.isFinite, low <= high else { throw fail(path, "from \(low) to \(high)") }
        }
    }
}
