"""Each page of the training UI draws what a real training told."""

import csv
import io
import json

from ui_checks import MAP_INK, READY, Checks


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
        self.browser.run("trainingPages.app.page.player.goTo(arguments[0], 0)", kept - 4)
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
