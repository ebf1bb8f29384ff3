int web_assets_placeholder(void) { return 0; }
