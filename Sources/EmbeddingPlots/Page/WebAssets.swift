import CWebAssets

/// The page files that are compiled into the executable.
enum WebAssets {
    /// The bytes of one file, named by its path under `Sources/CWebAssets/assets`.
    /// - Throws: `PlotError.missingAsset` when the build lacks it.
    static func bytes(_ name: String) throws -> [UInt8] {
        // The table is constant and lives as long as the program, so that its pointers stay valid.
        guard let asset = web_asset_named(name), let start = asset.pointee.bytes else {
            throw PlotError.missingAsset(name: name)
        }
        return Array(UnsafeBufferPointer(start: start, count: asset.pointee.length))
    }
}
