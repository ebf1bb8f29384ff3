"""Language, mouse, keys, axes, files, narrow and dark screens, hostile names and values in the training UI."""

import re
import time

from ui_checks import PATHS, READY, Checks


class UseChecks(Checks):
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
                column: { count: [1, 1, 1, 0, 3, 1, 1], nonFinite: [0, 0, 0, 1, 0, 0, 0] }, smooth: null,
              };
              const drawn = condensed(line, [0, 7], (x) => x * 2);
              return {
                constant: smoothed([5, NaN, 5, 5], 0.8, [0, 1, 2, 3]),
                end: even.at(-1),
                uneven: uneven.at(-1),
                fit: leastSquares(xs, xs.map((x) => 3 * x - 1), 10, 50),
                drawn,
                ticks: linearTicks(0, 1, 4).ticks,
                fewTicks: linearTicks(2.08, 5.09, 3).ticks,
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
        # Steps of 2 would leave the 4 alone.
        assert found["fewTicks"] == [3, 4, 5], found["fewTicks"]
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

    def reports_without_a_number_leave_no_gap(self):
        self.load("overview", "words")
        self.browser.wait("trainingPages.app.page.score?.chart.lines[0]?.x.length > 8")
        gaps = self.browser.run("""
            const { chart } = trainingPages.app.page.score;
            const [line] = chart.lines;
            const { column } = line;
            const count = () => { chart.refresh(); chart.draw(); return line.drawn.y.filter(Number.isNaN).length; };
            const before = count();
            // What is nearer than that would be drawn as one point.
            const middle = chart.layout.x.at(line.x[Math.floor(line.x.length / 2)]);
            const near = [...line.x.keys()].filter((k) => Math.abs(chart.layout.x.at(line.x[k]) - middle) < 4);
            for (const k of near) {
              column.mean[k] = column.low[k] = column.high[k] = NaN;
              column.count[k] = 0;
            }
            const without = count();
            for (const k of near) column.nonFinite[k] = 1;
            return [before, without, count() > 0];
            """)
        assert gaps == [0, 0, True], gaps

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
        self.contrasts(["--ink", "--muted", "--accent", "--good", "--hint", "--warn", "--bad"], ["--map", "--panel"])
