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
]

let package = Package(
    name: "embedding-visualization",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "EmbeddingVisualization", targets: ["EmbeddingVisualization"]),
        .executable(name: "w2v", targets: ["w2v"]),
    ] + modules.map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CVectorKernels"),
        .target(name: "CWebAssets", exclude: ["assets"]),
        library("Training"),
        library("FileAccess", ["CZlib"]),
        library("LinearAlgebra", ["COpenBLAS", "CVectorKernels"]),
        library("WordEmbeddings", ["LinearAlgebra", "CVectorKernels", "Training", "FileAccess"]),
        library("NearestNeighbors", ["LinearAlgebra", "CVectorKernels"]),
        library("TSNE", ["NearestNeighbors", "LinearAlgebra", "CVectorKernels", "Training"]),
        library("EmbeddingPlots", ["LinearAlgebra", "FileAccess", "CWebAssets"]),
        library(
            "EmbeddingVisualization",
            [
                "Training", "FileAccess", "LinearAlgebra", "WordEmbeddings", "NearestNeighbors", "TSNE",
                "EmbeddingPlots",
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
        tests("LinearAlgebraTests", ["LinearAlgebra", "CVectorKernels"]),
        tests("FileAccessTests", ["FileAccess"]),
        tests("WordEmbeddingsTests", ["WordEmbeddings", "LinearAlgebra", "CVectorKernels", "FileAccess"]),
        tests("NearestNeighborsTests", ["NearestNeighbors", "LinearAlgebra"]),
        tests("TSNETests", ["TSNE", "NearestNeighbors", "LinearAlgebra", "CVectorKernels"]),
        tests("EmbeddingPlotsTests", ["EmbeddingPlots", "LinearAlgebra", "FileAccess", "CWebAssets"]),
        tests("EmbeddingVisualizationTests", ["EmbeddingVisualization"]),
        tests("CommandLineTests", ["EmbeddingVisualization"]),
    ],
    cLanguageStandard: .gnu2x
)
