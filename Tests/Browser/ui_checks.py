"""What all checks of the training UI's pages share."""

import urllib.parse

from checks import BrowserChecks

PATHS = {"overview": "/train/overview", "model": "/train/model", "system": "/train/system", "runs": "/train/runs",
         "tsne": "/tsne"}
READY = "!!(window.trainingPages && trainingPages.app.ready && (!trainingPages.app.source || trainingPages.app.feed.loaded))"
# Charts in sight, as [key, pixels in the colours of lines and bars, points in all lines]; drawn anew so that the
# pixels are those of the data.
CHARTS = """
const style = getComputedStyle(document.documentElement);
const colors = Array.from({ length: 8 }, (_, i) => {
  const hex = style.getPropertyValue(`--series-${i}`).trim();
  return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
});
const isColor = (r, g, b) => colors.some((c) => Math.abs(c[0] - r) < 4 && Math.abs(c[1] - g) < 4 && Math.abs(c[2] - b) < 4);
return trainingPages.app.page.cards.filter(({ element }) => !element.hidden).map(({ chart }) => {
  chart.draw();
  const { width, height } = chart.canvas;
  const { data } = width > 0 && height > 0 ? chart.canvas.getContext("2d").getImageData(0, 0, width, height) : { data: [] };
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 200 && isColor(data[i], data[i + 1], data[i + 2])) count++;
  }
  const points = (chart.lines ?? []).map((line) => line.column.count.filter((n) => n > 0).length);
  return [chart.key, count, points];
});
"""
# Where an element is: the middle of its box, after it was brought into sight.
MIDDLE = """
const element = typeof arguments[0] === "string" ? document.querySelector(arguments[0]) : arguments[0];
element.scrollIntoView({ block: "center" });
const box = element.getBoundingClientRect();
return [box.left + box.width / 2, box.top + box.height / 2];
"""
# The share of the map's pixels that are not its ground.
MAP_INK = """
const { view } = trainingPages.app.page;
view.draw();
const copy = document.createElement("canvas");
copy.width = view.canvas.width; copy.height = view.canvas.height;
const context = copy.getContext("2d");
context.fillStyle = view.palette.background;
context.fillRect(0, 0, copy.width, copy.height);
const ground = context.getImageData(0, 0, 1, 1).data;
context.drawImage(view.canvas, 0, 0);
const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
let count = 0;
for (let i = 0; i < pixels.length; i += 4) {
  if (Math.abs(pixels[i] - ground[0]) + Math.abs(pixels[i + 1] - ground[1]) + Math.abs(pixels[i + 2] - ground[2]) > 24) count++;
}
return count;
"""


class Checks(BrowserChecks):
    def __init__(self, browser, address):
        super().__init__(browser)
        self.address = address

    def load(self, page, session=None, **more):
        query = dict(more, **({"session": session} if session else {}))
        self.browser.open("about:blank")
        self.browser.open(self.address + PATHS[page] + (f"?{urllib.parse.urlencode(query)}" if query else ""))
        self.browser.wait(READY, what=f"{page} ready")
        if session:
            found = self.browser.run("return trainingPages.app.source?.session")
            assert found == session, f"{page} shows {found} instead of {session}"

    def text(self, selector):
        return self.browser.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def count(self, selector):
        return self.browser.run("return document.querySelectorAll(arguments[0]).length", selector)

    def box(self, selector):
        return self.browser.run("""
            const box = document.querySelector(arguments[0]).getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom];
            """, selector)

    def click(self, element):
        self.browser.click(*self.browser.run(MIDDLE, element))

    def charts(self):
        """Key → (pixels in the colours of the data, points in each line) of the charts in sight."""
        return {key: (pixels, points) for key, pixels, points in self.browser.run(CHARTS)}

    def fully_drawn(self, lines, pixels=80):
        """Checks that charts have the expected number of lines, each with points, and show them."""
        self.browser.wait("trainingPages.app.page.cards.every(({ chart, element }) => element.hidden || chart.width > 0)",
                          what="charts with a size")
        charts = self.charts()
        for key, expected in lines.items():
            assert key in charts, f"no chart {key} among {list(charts)}"
            found, points = charts[key]
            assert len(points) == expected and all(count >= 5 for count in points), f"{key}: points {points}"
            assert found >= pixels, f"{key}: {found} pixels"

    def tab(self, card, number):
        self.browser.run("document.querySelectorAll('.chart-card')[arguments[0]].querySelectorAll('[role=tab]')[arguments[1]].click()",
                         card, number)
