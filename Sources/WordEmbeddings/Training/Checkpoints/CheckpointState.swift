import LinearAlgebra

/// What a checkpoint knows besides the tables: how far the training is, and of what it is.
struct CheckpointState: Codable, Sendable, Equatable {
    enum Trainer: String, Codable, Sendable {
        case racing
        case rotation
    }

    var trainer: Trainer
    /// Pieces of work that are done, over all epochs: pieces of the text, or chunks of block rotation.
    var position: Int
    /// Words read, over all epochs.
    var wordsDone: Int
    /// `corpusFingerprint` of the text.
    var corpus: String
    /// `corpusFingerprint` of the validation text, if there is one.
    var validation: String?
    /// The held-out losses so far.
    var course: ValidationCourse?

    /// Refuses a checkpoint that is not of this training, naming the first thing that differs.
    func check(
        against expected: CheckpointState, header: ModelHeader, configuration: Word2Vec.Configuration, path: String
    ) throws {
        func refuse(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
            .malformed(file: path, place: place, expected: expected, found: found)
        }
        if header.cpuLevel != .current {
            throw refuse(
                "CPU level", "\(CPULevel.current.rawValue), as this process has (W2V_CPU_LEVEL chooses another)",
                header.cpuLevel.rawValue)
        }
        guard let stored = header.configuration?.configuration else {
            throw refuse("configuration", "the values of a training", "none")
        }
        if let difference = stored.firstDifference(from: configuration) {
            throw refuse("configuration", "\(difference.name) \(difference.expected)", difference.found)
        }
        if corpus != expected.corpus {
            throw refuse("corpus", "the text of this training (fingerprint \(expected.corpus))", corpus)
        }
        if trainer != expected.trainer {
            throw refuse("trainer", expected.trainer.rawValue, trainer.rawValue)
        }
        if validation != expected.validation {
            throw refuse(
                "validation text", expected.validation.map { "fingerprint \($0)" } ?? "none", validation ?? "none")
        }
        if course?.patience != expected.course?.patience {
            func name(_ course: ValidationCourse?) -> String { course?.patience.map { "\($0)" } ?? "none" }
            throw refuse("patience", name(expected.course), name(course))
        }
    }

    /// Refuses numbers that no such training has, however right their checksum.
    /// - Parameters:
    ///   - pieces: pieces of work in all epochs.
    ///   - words: words of the text in all epochs.
    func checkRanges(pieces: Int, words: Int, epochs: Int, path: String) throws {
        func check(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
            guard let value, !range.contains(value) else { return }
            throw WordEmbeddingError.malformed(
                file: path, place: name, expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        try check("pieces of work that are done", position, 0...pieces)
        try check("words that are read", wordsDone, 0...words)
        try check("best epoch", course?.bestEpoch, 1...max(1, epochs))
        try check("epochs since the best one", course?.epochsWithoutGain, 0...epochs)
        if let loss = course?.bestLoss, !loss.isFinite {
            throw WordEmbeddingError.malformed(file: path, place: "best loss", expected: "a number", found: "\(loss)")
        }
    }
}

extension Word2Vec.Configuration {
    /// The first value that decides about the result and is not the same in `other`; threads and memory do not count.
    func firstDifference(from other: Self) -> (name: String, expected: String, found: String)? {
        var (mine, others) = (self, other)
        (mine.threads, others.threads) = (0, 0)
        (mine.maxMemory, others.maxMemory) = (nil, nil)
        guard mine != others else { return nil }
        for (found, expected) in zip(Mirror(reflecting: mine).children, Mirror(reflecting: others).children) {
            let texts = (Self.text(expected.value), Self.text(found.value))
            if texts.0 != texts.1 { return (found.label ?? "a value", texts.0, texts.1) }
        }
        return ("values", "those of this training", "others")
    }

    private static func text(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return "\(value)" }
        return mirror.children.first.map { "\($0.value)" } ?? "none"
    }
}
