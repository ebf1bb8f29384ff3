int web_assets_placeholder(void);
