internal import Training

extension StatsRecord {
    /// About how many bytes the record takes in memory; its JSON is of the same order.
    var estimatedSize: Int {
        switch content {
        case .metadata(let metadata):
            200 + (metadata.name?.utf8.count ?? 0) + (metadata.command?.utf8.count ?? 0)
        case .staticInfo(let info):
            800 + (info.model.map { $0.configuration.utf8.count + Self.size($0.labels) + 400 * $0.layers.count } ?? 0)
        case .map(let map):
            300 + map.packed.count
        case .update(let report):
            600 + 8 * (report.performance?.unitsPerSecondByThread.count ?? 0)
                + report.layers.reduce(0) { $0 + Self.size($1) }
                + report.neighbors.reduce(0) { $0 + 40 + 40 * $1.neighbors.count }
        }
    }

    private static func size(_ labels: [String]) -> Int {
        labels.reduce(0) { $0 + $1.utf8.count + 16 }
    }

    private static func size(_ layer: LayerStatistics) -> Int {
        LayerStatistics.Kind.allCases.reduce(100) { size, kind in
            size + (layer[kind].map { 100 + 8 * ($0.histogram?.counts.count ?? 0) } ?? 0)
        }
    }
}
