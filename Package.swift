// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 language mode comes with the tools version.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func example(_ name: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["EmbeddingVisualization"], path: "Examples/\(name)", swiftSettings: swiftSettings)
}

/// The Swift modules that users may import one by one.
let modules = [
    "Training", "FileAccess", "LinearAlgebra", "WordEmbeddings", "NearestNeighbors", "TSNE", "EmbeddingPlots",
    "TrainingStats", "TrainingUI",
]

let package = Package(
    name: "embedding-visualization",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "EmbeddingVisualization", targets: ["EmbeddingVisualization"]),
        .executable(name: "w2v", targets: ["w2v"]),
    ] + modules.map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: ["FullFoundation"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CVectorKernels"),
        .target(name: "CWebAssets", exclude: ["assets"]),
        library("WebPages", ["CWebAssets"]),
        library("Training"),
        library("FileAccess", ["CZlib"]),
        library("LinearAlgebra", ["COpenBLAS", "CVectorKernels"]),
        library("WordEmbeddings", ["LinearAlgebra", "CVectorKernels", "Training", "FileAccess"]),
        library("NearestNeighbors", ["LinearAlgebra", "CVectorKernels", "FileAccess"]),
        library("TSNE", ["NearestNeighbors", "LinearAlgebra", "CVectorKernels", "Training", "FileAccess"]),
        library("EmbeddingPlots", ["LinearAlgebra", "FileAccess", "WebPages"]),
        library(
            "TrainingStats", ["Training", "FileAccess", "CZlib", .product(name: "GRDB", package: "GRDB.swift")]),
        library(
            "TrainingUI",
            [
                "TrainingStats", "Training", "FileAccess", "WebPages",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        library(
            "EmbeddingVisualization",
            [
                "Training", "FileAccess", "LinearAlgebra", "WordEmbeddings", "NearestNeighbors", "TSNE",
                "EmbeddingPlots", "TrainingStats", "TrainingUI",
            ]),
        .executableTarget(
            name: "w2v",
            dependencies: [
                "EmbeddingVisualization", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),
        example("PlotVocabulary"),
        example("TrainFromSwift"),
        example("MapAnyVectors"),
        example("WatchTraining"),
        example("WatchAnyTrainer"),
        // A process that tests start and kill.
        .executableTarget(
            name: "StatsChild", dependencies: ["TrainingStats"], path: "Tests/StatsChild", swiftSettings: swiftSettings),
        // What several test targets call.
        .target(
            name: "TestSupport", dependencies: ["LinearAlgebra"], path: "Tests/TestSupport", exclude: ["Seeds"],
            swiftSettings: swiftSettings),
        tests("LinearAlgebraTests", ["LinearAlgebra", "CVectorKernels"]),
        tests("FileAccessTests", ["FileAccess", "TestSupport"]),
        tests(
            "WordEmbeddingsTests", ["WordEmbeddings", "LinearAlgebra", "CVectorKernels", "FileAccess", "TestSupport"]),
        tests("NearestNeighborsTests", ["NearestNeighbors", "LinearAlgebra", "CVectorKernels"]),
        tests(
            "TSNETests", ["TSNE", "NearestNeighbors", "LinearAlgebra", "CVectorKernels", "FileAccess", "TestSupport"]),
        tests("EmbeddingPlotsTests", ["EmbeddingPlots", "LinearAlgebra", "FileAccess", "CWebAssets", "TestSupport"]),
        tests(
            "TrainingStatsTests",
            [
                "TrainingStats", "Training", "FileAccess", "StatsChild", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        tests(
            "TrainingUITests",
            [
                "TrainingUI", "TrainingStats", "Training", "FileAccess", "CWebAssets", "WordEmbeddings",
                "TSNE", "LinearAlgebra", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
            ]),
        tests("EmbeddingVisualizationTests", ["EmbeddingVisualization", "TestSupport"]),
        tests("CommandLineTests", ["EmbeddingVisualization", "TestSupport"]),
    ],
    cLanguageStandard: .gnu2x
)
