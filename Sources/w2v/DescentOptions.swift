import ArgumentParser
import EmbeddingVisualization

/// The options of `w2v tsne` for the map and the descent.
struct DescentOptions: ParsableArguments {
    enum Initialization: String, CaseIterable, ExpressibleByArgument {
        case pca
        case random
    }

    enum Method: String, CaseIterable, ExpressibleByArgument {
        case auto
        case barnesHut = "barnes-hut"
        case interpolation
        case exact

        var value: BarnesHutTsne.Configuration.Method {
            switch self {
            case .auto: .auto
            case .barnesHut: .barnesHut
            case .interpolation: .interpolation
            case .exact: .exact
            }
        }
    }

    @Option(help: "Dimensions of the map: 2 or 3. (default: 2; those of the map with --onto)")
    var dims: Int?

    /// Of a map that is not placed on another one.
    var dimensions: Int { dims ?? 2 }

    @Option(name: .customLong("init"), help: "Start of the map: pca or random.")
    var initialization = Initialization.pca

    @Option(help: "Gradient steps. (default: 1000; 250 with --onto)")
    var maxIter: Int?

    @Option(help: "Step at which early exaggeration ends. (default: 250; 0 with --initial)")
    var stopLying: Int?

    @Option(help: "Step size of gradient descent, or: auto.")
    var learningRate = Automatic.automatic

    @Option(help: "Momentum at the start.")
    var momentum = 0.5

    @Option(help: "Momentum after the switch.")
    var finalMomentum = 0.8

    @Option(help: "Step at which the momentum is switched.")
    var switchMomentum = 250

    @Flag(help: "AdaGrad steps in place of gains and momentum. (default: off)")
    var adagrad = false

    @Option(help: "How the repulsion is summed: auto, barnes-hut, interpolation or exact.")
    var method = Method.auto

    @Option(help: "Accuracy of the repulsion: 0 is exact, larger is faster.")
    var theta = 0.5

    @Option(help: "Random seed; the same seed gives the same map, whatever the number of threads.")
    var seed: UInt64 = 1

    func apply(to configuration: inout BarnesHutTsne.Configuration) {
        configuration.dimensions = dimensions
        configuration.initialization = initialization == .pca ? .pca : .random
        if let maxIter { configuration.maxIterations = maxIter }
        if let stopLying { configuration.stopLyingIteration = stopLying }
        configuration.learningRate = learningRate.value
        configuration.momentum = momentum
        configuration.finalMomentum = finalMomentum
        configuration.switchMomentumIteration = switchMomentum
        configuration.useAdaGrad = adagrad
        configuration.method = method.value
        configuration.theta = theta
        configuration.seed = seed
    }
}
