/* The script of all pages: live charts and small helps. Every page reads well without it; what only
   some pages need (find.js, tables.js, search.js, compare.js) they load themselves.
   Pages also open from a folder (file://), so all further files come by script tags, not fetch(). */
(function () {
  "use strict";

  var root = document.body.dataset.root;

  function load(address) {
    return new Promise(function (done, fail) {
      var tag = document.createElement("script");
      tag.src = address;
      tag.onload = done;
      tag.onerror = fail;
      document.head.appendChild(tag);
    });
  }

  window.cityLoad = load;

  /* ---- wi/madison/transit.html?with=il/chicago leads to the two side by side ---- */

  var other = new URLSearchParams(location.search).get("with");
  if (other && document.body.classList.contains("brief")) {
    var parts = location.pathname.split("/").slice(-1 - root.length / 3);
    var topic = parts.pop().replace(/\.html$/, "");
    location.replace(root + "compare.html?" + new URLSearchParams({ topic: topic, a: parts.join("/"), b: other }));
  }

  /* ---- On phones wide tables are laid out as blocks; their parts keep their meaning by name ---- */

  var ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };

  document.querySelectorAll("table, thead, tbody, tr, td, th").forEach(function (part) {
    var role = ROLES[part.localName] || (part.scope === "row" ? "rowheader" : "columnheader");
    part.setAttribute("role", role);
  });

  /* ---- Siblings stand open beside the text where there is room for them ---- */

  if (matchMedia("(min-width: 1100px)").matches) {
    document.querySelectorAll(".siblings details").forEach(function (details) { details.open = true; });
  }

  /* ---- Live charts: drawn when they come into view; the picture stays where that fails ---- */

  var specs = null, loaded = null;

  window.cityCharts = function (given) { specs = given; };

  function tools() {
    loaded = loaded || Promise.all([
      load(root + "_static/vega.js"),
      load(document.body.dataset.charts)
    ]);
    return loaded;
  }

  function enliven(picture) {
    var stage = document.createElement("div");
    tools().then(function () {
      stage.className = "live waiting";
      picture.after(stage);
      return window.cityresearchEmbed(stage, specs[picture.dataset.live], {});
    }).then(function () {
      /* Vega has named the stage a document of graphics; to readers it is one image, as before. */
      stage.setAttribute("role", "img");
      stage.setAttribute("aria-label", picture.querySelector("img").alt);
      stage.removeAttribute("aria-roledescription");
      stage.classList.remove("waiting");
      picture.hidden = true;
    }).catch(function () { stage.remove(); /* the picture says the same */ });
  }

  if (document.body.dataset.charts && "IntersectionObserver" in window) {
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        seen.unobserve(entry.target);
        enliven(entry.target);
      });
    });
    document.querySelectorAll("picture[data-live]").forEach(function (picture) { seen.observe(picture); });
  }
})();
