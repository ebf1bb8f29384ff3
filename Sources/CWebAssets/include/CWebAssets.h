#ifndef C_WEB_ASSETS_H
#define C_WEB_ASSETS_H

#include <stddef.h>

/// A file of a web page, compiled in, so that a moved executable keeps it.
typedef struct web_asset {
    /// Path under `assets`, such as "plot/app.js"; ends with a zero byte.
    const char *_Nonnull name;
    /// The file's bytes; no zero byte is added.
    const unsigned char *_Nullable bytes;
    size_t length;
} web_asset;

/// All files, sorted by name; `*count` receives how many. Constant, valid as long as the program runs.
const web_asset *_Nonnull web_assets(size_t *_Nonnull count);

/// The file with that name, or null.
const web_asset *_Nullable web_asset_named(const char *_Nonnull name);

#endif
