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
CONTENT ui_advice_js[] = {
#embed "assets/ui/advice.js"
};
CONTENT ui_api_js[] = {
#embed "assets/ui/api.js"
};
CONTENT ui_base_css[] = {
#embed "assets/ui/base.css"
};
CONTENT ui_card_js[] = {
#embed "assets/ui/card.js"
};
CONTENT ui_chart_axes_js[] = {
#embed "assets/ui/chart-axes.js"
};
CONTENT ui_chart_base_js[] = {
#embed "assets/ui/chart-base.js"
};
CONTENT ui_chart_group_js[] = {
#embed "assets/ui/chart-group.js"
};
CONTENT ui_chart_histogram_js[] = {
#embed "assets/ui/chart-histogram.js"
};
CONTENT ui_chart_input_js[] = {
#embed "assets/ui/chart-input.js"
};
CONTENT ui_chart_line_js[] = {
#embed "assets/ui/chart-line.js"
};
CONTENT ui_chart_line_plot_js[] = {
#embed "assets/ui/chart-line-plot.js"
};
CONTENT ui_chart_save_js[] = {
#embed "assets/ui/chart-save.js"
};
CONTENT ui_chart_strip_js[] = {
#embed "assets/ui/chart-strip.js"
};
CONTENT ui_charts_css[] = {
#embed "assets/ui/charts.css"
};
CONTENT ui_dom_js[] = {
#embed "assets/ui/dom.js"
};
CONTENT ui_early_js[] = {
#embed "assets/ui/early.js"
};
CONTENT ui_facts_js[] = {
#embed "assets/ui/facts.js"
};
CONTENT ui_feed_js[] = {
#embed "assets/ui/feed.js"
};
CONTENT ui_header_js[] = {
#embed "assets/ui/header.js"
};
CONTENT ui_icon_svg[] = {
#embed "assets/ui/icon.svg"
};
CONTENT ui_main_js[] = {
#embed "assets/ui/main.js"
};
CONTENT ui_map_csv_js[] = {
#embed "assets/ui/map-csv.js"
};
CONTENT ui_map_data_js[] = {
#embed "assets/ui/map-data.js"
};
CONTENT ui_map_player_js[] = {
#embed "assets/ui/map-player.js"
};
CONTENT ui_map_save_js[] = {
#embed "assets/ui/map-save.js"
};
CONTENT ui_map_view_js[] = {
#embed "assets/ui/map-view.js"
};
CONTENT ui_maths_js[] = {
#embed "assets/ui/maths.js"
};
CONTENT ui_meanings_js[] = {
#embed "assets/ui/meanings.js"
};
CONTENT ui_model_graph_js[] = {
#embed "assets/ui/model-graph.js"
};
CONTENT ui_neighbors_js[] = {
#embed "assets/ui/neighbors.js"
};
CONTENT ui_page_map_js[] = {
#embed "assets/ui/page-map.js"
};
CONTENT ui_page_model_js[] = {
#embed "assets/ui/page-model.js"
};
CONTENT ui_page_overview_js[] = {
#embed "assets/ui/page-overview.js"
};
CONTENT ui_page_runs_js[] = {
#embed "assets/ui/page-runs.js"
};
CONTENT ui_page_system_js[] = {
#embed "assets/ui/page-system.js"
};
CONTENT ui_page_html[] = {
#embed "assets/ui/page.html"
};
CONTENT ui_pages_css[] = {
#embed "assets/ui/pages.css"
};
CONTENT ui_series_js[] = {
#embed "assets/ui/series.js"
};
CONTENT ui_stream_js[] = {
#embed "assets/ui/stream.js"
};
CONTENT ui_strings_js[] = {
#embed "assets/ui/strings.js"
};
CONTENT ui_texts_js[] = {
#embed "assets/ui/texts.js"
};
CONTENT ui_trainer_texts_js[] = {
#embed "assets/ui/trainer-texts.js"
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
    FILE_ENTRY("ui/advice.js", ui_advice_js),
    FILE_ENTRY("ui/api.js", ui_api_js),
    FILE_ENTRY("ui/base.css", ui_base_css),
    FILE_ENTRY("ui/card.js", ui_card_js),
    FILE_ENTRY("ui/chart-axes.js", ui_chart_axes_js),
    FILE_ENTRY("ui/chart-base.js", ui_chart_base_js),
    FILE_ENTRY("ui/chart-group.js", ui_chart_group_js),
    FILE_ENTRY("ui/chart-histogram.js", ui_chart_histogram_js),
    FILE_ENTRY("ui/chart-input.js", ui_chart_input_js),
    FILE_ENTRY("ui/chart-line-plot.js", ui_chart_line_plot_js),
    FILE_ENTRY("ui/chart-line.js", ui_chart_line_js),
    FILE_ENTRY("ui/chart-save.js", ui_chart_save_js),
    FILE_ENTRY("ui/chart-strip.js", ui_chart_strip_js),
    FILE_ENTRY("ui/charts.css", ui_charts_css),
    FILE_ENTRY("ui/dom.js", ui_dom_js),
    FILE_ENTRY("ui/early.js", ui_early_js),
    FILE_ENTRY("ui/facts.js", ui_facts_js),
    FILE_ENTRY("ui/feed.js", ui_feed_js),
    FILE_ENTRY("ui/header.js", ui_header_js),
    FILE_ENTRY("ui/icon.svg", ui_icon_svg),
    FILE_ENTRY("ui/main.js", ui_main_js),
    FILE_ENTRY("ui/map-csv.js", ui_map_csv_js),
    FILE_ENTRY("ui/map-data.js", ui_map_data_js),
    FILE_ENTRY("ui/map-player.js", ui_map_player_js),
    FILE_ENTRY("ui/map-save.js", ui_map_save_js),
    FILE_ENTRY("ui/map-view.js", ui_map_view_js),
    FILE_ENTRY("ui/maths.js", ui_maths_js),
    FILE_ENTRY("ui/meanings.js", ui_meanings_js),
    FILE_ENTRY("ui/model-graph.js", ui_model_graph_js),
    FILE_ENTRY("ui/neighbors.js", ui_neighbors_js),
    FILE_ENTRY("ui/page-map.js", ui_page_map_js),
    FILE_ENTRY("ui/page-model.js", ui_page_model_js),
    FILE_ENTRY("ui/page-overview.js", ui_page_overview_js),
    FILE_ENTRY("ui/page-runs.js", ui_page_runs_js),
    FILE_ENTRY("ui/page-system.js", ui_page_system_js),
    FILE_ENTRY("ui/page.html", ui_page_html),
    FILE_ENTRY("ui/pages.css", ui_pages_css),
    FILE_ENTRY("ui/series.js", ui_series_js),
    FILE_ENTRY("ui/stream.js", ui_stream_js),
    FILE_ENTRY("ui/strings.js", ui_strings_js),
    FILE_ENTRY("ui/texts.js", ui_texts_js),
    FILE_ENTRY("ui/trainer-texts.js", ui_trainer_texts_js),
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
