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

  /* ---- Words of names as boxes and tables look for them: no marks, no capitals; St. Paul is Saint Paul ---- */

  var SHORT = { st: "saint", ste: "sainte", ft: "fort", mt: "mount" };

  window.cityWords = function (text) {
    var plain = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    return plain.replace(/['’.]/g, "").match(/[a-z0-9]+/g) || [];
  };
  window.cityWhole = function (word) { return SHORT[word] || word; };

  /* What someone typed, without what stands before a name in full: "City and County of Denver". A county stays one. */
  window.cityAsked = function (text) {
    var plain = window.cityWords(text).join(" ");
    return window.cityWords(plain.replace(/^(the )?((city and county|city|town|village|borough|state) of|(county) of) (?=.)/, "$4 "));
  };

  /* ---- wi/madison/transit.html?with=il/chicago leads to the two side by side; so does the city's page ---- */

  var other = new URLSearchParams(location.search).get("with");
  var isBrief = document.body.classList.contains("brief");
  if (other && (isBrief || document.body.classList.contains("place"))) {
    var parts = location.pathname.split("/").slice(-1 - root.length / 3);
    var topic = parts.pop().replace(/\.html$/, "");
    var asked = { a: parts.join("/"), b: other };
    if (isBrief) asked.topic = topic;
    location.replace(root + "compare.html?" + new URLSearchParams(asked));
  }

  /* ---- On phones wide tables are laid out as blocks; their parts keep their meaning by name ---- */

  var ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };

  document.querySelectorAll("table, thead, tbody, tr, td, th").forEach(function (part) {
    var role = ROLES[part.localName] || (part.closest("thead") ? "columnheader" : "rowheader");
    part.setAttribute("role", role);
  });

  /* There the cells of a table of words are lines, each with the name of its column. */
  document.querySelectorAll("table.data").forEach(function (table) {
    var heads = table.tHead.rows[0].cells;
    if (heads.length < 4 || heads[3].classList.contains("num")) return;
    table.querySelectorAll("td").forEach(function (cell) {
      cell.dataset.label = heads[cell.cellIndex].firstChild.data.trim();
    });
  });

  /* ---- A number leads to its entry, which stands folded away: browsers that don't unfold it ---- */

  function unfold() {
    var entry = location.hash.slice(0, 3) === "#f-" && document.getElementById(location.hash.slice(1));
    var folded = entry && entry.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    entry.scrollIntoView();
  }

  window.addEventListener("hashchange", unfold);
  unfold();
  /* ---- A table that is wider than its box scrolls in it, and must be reached by keyboard ---- */

  function reachable(entries) {
    entries.forEach(function (entry) {
      var box = entry.target.closest(".table"), caption = box.querySelector("caption");
      var told = { tabindex: "0", role: "region", "aria-label": caption ? caption.textContent : "Table" };
      var wide = box.scrollWidth > box.clientWidth + 1;
      Object.keys(told).forEach(function (name) {
        if (wide) box.setAttribute(name, told[name]);
        else box.removeAttribute(name);
      });
    });
  }

  if ("ResizeObserver" in window) {
    var sizes = new ResizeObserver(reachable);
    document.querySelectorAll(".table, .table > table").forEach(function (box) { sizes.observe(box); });
  }

  /* ---- A kept edition says what it is, and leads to the same page of the newest ---- */

  var kept = location.pathname.match(/^(.*)\/editions\/[^/]+\/(.*)$/);
  if (kept) {
    var note = document.createElement("p"), newest = document.createElement("a");
    note.className = "kept";
    newest.href = kept[1] + "/" + kept[2];
    newest.textContent = "Go to the newest edition";
    note.append("This edition is kept as it was published. ", newest);
    document.querySelector("main").prepend(note);
  }

  /* ---- Siblings stand open beside the text where there is room for them ---- */

  if (matchMedia("(min-width: 1100px)").matches) {
    document.querySelectorAll(".siblings details").forEach(function (details) {
      details.open = true;
      details.querySelector("summary").tabIndex = -1; /* a heading here: there is nothing to unfold */
    });
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
      stage.querySelector("svg").setAttribute("aria-hidden", "true");
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

  /* ---- Calculators have a script of their own, which pages without one never load ---- */

  if (document.querySelector(".calculator")) load(root + "_static/calculator.js");
})();
