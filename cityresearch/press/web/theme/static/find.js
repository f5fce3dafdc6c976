/* Find your city: every place of the book, by name, forgiving spelling, by keyboard (ARIA combobox).
   The list of places is loaded when a box is first entered. */
(function () {
  "use strict";

  var root = document.body.dataset.root;
  var MOST = 8;
  var SLIP = 2;
  var places = null;
  var waiting = null;

  function words(text) { return window.cityWords(text).map(window.cityWhole); }

  function initials(list) {
    return list.map(function (word) { return word[0]; }).join("");
  }

  /* Rows are full name, letters of the state, folder, the Census Bureau's name where it differs, short names. */
  window.cityPlaces = function (rows) {
    places = rows.map(function (row) {
      var cut = row[0].lastIndexOf(", ");
      var name = cut < 0 ? row[0] : row[0].slice(0, cut);
      var own = words(name);
      var other = row[3] ? words(row[3]) : [];
      var place = {
        name: name, rest: row[0].slice(name.length), full: row[0], state: row[1].toLowerCase(),
        path: row[2], own: own.length, words: words(row[0]), other: other,
        short: row[4] ? words(row[4]) : [],
        joined: own.length < 2 ? [] : [window.cityWords(name), own].map(function (list) { return list.join("") + "city"; }), /* sanfrancisco */
        city: cut >= 0,
        letters: cut < 0 || own.length < 2 ? [] : [initials(own), initials(own) + "c"] /* LA; with the word city: NYC */
      };
      place.alone = Object.assign({}, place, { words: own, state: "", other: [] });
      return place;
    });
  };

  function list() {
    waiting = waiting || window.cityLoad(root + "_static/places.js").then(function () { return places; });
    return waiting;
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

  /* How badly a word of the query fits a place: 0 is its name, then a short name, its beginning or
     letters (NYC), later words, state, words of its official name, slips. */
  function misfit(typed, place) {
    if (place.state === typed) return 0.5;
    var best = Infinity;
    var allowed = typed.length < 4 ? 0 : typed.length < 6 ? 1 : 2;
    if (place.letters.indexOf(typed) >= 0) best = 0.1;
    place.words.forEach(function (word, at) {
      var later = at === 0 ? 0 : at < place.own ? 0.2 : 0.6;
      if (word.indexOf(typed) === 0) best = Math.min(best, later + (word === typed ? 0 : 0.1));
      else if (allowed) best = Math.min(best, later + SLIP * slips(typed, word, allowed));
    });
    place.joined.forEach(function (word) {
      if (typed.length > 4 && word.indexOf(typed) === 0) best = Math.min(best, 0.1);
    });
    place.short.forEach(function (word) {
      if (word.indexOf(typed) === 0) best = Math.min(best, word === typed ? 0.05 : 0.3);
    });
    place.other.forEach(function (word) {
      if (word.indexOf(typed) === 0) best = Math.min(best, 0.8);
    });
    return best;
  }

  function nearest(word, place) { return Math.min(misfit(word, place), misfit(window.cityWhole(word), place)); }

  /* Whether "city" may follow: after the whole of a place's own name ("New York City"), not
     after its state, with one slip at most in a word: Oregon City is no Fremont. */
  function whole(query, place) {
    return place.city && query.filter(function (word) { return nearest(word, place.alone) < 2 * SLIP; }).length >= place.own;
  }

  /* The places that fit, the best first, and whether a slip had to be forgiven for them. Names that need
     a slip are offered only where none fits without, and then those that need the fewest. */
  function fitting(query) {
    var hits = places
      .map(function (place, rank) {
        var total = query.reduce(function (sum, word) {
          var city = word === "city" && whole(query, place) ? 0.8 : Infinity;
          return sum + Math.min(nearest(word, place), city);
        }, 0);
        return { place: place, total: total, rank: rank };
      })
      .sort(function (a, b) { return a.total - b.total || a.rank - b.rank; });
    var fewest = hits.length ? SLIP * Math.floor(hits[0].total / SLIP) : 0;
    hits = hits.filter(function (hit) { return hit.total < fewest + SLIP; });
    return { hits: hits, slip: fewest > 0 };
  }

  /* The best places, how many there are in all, and whether none is named quite so. */
  function search(text) {
    var query = window.cityAsked(text);
    if (!query.length) return { best: [], all: 0, slip: false };
    var found = fitting(query);
    /* A name with the letters of another state: those of this name are better than nothing. */
    if (!found.hits.length && query.length > 1 && query[query.length - 1].length === 2) {
      found = { hits: fitting(query.slice(0, -1)).hits, slip: true };
    }
    var best = found.hits.slice(0, MOST).map(function (hit) { return hit.place; });
    return { best: best, all: found.hits.length, slip: found.slip };
  }

  /* One box. Without `data-chosen` a choice opens the place's page; with it, an event tells of it. */
  function finder(part) {
    var box = part.querySelector(".box");
    var input = box.querySelector("input");
    var options = box.querySelector("[role=listbox]");
    var status = box.querySelector("[role=status]");
    var shown = [], at = -1;

    function take(place) {
      if (!part.dataset.chosen) { location.href = root + place.path + "/index.html"; return; }
      input.value = place.full;
      close();
      part.dispatchEvent(new CustomEvent("place", { bubbles: true, detail: place.path }));
    }

    function close() {
      options.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      at = -1;
    }

    function choose(next) {
      at = next;
      Array.prototype.forEach.call(options.children, function (option, index) {
        option.setAttribute("aria-selected", String(index === at));
      });
      if (at >= 0) input.setAttribute("aria-activedescendant", options.children[at].id);
      else input.removeAttribute("aria-activedescendant");
    }

    function option(place, index) {
      var item = document.createElement("li");
      var state = document.createElement("span");
      item.id = options.id + "-" + index;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = place.name;
      state.textContent = place.rest;
      item.appendChild(state);
      item.addEventListener("click", function () { take(place); });
      return item;
    }

    function show() {
      if (!places) return;
      var found = search(input.value);
      shown = found.best;
      options.replaceChildren.apply(options, shown.map(option));
      options.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(shown.length > 0));
      choose(-1);
      if (!input.value.trim()) status.textContent = "";
      else if (!shown.length) status.textContent = "No place of this name is in this edition. All its places are listed by state.";
      else status.textContent = counted(found);
      /* In sight where the list itself does not say it. */
      status.classList.toggle("visually-hidden", !input.value.trim() || (shown.length > 0 && !found.slip && found.all === shown.length));
    }

    function counted(found) {
      var text = found.slip ? "No place is named quite so. Like it: " : "";
      text += found.all === 1 ? "1 place found." : found.all + " places found";
      if (found.all > shown.length) text += ", the first " + shown.length + " are shown: type more to narrow them";
      return found.all === 1 ? text : text + ". Use the arrow keys to choose.";
    }

    function key(event) {
      var last = shown.length - 1;
      if (event.key === "Escape") { close(); return; }
      if (options.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) show();
      if (options.hidden) return;
      if (event.key === "ArrowDown") choose(at < last ? at + 1 : 0);
      else if (event.key === "ArrowUp") choose(at > 0 ? at - 1 : last);
      else if (event.key === "Enter") take(shown[Math.max(at, 0)]);
      else return;
      event.preventDefault();
    }

    box.hidden = false;
    input.addEventListener("focus", function () { list().then(function () { if (document.activeElement === input && !part.dataset.chosen) show(); }); }, { once: true });
    input.addEventListener("input", function () { list().then(show); });
    input.addEventListener("keydown", key);
    input.addEventListener("blur", close);
    options.addEventListener("mousedown", function (event) { event.preventDefault(); });
    if (location.hash === "#find" && !part.dataset.chosen) input.focus();
  }

  window.cityList = list;
  window.cityLike = function (text) { return list().then(function () { return search(text); }); };
  document.querySelectorAll(".finder").forEach(finder);
})();
