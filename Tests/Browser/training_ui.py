"""Drives the training UI's pages in headless Chromium: training_ui.py SUITE ADDRESS.

ADDRESS is a running server with the sessions that TrainingUITests make: "words" and "map" of real trainings, "live" of
one that goes on, "broken" with values that are not numbers and hostile names, "spare" to rename and delete. Prints one
JSON line a check: {"check": …, "ok": …, "message": …}.
"""

import csv
import io
import json
import re
import sys
import time
import traceback
import urllib.parse
import urllib.request

from webdriver import Browser

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
# Texts whose contrast with a ground is under WCAG's 4.5, in a theme.
CONTRAST = """
document.documentElement.dataset.theme = arguments[0];
const style = getComputedStyle(document.documentElement);
const light = (name) => {
  const hex = style.getPropertyValue(name).trim();
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const found = [];
for (const text of ["--ink", "--muted", "--accent", "--good", "--hint", "--warn", "--bad"]) {
  for (const ground of ["--map", "--panel"]) {
    const [a, b] = [light(text), light(ground)].sort((p, q) => q - p);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`${text} on ${ground}`);
  }
}
return found;
"""


class Checks:
    def __init__(self, browser, address):
        self.browser = browser
        self.address = address
        self.failed = False

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


class PageChecks(Checks):
    def overview_has_four_panels(self):
        self.browser.open(self.address + "/train")
        self.browser.wait(READY)
        assert self.browser.run("return location.pathname") == "/train/overview"
        self.load("overview", "words")
        self.fully_drawn({"score": 1, "ratio": 2, "deviation-activations": 2})
        # DL4J's places: score top left, facts top right, ratio bottom left, deviations bottom right.
        score, facts, ratio, deviation = (self.box(f".area-{name}") for name in ("score", "facts", "ratio", "deviation"))
        assert score[2] <= facts[0] and ratio[2] <= deviation[0], "left and right"
        assert abs(score[1] - facts[1]) < 2 and abs(ratio[1] - deviation[1]) < 2 and score[3] <= ratio[1], "rows"
        for number, kind in ((1, "gradients"), (2, "updates"), (0, "activations")):
            self.tab(2, number)
            self.fully_drawn({f"deviation-{kind}": 2})
        facts = self.text(".area-facts")
        for part in ("Word2Vec", "input, output", "Running time", "Learning rate"):
            assert part in facts, f"{part} is missing: {facts}"
        assert self.browser.run("return document.getElementById('progress').getAttribute('aria-valuenow')") == "100"
        assert "finished" in self.text("#strip") and "100%" in self.text("#run-facts"), self.text("#strip")
        self.browser.wait("document.querySelectorAll('.advice-item').length > 0", what="advice")

    def model_layers_can_be_chosen(self):
        self.load("model", "words")
        self.browser.wait("document.querySelectorAll('.layer').length === 2")
        lines = {"layer-ratio": 1, "activations": 1, "learning-rate": 1, "gradients": 1}
        self.fully_drawn(lines)
        reading = "return trainingPages.app.page.ratio.chart.lines[0].column.mean.slice(-3)"
        first = self.browser.run(reading)
        self.click(".layer:nth-of-type(3)")
        self.browser.wait("document.querySelector('.layer.chosen .layer-name').textContent === 'output'")
        assert "output" in self.text(".layer-facts")
        assert self.browser.run(reading) != first, "the charts still show the other layer"
        self.fully_drawn(lines)
        for number, key in ((1, "magnitude-parameters"), (2, "magnitude-updates")):
            self.tab(0, number)
            self.fully_drawn({key: 1})
        self.browser.keys("Tab")
        self.browser.run("document.querySelector('.layer.chosen').focus()")
        self.browser.keys("ArrowUp")
        assert self.text(".layer.chosen .layer-name") == "input"

    def model_shows_histograms_and_neighbors(self):
        self.load("model", "words")
        self.browser.wait("trainingPages.app.feed.latest !== null")
        for card, kind in ((2, "parameters"), (3, "updates")):
            pixels, _ = self.charts()[f"histogram-{kind}"]
            assert pixels > 500, f"{kind}: {pixels} pixels"
            self.tab(card, 1)
            chart = f"trainingPages.app.page.histograms.{kind}.chart"
            self.browser.wait(f"{chart}.width > 0 && {chart}.histograms.length >= 5", what="strip")
            drawn = self.browser.run("""
                const { chart } = trainingPages.app.page.histograms[arguments[0]];
                chart.draw();
                const { data } = chart.canvas.getContext("2d").getImageData(0, 0, chart.canvas.width, chart.canvas.height);
                let count = 0;
                for (let i = 3; i < data.length; i += 4) if (data[i] > 40) count++;
                return count / (data.length / 4);
                """, kind)
            assert drawn > 0.2, f"{kind}: {drawn} of the strip is drawn"
        words = self.browser.run("return [...document.querySelectorAll('.probe h3')].map((e) => e.textContent)")
        assert 1 <= len(words) <= 8, words
        assert self.count(".probe:first-child li") >= 3

    def model_of_a_map(self):
        self.load("model", "map")
        self.browser.wait("document.querySelectorAll('.layer').length === 2")
        self.fully_drawn({"layer-ratio": 1, "gradients": 1})
        # A map has no activations; its last report has no update, so that the one before is shown.
        titles = self.browser.run("""
            return [...document.querySelectorAll(".chart-card")].filter((e) => e.checkVisibility()).map((e) => e.querySelector("h2").textContent)""")
        assert not any("Activations" in title for title in titles), titles
        self.browser.wait("trainingPages.app.page.histograms.updates.chart.data !== null", what="the histogram of the updates")

    def system_tells_of_the_machine(self):
        self.load("system", "words")
        self.fully_drawn({"memory-process": 2, "processorsTitle": 1})
        charts = self.charts()
        assert len(charts["threadsTitle"][1]) >= 1, charts
        # A training of less than half a second has no share since its start.
        assert len(charts["observerTitle"][1]) >= 1, charts
        assert self.count("#page tbody tr") == 1
        text = self.text("#page")
        for part in ("Architecture", "Processors", "Operating system", "Last seen", "Cost of watching"):
            assert part in text, f"{part} is missing"

    def map_draws_and_plays(self):
        self.load("tsne", "map")
        self.fully_drawn({"divergence": 1, "gradient-norm": 1})
        self.browser.wait("!!trainingPages.app.page.view", what="the map")
        count = self.browser.run("return trainingPages.app.page.view.data.count")
        assert count > 50
        assert self.browser.run(MAP_INK) > 5 * count
        kept = self.browser.run("return trainingPages.app.page.player.maps.length")
        assert kept >= 5, f"{kept} maps"
        places = "return [...trainingPages.app.page.view.data.x.slice(0, 20)]"
        last = self.browser.run(places)
        self.browser.run("""
            const range = document.querySelector(".player input");
            range.value = "1";
            range.dispatchEvent(new Event("input"));
            """)
        self.browser.wait("trainingPages.app.page.player.at === 1")
        self.browser.wait(f"JSON.stringify([...trainingPages.app.page.view.data.x.slice(0, 20)]) !== {json.dumps(json.dumps(last, separators=(',', ':')))}",
                          what="other places")
        self.click(".player button")
        self.browser.wait(f"trainingPages.app.page.player.at === {kept - 1} && !trainingPages.app.page.player.timer", seconds=60,
                          what="the end of the player")

    def map_opens_a_table(self):
        self.load("tsne", "map")
        give = """
            const transfer = new DataTransfer();
            transfer.items.add(new File([arguments[0]], "given.csv", { type: "text/csv" }));
            const input = document.querySelector("input[type=file]");
            input.files = transfer.files;
            input.dispatchEvent(new Event("change"));
            """
        rows = "".join(f'"w{i}, <b>",{i % 7},{i // 7},{i + 1},{100 - i}\r\n' for i in range(40))
        self.browser.run(give, "word,x,y,rank,count\r\n" + rows)
        self.browser.wait("trainingPages.app.page.view?.data.count === 40", what="the table's map")
        assert "given.csv" in self.text(".map-card h2")
        assert self.browser.run(MAP_INK) > 200
        # What is saved is what was opened, but for the scale.
        self.browser.run("""
            window.saved = [];
            const original = URL.createObjectURL;
            URL.createObjectURL = (blob) => { window.saved.push(blob); return original(blob); };
            HTMLAnchorElement.prototype.click = () => {};
            for (const item of document.querySelectorAll(".map-card .item")) item.click();
            """)
        self.browser.wait("window.saved.length === 2", what="the map's picture and table")
        table = self.browser.run("return window.saved.find((blob) => blob.type.startsWith('text/csv')).text()")
        saved = list(csv.DictReader(io.StringIO(table, newline="")))
        assert [row["word"] for row in saved] == [f"w{i}, <b>" for i in range(40)], saved[:3]
        assert [row["count"] for row in saved] == [str(100 - i) for i in range(40)], saved[:3]
        xs = [float(row["x"]) for row in saved]
        assert abs((xs[6] - xs[0]) / (xs[1] - xs[0]) - 6) < 1e-3, xs[:8]
        self.browser.run(give, "word,x,y\r\na,1,2\r\nb,3,none\r\n")
        self.browser.wait("!document.querySelector('.map-card .banner').hidden")
        assert "line 3" in self.text(".map-card .banner"), self.text(".map-card .banner")
        self.browser.run("document.querySelector('.map-card .card-tools button:not([hidden])').click()")
        self.browser.wait("trainingPages.app.page.view?.data.count > 50", what="the run's map again")

    def runs_are_overlaid(self):
        self.load("runs", "words")
        self.browser.wait("document.querySelectorAll('#page tbody tr').length >= 4")
        for name in ("map", "broken"):
            self.browser.run("""
                [...document.querySelectorAll("#page input[type=checkbox]")].find((box) => box.dataset.focus === arguments[0]).click();
                """, f"overlay {name}")
        self.browser.wait("trainingPages.app.page.overlay.chart.lines.length === 3", what="three lines")
        assert all(count > 0 for count in self.browser.run("""
            return trainingPages.app.page.overlay.chart.lines.map((line) => line.column.count.filter((n) => n > 0).length)"""))
        self.click("[data-mode=time]")
        assert self.browser.run("return trainingPages.app.group.mode") == "time"
        self.browser.run("[...document.querySelectorAll('.runs .link')].find((link) => link.textContent === 'map').click()")
        self.browser.wait("location.pathname === '/train/overview' && " + READY)
        assert self.browser.run("return trainingPages.app.source.session") == "map"

    def languages_switch(self):
        for page in PATHS:
            self.load(page, "words", lang="en")
            english = self.browser.run("return document.body.innerText")
            self.browser.run("document.getElementById('language').click()")
            assert self.browser.run("return document.documentElement.lang") == "ja"
            assert "lang=ja" in self.browser.run("return location.search")
            text = self.browser.run("return document.body.innerText")
            assert text != english and "undefined" not in text and "{" not in text, text
            assert "概要" in text and "システム" in text
        self.load("overview", "words")
        assert self.browser.run("return document.documentElement.lang") == "ja", "the tab forgot its language"
        self.browser.run("document.getElementById('language').click()")
        assert "Overview" in self.text("#pages")
        # Another tab goes by what the browser asks for.
        self.browser.run("sessionStorage.clear()")
        agent = self.browser.run("return navigator.userAgent")
        self.browser.devtools("Network.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": "ja,en;q=0.5"})
        try:
            self.browser.open(self.address + "/train/overview")
            self.browser.wait(READY)
            assert self.browser.run("return document.documentElement.lang") == "ja", "Accept-Language was not obeyed"
        finally:
            self.browser.devtools("Network.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": "en-US"})
            self.browser.run("sessionStorage.clear()")

    def trainers_speak_japanese(self):
        for session in ("words", "map"):
            self.load("model", session, lang="ja")
            self.browser.wait("document.querySelectorAll('.layer').length === 2")
            for number in (3, 2):
                self.click(f".layer:nth-of-type({number})")
                facts = self.browser.run("return [...document.querySelectorAll('.layer-facts dd')].slice(1).map((e) => e.textContent)")
                english = [fact for fact in facts if re.search("[A-Za-z]{3}", fact.replace("AdaGrad", "")) and fact not in ("input", "coordinates")]
                assert english == [], english
        self.browser.run("sessionStorage.clear()")

    def axes_can_be_changed(self):
        self.load("overview", "words")
        chart = "trainingPages.app.page.ratio.chart"
        assert self.browser.run(f"return {chart}.log")
        self.click(".area-ratio [data-name=logTool]")
        assert not self.browser.run(f"return {chart}.log")
        low, high = self.browser.run(f"return {chart}.yRange({chart}.xRange)")
        assert high > 0 and self.charts()["ratio"][0] > 150, f"{low} {high}"
        self.click("#axis-choice [data-mode=time]")
        seconds = self.browser.run(f"return {chart}.fullRange[1]")
        elapsed = self.browser.run("return trainingPages.app.feed.series.lastValue('elapsedSeconds')")
        assert abs(seconds - elapsed) < 5, f"{seconds} s on the axis, {elapsed} s passed"
        assert self.text(".area-score h2") == "Score vs time"
        self.load("model", "words")
        assert self.browser.run("return trainingPages.app.group.mode") == "time", "the tab forgot its axis"
        self.tab(2, 1)
        self.browser.wait("trainingPages.app.page.histograms.parameters.chart.x.at(-1) > 0", what="the strip")
        last = self.browser.run("return trainingPages.app.page.histograms.parameters.chart.x.at(-1)")
        assert abs(last - seconds) < 2, f"{last} is not {seconds}"
        self.browser.run("sessionStorage.clear()")

    def charts_obey_the_mouse(self):
        self.load("overview", "words")
        left, top, right, bottom = self.box(".area-score .plot-over")
        middle = (top + bottom) / 2
        self.browser.move(left + 0.6 * (right - left), middle)
        self.browser.wait("trainingPages.app.group.cursor !== null")
        over = self.browser.run("""
            const { chart } = trainingPages.app.page.ratio;
            chart.draw();
            const { data } = chart.over.getContext("2d").getImageData(0, 0, chart.over.width, chart.over.height);
            return data.filter((value, i) => i % 4 === 3 && value > 0).length;
            """)
        assert over > 50, "no crosshair in the other charts"
        self.browser.drag((left + 0.4 * (right - left), middle), (left + 0.8 * (right - left), middle))
        low, high = self.browser.run("return trainingPages.app.group.range")
        full = self.browser.run("return trainingPages.app.page.score.chart.fullRange")
        assert full[0] < low < high < full[1], f"{low} {high} of {full}"
        assert self.browser.run("return trainingPages.app.page.ratio.chart.xRange") == [low, high], "other charts stay"
        self.browser.actions({"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "duration": 0, "x": round(left + 200), "y": round(middle)},
            *[{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp") * 2]]})
        self.browser.wait("trainingPages.app.group.range === null")
        self.browser.run("document.querySelector('.area-score [data-name=trendTool]').click()")
        self.browser.drag((left + 0.3 * (right - left), middle), (left + 0.9 * (right - left), middle))
        trend = self.browser.run("return trainingPages.app.page.score.chart.trend")
        assert trend and trend["slope"] < 0, f"the score falls, its trend is {trend}"
        assert "per 1,000 iterations" in self.text(".area-score .trend"), self.text(".area-score .trend")
        self.browser.run("""
            const slider = document.getElementById("smoothing");
            slider.value = "0.9";
            slider.dispatchEvent(new Event("input"));
            """)
        roughness = """
            const rough = (all) => rise(all.filter(Number.isFinite));
            const rise = (values) => values.slice(1).reduce((sum, value, i) => sum + Math.abs(value - values[i]), 0);
            const [line] = trainingPages.app.page.score.chart.lines;
            return [rough(line.y), rough(line.smooth)];
            """
        raw, smooth = self.browser.run(roughness)
        assert smooth < raw, f"{smooth} is not smoother than {raw}"

    def charts_obey_the_keyboard(self):
        self.load("overview", "words")
        self.browser.run("document.querySelector('.area-score .plot-over').focus()")
        self.browser.keys("End", "ArrowLeft", "ArrowLeft")
        last, cursor = self.browser.run("return [trainingPages.app.page.score.chart.fullRange[1], trainingPages.app.group.cursor]")
        assert cursor is not None and cursor < last
        self.browser.keys(("Shift", "Home"), "Enter")
        assert self.browser.run("return trainingPages.app.group.range?.[1]") == cursor
        self.browser.keys("0", "t")
        assert self.browser.run("return trainingPages.app.page.score.chart.trend?.slope < 0")
        self.browser.keys("Escape", "Escape")
        assert self.browser.run("return trainingPages.app.page.score.chart.trend") is None
        for page in PATHS:
            self.load(page, "words")
            nameless = self.browser.run("""
                return [...document.querySelectorAll("button, input, select, summary, [tabindex='0']")]
                  .filter((e) => e.checkVisibility())
                  .filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML);
                """)
            assert nameless == [], f"{page}: {nameless}"

    def arithmetic_is_right(self):
        self.load("overview", "words")
        found = self.browser.run("""
            return import("/assets/ui/maths.js").then(({ condensed, leastSquares, linearTicks, logTicks, smoothed }) => {
              const xs = Array.from({ length: 101 }, (_, i) => i);
              const noise = xs.map((x) => (x % 2 === 0 ? 1 : 3));
              const even = smoothed(noise, 0.95, xs);
              const crowded = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99.97, 99.98, 99.99, 100];
              const uneven = smoothed(crowded.map((x) => (x > 99 ? 100 : 0)), 0.9, crowded);
              const line = {
                x: [0, 1, 2, 2.2, 2.4, 9, 9], y: [1, 2, 3, NaN, 5, 6, 8], low: [1, 2, 0, NaN, 5, 6, 8], high: [1, 2, 3, NaN, 50, 6, 8],
                column: { count: [1, 1, 1, 0, 3, 1, 1] }, smooth: null,
              };
              const drawn = condensed(line, [0, 7], (x) => x * 2);
              return {
                constant: smoothed([5, NaN, 5, 5], 0.8, [0, 1, 2, 3]),
                end: even.at(-1),
                uneven: uneven.at(-1),
                fit: leastSquares(xs, xs.map((x) => 3 * x - 1), 10, 50),
                drawn,
                ticks: linearTicks(0, 1, 4).ticks,
                logTicks: logTicks(-3, 0, 5),
              };
            });
            """)
        constant = found["constant"]
        assert constant[1] is None and all(abs(value - 5) < 1e-9 for value in constant[::2] + constant[3:]), constant
        assert abs(found["end"] - 2) < 0.2, f"the mean of 1 and 3 is not {found['end']}"
        assert found["uneven"] < 25, f"four points that stand together weigh like four: {found['uneven']}"
        fit = found["fit"]
        assert abs(fit["slope"] - 3) < 1e-9 and abs(fit["intercept"] + 1) < 1e-9 and fit["points"] == 41, fit
        drawn = found["drawn"]
        # 2, 2.2 and 2.4 are closer than a pixel and a quarter; of the two at 9 the later one counts.
        assert drawn["pixels"] == [0, 2, 4.8, 18], drawn
        assert drawn["y"] == [1, 2, 4.5, 8] and drawn["low"] == [1, 2, 0, 8] and drawn["high"] == [1, 2, 50, 8], drawn
        assert [round(tick, 9) for tick in found["ticks"]] == [0, 0.5, 1], found["ticks"]
        assert found["logTicks"] == [-3, -2, -1, 0], found["logTicks"]

    def long_runs_open(self):
        start = time.monotonic()
        self.load("overview", "long")
        seconds = time.monotonic() - start
        # A second on a machine that has nothing else to do; this one may.
        assert seconds < 10, f"{seconds:.1f} s"
        points, highest, length = self.browser.run("""
            const [line] = trainingPages.app.page.score.chart.lines;
            return [line.column.mean.length, Math.max(...line.column.high.filter(Number.isFinite)), trainingPages.app.feed.series.updates];
            """)
        assert length == 36_000 and points <= 1500, f"{length} reports as {points} points"
        assert highest == 50, f"the spike of 50 is lost: {highest}"
        self.fully_drawn({"score": 1, "ratio": 2})
        assert max(self.browser.run("return trainingPages.app.page.score.chart.yRange([0, 36000])")) > 50, "the spike is not in sight"

    def charts_are_saved(self):
        self.load("overview", "words")
        self.browser.run("""
            const made = [];
            const original = URL.createObjectURL;
            URL.createObjectURL = (blob) => { made.push(blob); return original(blob); };
            HTMLAnchorElement.prototype.click = function () { made.push(this.download); };
            window.saved = made;
            for (const item of document.querySelectorAll(".area-ratio .item")) item.click();
            """)
        self.browser.wait("window.saved.length >= 4", what="two files")
        kinds = sorted(self.browser.run("return window.saved.map((part) => part.type ?? part)"))
        assert kinds[0] == "image/png" and kinds[1].startswith("text/csv"), kinds
        assert kinds[2].endswith(".csv") and kinds[3].endswith(".png"), kinds
        self.browser.run("window.saved.find((part) => part.type?.startsWith('text/csv')).text().then((text) => { window.table = text; })")
        rows = self.browser.wait("window.table").split("\r\n")
        assert rows[0] == "line,iteration,mean,low,high,notFinite", rows[0]
        points = sum(self.charts()["ratio"][1])
        assert len(rows) == points + 2, f"{len(rows)} rows for {points} points"

    def values_that_are_no_numbers_show(self):
        self.load("overview", "broken")
        self.browser.wait("!document.querySelector('.area-score .banner').hidden")
        assert "not numbers" in self.text(".area-score .banner"), self.text(".area-score .banner")
        gap = self.browser.run("""
            const { chart } = trainingPages.app.page.score;
            chart.draw();
            const [line] = chart.lines;
            const bad = line.column.nonFinite.findIndex((count) => count > 0);
            const hex = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim();
            const color = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
            const x = Math.round(chart.layout.x.at(line.x[bad]) * chart.ratio), y = Math.round((chart.layout.frame.bottom - 2) * chart.ratio);
            const pixel = chart.canvas.getContext("2d").getImageData(x, y, 1, 1).data;
            return [bad, Number.isFinite(line.column.mean[bad]), color.every((value, k) => Math.abs(pixel[k] - value) < 40)];
            """)
        assert gap[0] > 0 and gap[1] is None or gap[1] is False, gap
        assert gap[2], "no red foot under the gap"
        self.browser.wait("document.querySelectorAll('.advice-item.problem').length > 0", what="advice about it")

    def names_are_data(self):
        for page in PATHS:
            self.load(page, "broken")
            assert self.browser.run("return document.querySelectorAll('#page img, #page script, header img').length") == 0
            assert self.browser.run("return window.attacked") is None
        assert self.browser.run("return document.getElementById('worker').options.length") == 2
        self.load("model", "broken")
        assert "<img" in self.text(".layer-name")

    def narrow_screens_fit(self):
        self.browser.emulate(400, 800)
        try:
            for page in PATHS:
                self.load(page, "words")
                width = self.browser.run("return document.documentElement.scrollWidth")
                assert width <= 400, f"{page} is {width} wide"
            self.load("tsne", "map")
            self.browser.wait("!!trainingPages.app.page.view")
            assert self.browser.run("return document.documentElement.scrollWidth") <= 400
        finally:
            self.browser.emulate(1280, 800)

    def dark_pages_draw(self):
        self.browser.emulate(1280, 800, dark=True)
        try:
            self.load("overview", "words")
            assert self.browser.run("return document.documentElement.dataset.theme") == "dark"
            self.fully_drawn({"score": 1, "ratio": 2})
        finally:
            self.browser.emulate(1280, 800)
        for theme in ("light", "dark"):
            low = self.browser.run(CONTRAST, theme)
            assert low == [], f"{theme}: {low}"


class ChangeChecks(Checks):
    def row(self, session):
        """The number of a session's row, or -1."""
        return self.browser.run("""
            return [...document.querySelectorAll(".runs tbody tr")]
              .findIndex((row) => row.querySelector("input").dataset.focus === `overlay ${arguments[0]}`);
            """, session)

    def press(self, session, action):
        self.browser.wait("document.querySelectorAll('.runs tbody tr').length >= 4")
        self.click(f".runs tbody tr:nth-child({self.row(session) + 1}) [data-focus^='{action} ']")
        self.browser.wait("document.querySelector('dialog.ask').open")

    def sessions_are_renamed(self):
        self.load("runs", "words")
        self.press("spare", "rename")
        assert self.browser.run("return document.querySelector('dialog.ask input').value") == "spare"
        self.browser.keys(*"<b>新しい", "Enter")
        self.browser.wait("[...document.querySelectorAll('.runs .name')].some((e) => e.textContent === '<b>新しい')", what="the new name")
        assert not self.browser.run("return document.querySelector('dialog.ask').open")
        self.load("overview", "spare")
        assert self.text("#run-name") == "<b>新しい"

    def changes_can_be_called_off(self):
        self.load("runs", "words")
        self.press("spare", "remove")
        self.browser.keys("Escape")
        assert not self.browser.run("return document.querySelector('dialog.ask').open")
        self.load("runs", "words")
        self.browser.wait("document.querySelectorAll('.runs tbody tr').length >= 4")
        assert self.row("spare") >= 0, "a change that was called off was made"

    def a_page_with_a_stale_token_says_so(self):
        self.load("runs", "words")
        self.browser.run("document.querySelector('meta[name=w2v-token]').content = 'stale'")
        self.press("spare", "remove")
        self.click("dialog.ask .danger")
        self.browser.wait("!document.querySelector('#page .banner[role=alert]').hidden", what="what went wrong")
        # The browser itself notes the refusal.
        errors = self.browser.errors()
        assert all("403" in error for error in errors), errors
        assert self.row("spare") >= 0

    def sessions_are_deleted(self):
        self.load("runs", "spare")
        self.press("spare", "remove")
        assert "12" in self.text("dialog.ask"), self.text("dialog.ask")
        self.click("dialog.ask .danger")
        self.browser.wait("![...document.querySelectorAll('.runs tbody tr input')].some((e) => e.dataset.focus === 'overlay spare')",
                          what="one row less")
        # The page showed that session: it goes on with another one.
        self.browser.wait("trainingPages.app.source?.session !== 'spare'")


class LiveChecks(Checks):
    updates = "trainingPages.app.feed.series.updates"

    def grows(self, what):
        before = self.browser.run(f"return {self.updates}")
        self.browser.wait(f"{self.updates} > {before} + 2", seconds=30, what=what)

    def points_arrive_and_are_drawn(self):
        self.load("overview", "live")
        self.grows("new points")
        assert self.text("#run-state") == "running", self.text("#run-state")
        assert "left" in self.text("#run-facts") and "/s" in self.text("#run-facts"), self.text("#run-facts")
        width = "return document.querySelector('#progress i').getBoundingClientRect().width"
        first, end = self.browser.run(width), self.browser.run("return trainingPages.app.page.score.chart.fullRange[1]")
        self.browser.wait(f"trainingPages.app.page.score.chart.fullRange[1] > {end}", what="a longer line")
        self.browser.wait(f"document.querySelector('#progress i').getBoundingClientRect().width > {first}", seconds=30, what="progress")
        self.browser.wait("document.getElementById('connection').dataset.state === 'connected'")

    def a_hidden_tab_costs_nothing(self):
        self.load("overview", "live")
        self.grows("new points")
        self.browser.run("""
            window.asked = [];
            const original = window.fetch;
            window.fetch = (address, options) => {
              window.asked.push([String(address), options?.headers?.["Last-Event-ID"] ?? null]);
              return original(address, options);
            };
            window.isHidden = true;
            Object.defineProperty(document, "hidden", { get: () => window.isHidden });
            document.dispatchEvent(new Event("visibilitychange"));
            """)
        before = self.browser.run(f"return {self.updates}")
        last = self.browser.run("return trainingPages.app.feed.series.lastSequence")
        drawn = self.browser.run("""
            window.drawn = 0;
            for (const { chart } of trainingPages.app.page.cards) {
              const draw = chart.draw.bind(chart);
              chart.draw = () => { window.drawn++; draw(); };
            }
            return window.drawn;
            """)
        # The server goes on meanwhile: asked from outside of the page.
        self.wait_for_server(last + 5)
        assert self.browser.run("return window.asked") == [], "a hidden page asked"
        assert self.browser.run("return window.drawn") == drawn, "a hidden page drew"
        assert self.browser.run(f"return {self.updates}") == before, "a hidden page listened"
        self.browser.run("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
        self.browser.wait(f"{self.updates} > {before} + 4", seconds=30, what="what it missed")
        stream = self.browser.run("return window.asked.find(([address]) => address.startsWith('/api/events'))")
        assert stream[1] == str(last), f"resumed behind {stream[1]} instead of {last}"

    def wait_for_server(self, sequence):
        end = time.monotonic() + 30
        while True:
            query = urllib.parse.urlencode(self.browser.run("return trainingPages.app.source"))
            with urllib.request.urlopen(f"{self.address}/api/latest?{query}", timeout=30) as answer:
                if json.load(answer)["sequence"] >= sequence:
                    return
            assert time.monotonic() < end, "the training does not go on"
            time.sleep(0.05)

    def a_lost_connection_shows_and_comes_back(self):
        self.load("overview", "live")
        self.grows("new points")
        self.browser.devtools("Network.enable", {})
        conditions = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.browser.devtools("Network.emulateNetworkConditions", conditions)
        try:
            self.browser.run("trainingPages.app.feed.stream.controller.abort()")
            self.browser.wait("document.getElementById('connection').dataset.state === 'reconnecting'", what="the loss")
            assert self.text("#connection-text") == "reconnecting …"
            sequences = "return trainingPages.app.feed.series.last"
            before = self.browser.run(sequences)
            self.wait_for_server(before[-1] + 3)
        finally:
            self.browser.devtools("Network.emulateNetworkConditions", {**conditions, "offline": False})
        self.browser.wait("document.getElementById('connection').dataset.state === 'connected'", seconds=40, what="the return")
        self.browser.wait(f"trainingPages.app.feed.series.lastSequence > {before[-1]} + 2", seconds=30, what="what was missed")
        steps = self.browser.run("return trainingPages.app.feed.series.updates")
        assert steps >= len(before) + 3
        self.browser.errors()

    def the_map_moves(self):
        self.load("tsne", "live map")
        self.browser.wait("!!trainingPages.app.page.view", seconds=30, what="the map")
        maps = self.browser.run("return trainingPages.app.feed.maps.at(-1).sequence")
        self.browser.run("window.before = [...trainingPages.app.page.view.data.x]")
        self.browser.wait(f"trainingPages.app.feed.maps.at(-1).sequence > {maps}", seconds=30, what="a newer map")
        self.browser.wait("trainingPages.app.page.view.data.x.some((x, i) => x !== window.before[i])", seconds=30, what="moved points")
        assert self.browser.run(MAP_INK) > 100


SUITES = {
    "pages": (PageChecks, [
        "overview_has_four_panels", "model_layers_can_be_chosen", "model_shows_histograms_and_neighbors",
        "model_of_a_map", "system_tells_of_the_machine", "map_draws_and_plays", "map_opens_a_table", "runs_are_overlaid"]),
    "use": (PageChecks, [
        "languages_switch", "trainers_speak_japanese", "charts_obey_the_mouse", "charts_obey_the_keyboard",
        "axes_can_be_changed", "arithmetic_is_right", "long_runs_open", "charts_are_saved", "values_that_are_no_numbers_show", "names_are_data",
        "narrow_screens_fit", "dark_pages_draw"]),
    "changes": (ChangeChecks, [
        "sessions_are_renamed", "changes_can_be_called_off", "a_page_with_a_stale_token_says_so", "sessions_are_deleted"]),
    "live": (LiveChecks, [
        "points_arrive_and_are_drawn", "a_hidden_tab_costs_nothing", "a_lost_connection_shows_and_comes_back",
        "the_map_moves"]),
}


def main():
    suite, address = sys.argv[1:]
    kind, names = SUITES[suite]
    with Browser() as browser:
        checks = kind(browser, address)
        checks.run(names)
    sys.exit(1 if checks.failed else 0)


main()
