import CWebAssets

/// The page files that are compiled into the executable.
package enum WebAsset {
    /// The bytes of one file, named by its path under `Sources/CWebAssets/assets`; `nil` when the build lacks it.
    package static func bytes(_ name: String) -> [UInt8]? {
        // The table is constant and lives as long as the program, so that its pointers stay valid.
        guard let asset = web_asset_named(name), let start = asset.pointee.bytes else { return nil }
        return Array(UnsafeBufferPointer(start: start, count: asset.pointee.length))
    }

    /// Names of all files, sorted.
    package static var names: [String] {
        var count = 0
        let table = web_assets(&count)
        return (0..<count).map { String(cString: table[$0].name) }
    }
}
