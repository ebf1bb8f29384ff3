// The page's controls.

/** Buttons, fields and keys of the page, each tied to what it does. */
function connectControls(app) {
  const click = (id, action) => byId(id).addEventListener("click", action);
  const zoom = (factor) => () => {
    app.camera.zoomSmoothly(app.camera.middleX, app.camera.middleY, factor);
    app.requestDraw();
  };
  click("fit", () => {
    app.camera.fit();
    app.requestDraw();
  });
  click("zoom-in", zoom(1.7));
  click("zoom-out", zoom(1 / 1.7));
  click("labels", () => app.toggleLabels());
  click("coloring", () => app.toggleColoring());
  click("legend-toggle", () => app.toggleLegend());
  click("theme", () => app.theme.toggle());
  click("language", () => app.switchLanguage());
  click("help-button", () => app.showHelp());
  click("help-close", () => byId("help").close());
  click("save-picture", () => app.save(() => {
    savePicture([byId("ground"), app.canvas, byId("words")], app.theme.palette.background, app.data.title);
  }));
  click("save-table", () => app.save(() => saveTable(app.data)));
  click("drawer-close", () => app.select(-1));
  click("drawer-center", () => app.flyTo(app.selected));
  click("drawer-copy", () => app.copyWord());
  click("next", () => app.stepHit(1));
  click("previous", () => app.stepHit(-1));
  click("clear", () => {
    app.clearSearch();
    byId("query").focus();
  });
  byId("help").addEventListener("click", (event) => {
    if (event.target === byId("help")) byId("help").close();
  });
  const size = byId("point-size");
  size.value = app.pointScale;
  size.addEventListener("input", () => {
    app.pointScale = Number(size.value);
    preferences.set("point-size", size.value);
    app.requestDraw();
  });
  const query = byId("query");
  query.addEventListener("input", () => app.runSearch());
  byId("mode").addEventListener("change", () => app.runSearch());
  byId("search").addEventListener("submit", (event) => event.preventDefault());
  query.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") app.stepHit(event.shiftKey ? -1 : 1);
    else if (event.key === "ArrowDown") app.hitTable.focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => handleKey(event, app));
  document.addEventListener("pointerdown", (event) => {
    for (const menu of document.querySelectorAll("details[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  addEventListener("hashchange", () => {
    if (location.hash !== app.viewState.written) app.restore();
  });
}
