/* Two places side by side on one topic: compare.html?topic=transit&a=wi/madison&b=il/chicago.
   The figures are those of the two briefs' own facts files. */
(function () {
  "use strict";

  var root = document.body.dataset.root;
  var form = document.getElementById("compare-form");
  var told = document.getElementById("told");
  var stage = document.getElementById("side-by-side");
  var chosen = { a: "", b: "" };
  var turn = 0;

  function interval(fact) {
    if (fact.low !== null && fact.high !== null) return [fact.low, fact.high];
    return fact.moe === null ? null : [fact.value - fact.moe, fact.value + fact.moe];
  }

  /* The rule of `differs` in cityresearch/evidence/estimates.py: at 90 %, from the halves of the two
     intervals that face each other. True, false, or null where it can't be tested. */
  function differs(a, b) {
    if (a.value === null || b.value === null) return null;
    var reachA = interval(a), reachB = interval(b);
    if (!reachA || !reachB) return null;
    if (Math.abs(a.value - b.value) <= 1e-9 * Math.max(Math.abs(a.value), Math.abs(b.value))) return false;
    var low = a.value < b.value ? [a.value, reachA] : [b.value, reachB];
    var high = a.value < b.value ? [b.value, reachB] : [a.value, reachA];
    return high[0] - low[0] > Math.hypot(low[1][1] - low[0], high[0] - high[1][0]);
  }

  function isCount(fact) { return fact.moe === 0; }

  /* Words for above and below, by what the topic says of a figure: as `Comparison` in cityresearch/methods/words.py. */
  var KINDS = { higher: ["higher", "lower"], more: ["more", "fewer"], less: ["more", "less"] };

  function words(a, b, kind) {
    if (a.about.id === b.about.id && a.about.kind === b.about.kind) return "the same area: " + a.about.name;
    var answer = differs(a, b);
    if (answer === null) return a.value === null || b.value === null ? "not comparable: a figure is not available" : "not comparable: a margin of error is not known";
    if (answer && amount(a.value, a.unit) === amount(b.value, b.unit)) return "the same, as printed";
    if (answer) return KINDS[kind][a.value > b.value ? 0 : 1];
    return isCount(a) && isCount(b) ? "the same" : "about the same";
  }

  /* A number as tables print it: one decimal of a percentage, cents below $100, else three figures. */
  function amount(value, unit) {
    if (unit === "share") return amount(100 * value, "%");
    var form = { maximumSignificantDigits: 3 };
    if (unit === "%" || unit === "points") form = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    else if (unit.indexOf("USD") === 0 && Math.abs(value) < 100) form = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    else if (value % 1 === 0 && Math.abs(value) < 10000) form = { maximumFractionDigits: 0 };
    var size = Math.abs(value).toLocaleString("en-US", form);
    var sign = value < 0 ? "\u2212" : "";
    if (unit.indexOf("USD") === 0) return sign + "$" + size;
    return sign + size + (unit === "%" ? "%" : "");
  }

  function margin(fact) {
    if (fact.value === null) return fact.reason || "";
    if (fact.low !== null && fact.high !== null) return amount(fact.low, fact.unit) + " to " + amount(fact.high, fact.unit);
    if (fact.moe === null) return fact.reason || "margin of error not known";
    return fact.moe ? "± " + (fact.unit === "share" ? amount(100 * fact.moe, "points") : amount(fact.moe, fact.unit === "%" ? "points" : fact.unit)) : "";
  }

  /* A brief's figures about its own place by their names, without those of its peers. A figure of a peer ends with the peer's code; of the place's own codes, some figure has none. */
  function own(brief) {
    var codes = {};
    function coded(fact) { return fact.id.slice(-1 - fact.about.id.length) === ":" + fact.about.id; }
    brief.facts.forEach(function (fact) {
      if (!coded(fact) && !(fact.about.kind in codes)) codes[fact.about.kind] = fact.about.id;
    });
    var found = new Map();
    brief.facts.forEach(function (fact) {
      var kind = fact.about.kind;
      if (["method", "nation", "peers"].indexOf(kind) >= 0 || fact.about.id !== codes[kind]) return;
      var name = coded(fact) ? fact.id.slice(0, -1 - fact.about.id.length) : fact.id;
      found.set(name, fact);
    });
    return found;
  }

  function cell(tag, text, sub) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (tag === "th") made.scope = "col";
    if (sub) {
      var small = document.createElement("span");
      small.className = "sub";
      small.textContent = sub;
      made.append(" ", small);
    }
    return made;
  }

  function figure(fact) {
    var made = cell("td", fact.value === null ? "not available" : amount(fact.value, fact.unit), margin(fact));
    made.className = "num";
    return made;
  }

  function row(a, b, kind) {
    var made = document.createElement("tr");
    var label = a.label.charAt(0).toUpperCase() + a.label.slice(1);
    var signs = ["%", "share", ""];
    var head = cell("th", label, signs.indexOf(a.unit) >= 0 ? "" : a.unit.replace("USD", "dollars"));
    head.scope = "row";
    var said = cell("td", words(a, b, kind));
    said.className = "words";
    made.append(head, figure(a), figure(b), said);
    return made;
  }

  function brief(path, facts, topic) {
    var line = document.createElement("p");
    var link = document.createElement("a");
    link.href = root + path + "/" + topic + ".html";
    link.textContent = facts.title;
    line.append(facts.place + ": ", link);
    return line;
  }

  function table(a, b, topic, names, kinds) {
    var made = document.createElement("table");
    var head = made.createTHead().insertRow();
    var ones = own(a), others = own(b);
    var heads = [cell("th", "Figure"), cell("th", a.place), cell("th", b.place), cell("th", "In words", "the first against the second")];
    heads[1].className = heads[2].className = "num";
    heads[3].className = "num words";
    made.className = "data compared";
    made.createCaption().textContent = topic + ": " + a.place + " and " + b.place;
    head.append.apply(head, heads);
    made.createTBody().append.apply(made.tBodies[0], names.filter(function (name) {
      return ones.has(name) && others.has(name) && ones.get(name).label === others.get(name).label && ones.get(name).unit === others.get(name).unit;
    }).map(function (name) { return row(ones.get(name), others.get(name), kinds[names.indexOf(name)]); }));
    return made;
  }

  function get(path, topic) {
    return fetch(root + path + "/" + topic + ".json").then(function (answer) {
      if (!answer.ok) throw new Error(path);
      return answer.json();
    });
  }

  function name(path) {
    return window.cityList().then(function (places) {
      var place = places.find(function (each) { return each.path === path; });
      return place ? place.full : "";
    });
  }

  function update() {
    var now = ++turn;
    var option = form.elements.topic.selectedOptions[0];
    history.replaceState(null, "", "?" + new URLSearchParams({ topic: option.value, a: chosen.a, b: chosen.b }));
    stage.replaceChildren();
    told.textContent = "";
    if (!chosen.a || !chosen.b) return;
    if (chosen.a === chosen.b) { told.textContent = "Both are the same place. Choose another one."; return; }
    var paths = [chosen.a, chosen.b];
    Promise.all(paths.map(function (path) {
      return get(path, option.value).catch(function () { return null; });
    })).then(function (two) {
      var lost = paths[two.indexOf(null)];
      if (lost) return name(lost).then(function (full) { throw new Error(full); });
      if (now !== turn) return;
      var held = document.createElement("div");
      var note = document.createElement("p");
      held.className = "table";
      note.className = "note";
      note.textContent = "A second line is the margin of error or the bounds at which the source gives it. Words such as “higher” or “fewer” stand where figures differ by more than their margins; “about the same” where the data can’t tell them apart. A figure without a second line is a count or set by law.";
      held.append(table(two[0], two[1], option.text, option.dataset.figures.split(" ").filter(Boolean), option.dataset.kinds.split(" ")), note);
      stage.replaceChildren(brief(chosen.a, two[0], option.value), brief(chosen.b, two[1], option.value), held);
      told.textContent = two[0].place + " and " + two[1].place + " are shown side by side.";
    }).catch(function (error) {
      if (now === turn) told.textContent = "This edition has no brief on " + option.text.toLowerCase() + " for " + (error.message || "a place of this address") + ".";
    });
  }

  /* The folder of a place in an address as people copy it: "il/chicago/", "/il/chicago/transit.html". */
  function address(text) {
    return (text || "").replace(/[^/]*\.html$/, "").replace(/^\/+|\/+$/g, "").toLowerCase();
  }

  function start() {
    var kept = new URLSearchParams(location.search);
    var known = Array.from(form.elements.topic.options).some(function (option) { return option.value === kept.get("topic"); });
    if (known) form.elements.topic.value = kept.get("topic");
    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.elements.topic.addEventListener("change", update);
    form.addEventListener("place", function (event) {
      chosen[event.target.dataset.chosen] = event.detail;
      update();
    });
    Promise.all(["a", "b"].map(function (key) {
      var path = address(kept.get(key));
      /* Only addresses of places in the list are ever asked for. */
      return path && name(path).then(function (full) {
        if (!full) return path;
        chosen[key] = path;
        document.getElementById(key).value = full;
        return "";
      });
    })).then(function (lost) {
      lost = lost.filter(Boolean);
      if (lost.length) told.textContent = "This edition has no place at the address “" + lost.join("” and “") + "”. Type the name of a place instead.";
      else if (chosen.a && chosen.b) update();
    });
  }

  window.cityDiffers = differs;
  if (location.protocol === "file:") {
    told.textContent = "Two places can be compared where these pages come from a web address. Opened from a folder, browsers refuse to read the figures: the tables of the topics hold all places.";
    return;
  }
  start();
})();
