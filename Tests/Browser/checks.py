"""What the checks of all pages share."""

import json
import traceback

# Texts whose contrast with a ground is under WCAG's 4.5, in a theme.
CONTRAST = """
const [theme, texts, grounds] = arguments;
document.documentElement.dataset.theme = theme;
const style = getComputedStyle(document.documentElement);
const light = (name) => {
  const hex = style.getPropertyValue(name).trim();
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const found = [];
for (const text of texts) {
  for (const ground of grounds) {
    const [a, b] = [light(text), light(ground)].sort((p, q) => q - p);
    if (!((a + 0.05) / (b + 0.05) >= 4.5)) found.push([text, ground, (a + 0.05) / (b + 0.05)]);
  }
}
return found;
"""


class BrowserChecks:
    """Checks are methods; what one raises, or the console says, is its message."""

    def __init__(self, browser):
        self.browser = browser
        self.failed = False

    def contrasts(self, texts, grounds):
        for theme in ("light", "dark"):
            low = self.browser.run(CONTRAST, theme, texts, grounds)
            assert low == [], f"{theme}: {low}"

    def run(self, names):
        for name in names:
            message = ""
            try:
                getattr(self, name)()
                errors = self.browser.errors()
                assert not errors, f"console: {errors}"
            except Exception as error:
                self.failed = True
                line = traceback.extract_tb(error.__traceback__)[-1].lineno
                message = f"{type(error).__name__}: {error} (line {line})"
                self.browser.errors()
            print(json.dumps({"check": name, "ok": message == "", "message": message}), flush=True)
