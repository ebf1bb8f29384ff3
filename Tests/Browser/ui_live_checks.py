"""What the training UI's pages change, and how they follow a training that goes on."""

import json
import time
import urllib.parse
import urllib.request

from ui_checks import MAP_INK, Checks


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
