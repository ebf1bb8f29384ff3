#include "CWebAssets.h"

#include <string.h>

// One array a file. Add a file here and in the table below; `#embed` finds it beside this source file.
#define CONTENT static const unsigned char

// clang-format off
CONTENT plot_app_js[] = {
#embed "assets/plot/app.js"
};
CONTENT plot_camera_flat_js[] = {
#embed "assets/plot/camera-flat.js"
};
CONTENT plot_camera_orbit_js[] = {
#embed "assets/plot/camera-orbit.js"
};
CONTENT plot_colors_js[] = {
#embed "assets/plot/colors.js"
};
CONTENT plot_controls_js[] = {
#embed "assets/plot/controls.js"
};
CONTENT plot_data_js[] = {
#embed "assets/plot/data.js"
};
CONTENT plot_export_js[] = {
#embed "assets/plot/export.js"
};
CONTENT plot_ground_js[] = {
#embed "assets/plot/ground.js"
};
CONTENT plot_input_js[] = {
#embed "assets/plot/input.js"
};
CONTENT plot_labels_js[] = {
#embed "assets/plot/labels.js"
};
CONTENT plot_overlay_js[] = {
#embed "assets/plot/overlay.js"
};
CONTENT plot_page_html[] = {
#embed "assets/plot/page.html"
};
CONTENT plot_panels_js[] = {
#embed "assets/plot/panels.js"
};
CONTENT plot_picking_js[] = {
#embed "assets/plot/picking.js"
};
CONTENT plot_plot_css[] = {
#embed "assets/plot/plot.css"
};
CONTENT plot_renderer_image_js[] = {
#embed "assets/plot/renderer-image.js"
};
CONTENT plot_renderer_webgl_js[] = {
#embed "assets/plot/renderer-webgl.js"
};
CONTENT plot_search_js[] = {
#embed "assets/plot/search.js"
};
CONTENT plot_strings_js[] = {
#embed "assets/plot/strings.js"
};
CONTENT plot_theme_js[] = {
#embed "assets/plot/theme.js"
};
CONTENT plot_view_state_js[] = {
#embed "assets/plot/view-state.js"
};
CONTENT plot_words_js[] = {
#embed "assets/plot/words.js"
};
CONTENT ui_advice_strings_js[] = {
#embed "assets/ui/advice-strings.js"
};
// clang-format on

#define FILE_ENTRY(name, content) {name, content, sizeof(content)}

static const web_asset table[] = {
    FILE_ENTRY("plot/app.js", plot_app_js),
    FILE_ENTRY("plot/camera-flat.js", plot_camera_flat_js),
    FILE_ENTRY("plot/camera-orbit.js", plot_camera_orbit_js),
    FILE_ENTRY("plot/colors.js", plot_colors_js),
    FILE_ENTRY("plot/controls.js", plot_controls_js),
    FILE_ENTRY("plot/data.js", plot_data_js),
    FILE_ENTRY("plot/export.js", plot_export_js),
    FILE_ENTRY("plot/ground.js", plot_ground_js),
    FILE_ENTRY("plot/input.js", plot_input_js),
    FILE_ENTRY("plot/labels.js", plot_labels_js),
    FILE_ENTRY("plot/overlay.js", plot_overlay_js),
    FILE_ENTRY("plot/page.html", plot_page_html),
    FILE_ENTRY("plot/panels.js", plot_panels_js),
    FILE_ENTRY("plot/picking.js", plot_picking_js),
    FILE_ENTRY("plot/plot.css", plot_plot_css),
    FILE_ENTRY("plot/renderer-image.js", plot_renderer_image_js),
    FILE_ENTRY("plot/renderer-webgl.js", plot_renderer_webgl_js),
    FILE_ENTRY("plot/search.js", plot_search_js),
    FILE_ENTRY("plot/strings.js", plot_strings_js),
    FILE_ENTRY("plot/theme.js", plot_theme_js),
    FILE_ENTRY("plot/view-state.js", plot_view_state_js),
    FILE_ENTRY("plot/words.js", plot_words_js),
    FILE_ENTRY("ui/advice-strings.js", ui_advice_strings_js),
};

const web_asset *web_assets(size_t *count) {
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

const web_asset *web_asset_named(const char *name) {
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) return &table[i];
    }
    return NULL;
}
