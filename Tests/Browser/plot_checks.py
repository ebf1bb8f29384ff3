"""What the checks of the plot's pages share."""

from checks import BrowserChecks

READY = "window.embeddingPlot && embeddingPlot.ready || !document.getElementById('failure').hidden"
# The share of the map's pixels that are not the ground, read back from what was drawn.
INK = """
const app = embeddingPlot.app;
app.draw();
const copy = document.createElement("canvas");
copy.width = app.canvas.width; copy.height = app.canvas.height;
const context = copy.getContext("2d");
context.fillStyle = app.theme.palette.background;
context.fillRect(0, 0, copy.width, copy.height);
const ground = context.getImageData(0, 0, 1, 1).data;
context.drawImage(app.canvas, 0, 0);
const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
let count = 0, hits = 0;
for (let i = 0; i < pixels.length; i += 4) {
  if (Math.abs(pixels[i] - ground[0]) + Math.abs(pixels[i + 1] - ground[1]) + Math.abs(pixels[i + 2] - ground[2]) > 24) count++;
  if (app.hitColor.every((value, k) => Math.abs(pixels[i + k] - value) < 6)) hits++;
}
return [count, hits];
"""
# Where a word is on the screen.
PLACE = """
const app = embeddingPlot.app, i = arguments[0], { x, y, z } = app.data;
const place = app.camera.project(x[i], y[i], z[i], {});
return [place.x, place.y];
"""
# Points that stand alone on the screen, clear of the panels: their clicks can mean nothing else.
LONELY = """
const app = embeddingPlot.app, { x, y, z, count } = app.data, found = [], places = [];
for (let i = 0; i < count; i++) places.push(app.camera.project(x[i], y[i], z[i], {}));
for (let i = 0; i < count && found.length < 3; i++) {
  const { x: px, y: py } = places[i];
  if (px < 340 || px > 860 || py < 120 || py > 700 || (places[i].near ?? 1) < 0.6) continue;
  if (places.every((p, j) => j === i || Math.hypot(p.x - px, p.y - py) > 12)) found.push([i, px, py]);
}
return found;
"""


class Checks(BrowserChecks):
    def __init__(self, browser, folder):
        super().__init__(browser)
        self.folder = folder

    def load(self, name, hash=""):
        self.browser.open("about:blank")
        self.browser.open((self.folder / name).as_uri() + hash)
        self.browser.wait(READY, what=f"{name} ready")
        failure = self.text("failure")
        assert failure == "", failure

    def text(self, id):
        return self.browser.run("return document.getElementById(arguments[0]).textContent", id)

    def hidden(self, id):
        return self.browser.run("return document.getElementById(arguments[0]).hidden", id)

    def ink(self):
        return self.browser.run(INK)

    def press(self, id):
        self.browser.run("document.getElementById(arguments[0]).click()", id)
