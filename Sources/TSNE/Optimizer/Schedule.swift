/// What each iteration takes of the options: how much the attraction is exaggerated, how far a step goes, and when the
/// descent is over. A value, and all of it is in a checkpoint.
struct Schedule: Codable, Sendable, Equatable {
    /// Iteration in which the early exaggeration ended of itself; `nil`: not yet, or not asked for.
    private(set) var endedExaggeration: Int?
    /// Divergences by which the exaggeration's end is found: the last one, and how much it had fallen, relatively.
    private var lastDivergence: Double?
    private var lastFall: Double?
    /// Divergence of the last look at whether it still falls.
    private var stopDivergence: Double?

    /// Iterations between two looks at the divergence during exaggeration, as in opt-SNE.
    private static let exaggerationInterval = 3
    /// First iteration at which the exaggeration may end of itself: the very first steps say nothing.
    private static let firstEnd = 15
    /// Iterations between two looks at whether the divergence still falls.
    static let stopInterval = 50

    private var configuration: BarnesHutTsne.Configuration
    private let points: Int

    init(_ configuration: BarnesHutTsne.Configuration, points: Int) {
        self.configuration = configuration
        self.points = points
    }

    /// The same state under options that differ in what a checkpoint allows.
    func with(_ configuration: BarnesHutTsne.Configuration) -> Schedule {
        var copy = self
        copy.configuration = configuration
        return copy
    }

    /// First iteration without early exaggeration, as far as is known.
    var exaggerationEnd: Int { min(configuration.stopLyingIteration, endedExaggeration ?? .max) }

    /// Factor of the attraction.
    func exaggeration(_ iteration: Int) -> Double {
        if iteration < exaggerationEnd { return configuration.exaggeration }
        let late = configuration.lateExaggerationIteration ?? exaggerationEnd
        return iteration >= late ? configuration.lateExaggeration : 1
    }

    /// The learning rate: the one given, or n / exaggeration of the phase.
    func learningRate(_ iteration: Int) -> Double {
        if let rate = configuration.learningRate { return rate }
        return configuration.useAdaGrad ? 10 : max(200, Double(points) / exaggeration(iteration))
    }

    /// Whether a new phase begins.
    func begins(_ iteration: Int) -> Bool { iteration > 0 && iteration == exaggerationEnd }

    func options(_ iteration: Int) -> StepOptions {
        let calm = iteration >= configuration.switchMomentumIteration || endedExaggeration != nil
        return StepOptions(
            exaggeration: exaggeration(iteration), learningRate: learningRate(iteration),
            momentum: calm ? configuration.finalMomentum : configuration.momentum,
            minGain: configuration.minGain, adaGrad: configuration.useAdaGrad)
    }

    private func looksForEnd(_ iteration: Int) -> Bool {
        configuration.automaticExaggerationEnd && iteration < exaggerationEnd
            && iteration % Self.exaggerationInterval == 0
    }

    private func looksForStop(_ iteration: Int) -> Bool {
        configuration.earlyStop != nil && iteration >= exaggerationEnd && iteration % Self.stopInterval == 0
    }

    /// Whether the divergence before the step of an iteration is needed.
    func wantsDivergence(_ iteration: Int) -> Bool { looksForEnd(iteration) || looksForStop(iteration) }

    /// Takes the divergence before the step of an iteration.
    /// - Returns: whether the descent is over after this step.
    mutating func note(_ divergence: Double, iteration: Int) -> Bool {
        if looksForEnd(iteration) {
            // Belkina et al. 2019: exaggeration is over when the divergence's relative fall is past its peak.
            let fall = lastDivergence.map { ($0 - divergence) / $0 }
            if let fall, let lastFall, iteration > Self.firstEnd, lastFall > 0, fall < lastFall {
                endedExaggeration = iteration + 1
            }
            lastDivergence = divergence
            lastFall = fall
        }
        guard looksForStop(iteration), let least = configuration.earlyStop else { return false }
        defer { stopDivergence = divergence }
        guard let before = stopDivergence else { return false }
        // Not across the beginning of late exaggeration, which raises the divergence.
        let late = configuration.lateExaggerationIteration ?? 0
        if iteration - Self.stopInterval < late, late <= iteration { return false }
        return before - divergence < least * before
    }
}
