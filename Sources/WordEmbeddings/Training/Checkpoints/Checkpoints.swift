/// Where and how often a training keeps its state, and whether it goes on from one.
public struct Checkpoints: Sendable, Equatable {
    /// Time or work between two checkpoints.
    public enum Interval: Sendable, Equatable {
        /// Seconds, more than 0.
        case seconds(Double)
        /// Words read, 1 or more.
        case words(Int)

        /// Reads `30s`, `5m`, `2h` or `1000000w`.
        /// - Returns: `nil` for anything else.
        public init?(_ text: String) {
            guard let unit = text.last, let value = Double(text.dropLast()), value > 0, value.isFinite else {
                return nil
            }
            switch unit {
            case "s": self = .seconds(value)
            case "m": self = .seconds(60 * value)
            case "h": self = .seconds(3_600 * value)
            case "w":
                guard let words = Int(text.dropLast()) else { return nil }
                self = .words(words)
            default: return nil
            }
        }
    }

    /// The folder; it is made when it is not there. `checkpoint.w2v` in it is a model file, which every command reads.
    public var folder: String
    /// Default: 5 minutes. The state is written as soon afterwards as the threads have done their pieces of the text.
    public var interval = Interval.seconds(300)
    /// Goes on from the folder's checkpoint; without one the training begins at the beginning. Default: `false`: the
    /// training begins anew and replaces what is there.
    public var resumes = false

    /// Checkpoints in a folder.
    public init(folder: String) {
        self.folder = folder
    }

    /// The checkpoint's file.
    public var path: String { folder + "/checkpoint.w2v" }
    /// The file of the best state, when the training stops early.
    public var bestPath: String { folder + "/best.w2v" }
}
