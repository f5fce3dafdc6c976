/* Search of all words with the index that Pagefind made. It comes in pieces, on demand: pagefind.js
   when the page opens, then for each query only the parts of the index that its words need. */
(function () {
  "use strict";

  var root = document.body.dataset.root || "./";
  var form = document.getElementById("search-form");
  var told = document.getElementById("told");
  var results = document.getElementById("results");
  var more = document.getElementById("more");
  var STEP = 10;
  var engine = null, found = [], next = 0, asked = 0;

  function tell(text) { told.textContent = text; }

  function choices() {
    return ["topic", "state"].filter(function (name) { return form.elements[name].value; });
  }

  function remember() {
    var kept = new URLSearchParams();
    if (form.elements.q.value.trim()) kept.set("q", form.elements.q.value.trim());
    choices().forEach(function (name) { kept.set(name, form.elements[name].value); });
    history.replaceState(null, "", kept.size ? "?" + kept : location.pathname);
  }

  /* Pagefind's excerpt is HTML: of it only the text is kept, and the marks round the words. */
  function marked(html) {
    var inert = new DOMParser().parseFromString(html, "text/html").body;
    return Array.from(inert.childNodes, function (node) {
      var part = document.createElement(node.nodeName === "MARK" ? "mark" : "span");
      part.textContent = node.textContent;
      return part;
    });
  }

  function item(data) {
    var line = document.createElement("li");
    var place = document.createElement("p");
    var link = document.createElement("a");
    var excerpt = document.createElement("p");
    place.className = "kicker";
    place.textContent = [data.meta.place, data.meta.topic].filter(Boolean).join(" · ");
    link.href = data.url;
    link.textContent = data.meta.title;
    excerpt.append.apply(excerpt, marked(data.excerpt));
    if (place.textContent) line.append(place);
    line.append(link, excerpt);
    return line;
  }

  function show(count) {
    var turn = asked;
    var part = found.slice(next, next + count);
    next += part.length;
    return Promise.all(part.map(function (hit) { return hit.data(); })).then(function (all) {
      if (turn !== asked) return;
      results.append.apply(results, all.map(item));
      more.hidden = next >= found.length;
      return all;
    });
  }

  /* The words typed of which none of these pages has even the beginning: Pagefind then takes pages with
     the first letters of the word, and those may have nothing to do with it. Of three letters, all count. */
  function strange(query, pages) {
    var text = pages.map(function (data) { return " " + window.cityWords(data.content).join(" "); }).join("") + " ";
    return window.cityWords(query).filter(function (word) {
      if (word.length === 3) return !["", "s", "es"].some(function (end) { return text.indexOf(" " + word + end + " ") >= 0; });
      return word.length > 3 && text.indexOf(" " + word.slice(0, Math.max(3, word.length - 3))) < 0;
    });
  }

  /* Everyday words for areas of policy, and what briefs call these. They count only where no text has the word. */
  var CALLED = [
    [/\bguns?( control| laws?| rules?)?\b/i, "firearms"],
    [/\b(airbnbs?|vrbo|vacation rentals?)\b/i, "short-term rentals"],
    [/\b(uber|lyft|ride-?shar(e|es|ing))\b/i, "ride-hailing"],
    [/\b(e-?cig(arette)?s?|vap(es?|ing))\b/i, "tobacco"]
  ];

  function asCalled(query) {
    return CALLED.reduce(function (text, pair) { return text.replace(pair[0], pair[1]); }, query);
  }

  function counted(query, pages) {
    var count = found.length === 1 ? "1 page found." : found.length.toLocaleString("en-US") + " pages found.";
    var missed = strange(query, pages);
    var typed = form.elements.q.value.trim();
    if (query !== typed) return "No text has “" + typed + "” quite so. Pages on “" + query + "”, which may be what you mean: " + count;
    if (!found.length || !missed.length) return count;
    return "No text has “" + missed.join("” or “") + "” quite so. By their first letters or the other words: " + count;
  }

  /* What is found badly may be the name of a place, or nearly one. */
  function offerPlaces(query, turn) {
    return window.cityLike(query).then(function (like) {
      var places = like.best;
      if (turn !== asked || !places.length) return;
      told.append(" Is it a place? ");
      places.slice(0, 3).forEach(function (place, at) {
        var link = document.createElement("a");
        link.href = root + place.path + "/index.html";
        link.textContent = place.full;
        told.append(at ? "; " : "", link);
      });
    });
  }

  function search() {
    var turn = ++asked;
    var query = form.elements.q.value.trim();
    var filters = {};
    choices().forEach(function (name) { filters[name] = form.elements[name].value; });
    remember();
    if (!query) { results.replaceChildren(); more.hidden = true; tell(""); return; }
    /* Pagefind knows $109 as 109. */
    engine.debouncedSearch(query.replace(/\$(?=\d)/g, ""), { filters: filters }, 150).then(function (answer) {
      if (turn !== asked || answer === null) return;
      return first(answer).then(function (all) {
        var other = asCalled(query);
        if (turn !== asked || other === query || all.length && !strange(query, all).length) return put(query, answer, turn);
        return engine.search(other, { filters: filters }).then(function (better) {
          return first(better).then(function (pages) {
            if (pages.length && !strange(other, pages).length) return put(other, better, turn);
            return put(query, answer, turn);
          });
        });
      });
    });
  }

  /* The pages that a search shows first. */
  function first(answer) {
    return Promise.all(answer.results.slice(0, STEP).map(function (hit) { return hit.data(); }));
  }

  function put(query, answer, turn) {
    if (turn !== asked) return;
    found = answer.results;
    next = 0;
    results.replaceChildren();
    return show(STEP).then(function (all) {
      if (turn !== asked) return;
      tell(counted(query, all));
      if (!found.length || strange(query, all).length) return offerPlaces(query, turn);
    });
  }

  function offer(name, counts) {
    Object.keys(counts || {}).sort().forEach(function (value) {
      form.elements[name].append(new Option(value, value));
    });
  }

  /* The index of a large book is in parts. */
  function addParts(options) {
    var folder = new URL(root + "pagefind/", location.href);
    return fetch(new URL("parts.json", folder))
      .then(function (answer) { return answer.json(); })
      .then(function (parts) {
        return Promise.all(parts.map(function (part) {
          return engine.mergeIndex(new URL(part + "/", folder).pathname, options);
        }));
      });
  }

  function start(loaded) {
    var options = { baseUrl: new URL(root, location.href).pathname, excerptLength: 24 };
    engine = loaded;
    return engine.options(options)
      .then(function () { return addParts(options); })
      .then(function () { return engine.filters(); })
      .then(function (filters) {
        var kept = new URLSearchParams(location.search);
        offer("topic", filters.topic);
        offer("state", filters.state);
        ["q", "topic", "state"].forEach(function (name) { form.elements[name].value = kept.get(name) || ""; });
        form.hidden = false;
        form.addEventListener("input", search);
        form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
        more.addEventListener("click", function () {
          var at = results.children.length;
          show(STEP).then(function () { if (results.children[at]) results.children[at].querySelector("a").focus(); });
        });
        form.elements.q.focus();
        search();
      });
  }

  if (location.protocol === "file:") {
    tell("The search works where these pages come from a web address. Opened from a folder, browsers refuse it: find your city, or use the tables of the topics.");
    return;
  }
  import(new URL(root + "pagefind/pagefind.js", location.href)).then(start).catch(function () {
    form.hidden = true;
    tell("The search could not be loaded. Find your city by name, or use the tables of the topics.");
  });
})();
