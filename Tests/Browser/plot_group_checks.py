"""Checks of the colours by group and of the legend, which says what they mean."""

from plot_checks import Checks

# The legend: its title, the colours and names of its groups, and whether the ramp is shown.
LEGEND = """
const shown = (id) => document.getElementById(id).getClientRects().length > 0;
const rows = [...document.querySelectorAll("#legend-groups li")].filter((row) => row.querySelector(".swatch"));
return {
  title: document.getElementById("legend-title").textContent,
  groups: shown("legend-groups"), ramp: shown("ramp"), body: shown("legend-body"),
  names: rows.map((row) => row.querySelector(".group-name").textContent),
  colours: rows.map((row) => row.querySelector(".swatch").style.background.match(/\\d+/g).map(Number)),
};
"""
# The colours that points have, as places in the list of groups, and how many colours there are.
COLOURS = """
const { colors, data } = embeddingPlot.app, seen = new Map(), mixed = new Set();
for (let i = 0; i < data.count; i++) {
  const colour = colors.slice(4 * i, 4 * i + 3).join();
  const group = data.groups[i];
  if (seen.has(group) && seen.get(group) !== colour) mixed.add(group);
  seen.set(group, colour);
}
return { first: seen.get(0), distinct: new Set(seen.values()).size, mixed: mixed.size };
"""
# Points under one of the panels, and those outside the window.
HIDDEN = """
const { camera, data } = embeddingPlot.app, { x, y, z, count } = data;
const boxes = ["legend", "status", "tools", "search"].map((id) => [id, document.getElementById(id).getBoundingClientRect()]);
const hidden = {};
for (let i = 0; i < count; i++) {
  const place = camera.project(x[i], y[i], z[i], {});
  const box = boxes.find(([, b]) => place.x >= b.left && place.x <= b.right && place.y >= b.top && place.y <= b.bottom);
  const where = box ? box[0] : place.x < 0 || place.y < 0 || place.x > innerWidth || place.y > innerHeight ? "outside" : null;
  if (where) hidden[where] = (hidden[where] ?? 0) + 1;
}
return hidden;
"""


class GroupChecks(Checks):
    """The page has 17 groups; the first one's name is long, the second one's is markup."""

    def legend(self):
        return self.browser.run(LEGEND)

    def groups_have_colours(self):
        self.load("groups.html")
        colours, legend = self.browser.run(COLOURS), self.legend()
        assert colours["distinct"] == 17 and colours["mixed"] == 0, colours
        assert legend["groups"] and not legend["ramp"] and legend["title"] == "Groups", legend
        assert len(legend["names"]) == 12, legend
        assert legend["names"][1] == "<b>second</b>", legend
        assert colours["first"] == ",".join(map(str, legend["colours"][0])), f"{colours} {legend}"

    def is_by_frequency(self):
        colours, legend = self.browser.run(COLOURS), self.legend()
        assert colours["mixed"] == 17, colours
        assert legend["ramp"] and not legend["groups"] and legend["title"] == "Frequency", legend
        assert self.browser.run("return document.getElementById('coloring').getAttribute('aria-pressed')") == "false"

    def key_and_click_change_the_colours(self):
        before = self.browser.run(COLOURS)
        self.browser.keys("c")
        self.is_by_frequency()
        self.browser.keys("c")
        assert self.browser.run(COLOURS) == before
        left, top, width, height = self.browser.run("""
            const box = document.getElementById("coloring").getBoundingClientRect();
            return [box.left, box.top, box.width, box.height];
            """)
        self.browser.click(left + width / 2, top + height / 2)
        self.is_by_frequency()
        self.browser.click(left + width / 2, top + height / 2)
        assert self.browser.run(COLOURS) == before
        self.browser.keys("t")
        dark, legend = self.browser.run(COLOURS), self.legend()
        assert dark["first"] != before["first"] and dark["distinct"] == 17, f"{before} {dark}"
        assert dark["first"] == ",".join(map(str, legend["colours"][0])), f"{dark} {legend}"
        self.browser.keys("t")

    def the_choice_is_kept(self):
        self.browser.keys("c")
        self.load("groups.html")
        self.is_by_frequency()
        self.browser.keys("c")
        self.load("groups.html")
        assert self.legend()["title"] == "Groups"
        self.load("flat.html")
        assert self.hidden("coloring")
        self.browser.keys("c")
        assert self.legend()["title"] == "Frequency"

    def the_legend_folds(self):
        self.load("groups.html")
        assert self.legend()["body"]
        self.press("legend-toggle")
        folded = self.legend()
        assert not folded["body"] and folded["title"] == "Groups", folded
        expanded = "return document.getElementById('legend-toggle').getAttribute('aria-expanded')"
        assert self.browser.run(expanded) == "false"
        self.browser.keys("c")
        assert self.legend()["title"] == "Frequency" and not self.legend()["body"]
        self.browser.keys("c")
        self.press("legend-toggle")
        assert self.legend()["groups"] and self.browser.run(expanded) == "true"

    def narrow_screens_show_all_points(self):
        try:
            for name in ("groups.html", "flat.html"):
                for dark in (False, True):
                    self.browser.emulate(400, 800, dark)
                    self.load(name)
                    for _ in range(2):
                        legend = self.legend()
                        assert not legend["body"] and legend["title"], f"{name}: {legend}"
                        hidden = self.browser.run(HIDDEN)
                        assert hidden == {}, f"{name}: {hidden}"
                        self.press("language")
                    self.press("legend-toggle")
                    assert self.legend()["body"], name
                    box = self.browser.run("""
                        const box = document.getElementById("legend").getBoundingClientRect();
                        return [box.left, box.top, box.right, box.bottom];
                        """)
                    assert box[0] >= 0 and box[1] > 100 and box[2] <= 400 and box[3] <= 800, f"{name}: {box}"
                    assert self.browser.run("return document.documentElement.scrollWidth") <= 400
        finally:
            self.browser.emulate(1280, 800)
