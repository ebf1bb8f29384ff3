// Sets light or dark before anything is painted. Whoever draws listens for "themechange".
const theme = new Theme(() => dispatchEvent(new Event("themechange")));
