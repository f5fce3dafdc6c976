/* The only script of the pages: find your city, live charts. Every page reads well without it.
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

  /* ---- Find your city: every place of the book, by name, forgiving spelling ---- */

  var MOST = 8;
  var SLIP = 2;
  var SHORT = { st: "saint", ste: "sainte", ft: "fort", mt: "mount" };

  function words(text) {
    var plain = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    var found = plain.replace(/['’.]/g, "").match(/[a-z0-9]+/g) || [];
    return found.map(function (word) { return SHORT[word] || word; });
  }

  /* Fewest letters to add, drop, change or swap so that `typed` begins `word`; above `most`: Infinity. */
  function slips(typed, word, most) {
    var before = null, last = [], row, best, i, j, cost;
    for (j = 0; j <= word.length; j++) last[j] = j;
    for (i = 1; i <= typed.length; i++) {
      row = [i];
      best = i;
      for (j = 1; j <= word.length; j++) {
        cost = typed[i - 1] === word[j - 1] ? 0 : 1;
        row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + cost);
        if (before && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
        best = Math.min(best, row[j]);
      }
      if (best > most) return Infinity;
      before = last;
      last = row;
    }
    best = Math.min.apply(null, last);
    return best > most ? Infinity : best;
  }

  /* How badly a word of the query fits a place: 0 begins its name, then later words, state, slips. */
  function misfit(typed, place) {
    if (place.state === typed) return 0.5;
    var best = Infinity;
    var allowed = typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
    place.words.forEach(function (word, at) {
      var later = at === 0 ? 0 : at < place.own ? 0.2 : 0.6;
      if (word.indexOf(typed) === 0) best = Math.min(best, later + (word === typed ? 0 : 0.1));
      else if (allowed) best = Math.min(best, later + SLIP * slips(typed, word, allowed));
    });
    return best;
  }

  function search(places, text) {
    var query = words(text);
    if (!query.length) return [];
    var hits = places
      .map(function (place, rank) {
        var total = query.reduce(function (sum, word) { return sum + misfit(word, place); }, 0);
        return { place: place, total: total, rank: rank };
      })
      .sort(function (a, b) { return a.total - b.total || a.rank - b.rank; });
    /* Names that need a slip forgiven are offered only where no name fits without. */
    var limit = hits.length && hits[0].total < SLIP ? SLIP : Infinity;
    return hits
      .filter(function (hit) { return hit.total < limit; })
      .slice(0, MOST)
      .map(function (hit) { return hit.place; });
  }

  function finder(box) {
    var input = box.querySelector("input");
    var list = box.querySelector("[role=listbox]");
    var status = box.querySelector("[role=status]");
    var places = null, shown = [], at = -1;

    window.cityPlaces = function (rows) {
      places = rows.map(function (row) {
        var cut = row[0].lastIndexOf(", ");
        var name = cut < 0 ? row[0] : row[0].slice(0, cut);
        return {
          name: name, rest: row[0].slice(name.length), state: row[1].toLowerCase(), path: row[2],
          own: words(name).length, words: words(row[0])
        };
      });
    };

    function address(place) { return root + place.path + "/index.html"; }

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      at = -1;
    }

    function choose(next) {
      at = next;
      Array.prototype.forEach.call(list.children, function (option, index) {
        option.setAttribute("aria-selected", String(index === at));
      });
      if (at >= 0) input.setAttribute("aria-activedescendant", "found-" + at);
      else input.removeAttribute("aria-activedescendant");
    }

    function option(place, index) {
      var item = document.createElement("li");
      var state = document.createElement("span");
      item.id = "found-" + index;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = place.name;
      state.textContent = place.rest;
      item.appendChild(state);
      item.addEventListener("click", function () { location.href = address(place); });
      return item;
    }

    function show() {
      if (!places) return;
      shown = search(places, input.value);
      list.replaceChildren.apply(list, shown.map(option));
      list.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(shown.length > 0));
      choose(-1);
      if (!input.value.trim()) status.textContent = "";
      else if (!shown.length) status.textContent = "No place with briefs matches. All places are listed by state below.";
      else status.textContent = shown.length + (shown.length === 1 ? " place found." : " places found. Use the arrow keys to choose.");
      status.classList.toggle("visually-hidden", shown.length > 0 || !input.value.trim());
    }

    function key(event) {
      var last = shown.length - 1;
      if (event.key === "Escape") { close(); return; }
      if (list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) show();
      if (list.hidden) return;
      if (event.key === "ArrowDown") choose(at < last ? at + 1 : 0);
      else if (event.key === "ArrowUp") choose(at > 0 ? at - 1 : last);
      else if (event.key === "Enter") location.href = address(shown[Math.max(at, 0)]);
      else return;
      event.preventDefault();
    }

    box.hidden = false;
    input.addEventListener("focus", function () {
      load(root + "_static/places.js").then(show);
    }, { once: true });
    input.addEventListener("input", show);
    input.addEventListener("keydown", key);
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    if (location.hash === "#find") input.focus();
  }

  document.querySelectorAll(".finder .box").forEach(finder);

  /* ---- On phones wide tables are laid out as blocks; their parts keep their meaning by name ---- */

  var ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };

  document.querySelectorAll("table, thead, tbody, tr, td, th").forEach(function (part) {
    var role = ROLES[part.localName] || (part.closest("thead") ? "columnheader" : "rowheader");
    part.setAttribute("role", role);
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
