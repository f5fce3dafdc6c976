/* Two places side by side on one topic: compare.html?topic=transit&a=wi/madison&b=il/chicago.
   The figures are those of the two briefs' own facts, as tables print them, each leading to its entry. */
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

  /* One figure of one area. Of one state two places may still differ: a law can name a single city. */
  function alike(a, b) { return a.about.id === b.about.id && a.about.kind === b.about.kind && a.value === b.value; }

  function words(a, b, kind) {
    if (alike(a, b)) return "the same area: " + a.about.name;
    var answer = differs(a, b);
    if (answer === null) return a.value === null || b.value === null ? "not comparable: a figure is not available" : "not comparable: a margin of error is not known";
    if (answer && a.cell === b.cell) return "the same, as printed";
    if (answer) return KINDS[kind][a.value > b.value ? 0 : 1];
    return isCount(a) && isCount(b) ? "the same" : "about the same";
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

  function figure(fact, page) {
    var made = cell("td", "", fact.margin);
    var link = document.createElement("a");
    link.href = page + "#" + fact.entry;
    link.textContent = fact.cell;
    made.prepend(link);
    made.className = "num";
    return made;
  }

  function row(pair, pages, kind) {
    var a = pair[0], b = pair[1];
    var made = document.createElement("tr");
    var label = a.label.charAt(0).toUpperCase() + a.label.slice(1);
    var signs = ["%", "share", ""];
    var head = cell("th", label, signs.indexOf(a.unit) >= 0 ? "" : a.unit.replace("USD", "dollars"));
    head.scope = "row";
    var said = cell("td", words(a, b, kind));
    said.className = "words";
    made.append(head, figure(a, pages[0]), figure(b, pages[1]), said);
    return made;
  }

  function brief(page, facts) {
    var line = document.createElement("p");
    var link = document.createElement("a");
    link.href = page;
    link.textContent = facts.title;
    line.append(facts.place + ": ", link);
    return line;
  }

  /* The figures that both briefs have, in the order of the names. */
  function shared(a, b, names) {
    var ones = own(a), others = own(b);
    return names.map(function (name) { return [ones.get(name), others.get(name)]; }).map(function (pair) {
      return pair[0] && pair[1] && pair[0].label === pair[1].label && pair[0].unit === pair[1].unit ? pair : null;
    });
  }

  function table(a, b, topic, pairs, kinds, pages) {
    var made = document.createElement("table");
    var head = made.createTHead().insertRow();
    var heads = [cell("th", "Figure"), cell("th", a.place), cell("th", b.place), cell("th", "In words", "the first against the second")];
    heads[1].className = heads[2].className = "num";
    heads[3].className = "num words";
    made.className = "data compared";
    made.createCaption().textContent = topic + ": " + a.place + " and " + b.place;
    head.append.apply(head, heads);
    pairs.forEach(function (pair, at) {
      if (pair) (made.tBodies[0] || made.createTBody()).append(row(pair, pages, kinds[at]));
    });
    return made;
  }

  /* Whether the two tell different figures of one area, as where a law names a single city. */
  function apart(a, b) {
    var ones = own(a), others = own(b);
    return Array.from(ones.keys()).some(function (name) {
      var one = ones.get(name), other = others.get(name);
      return other && one.about.kind === other.about.kind && one.about.id === other.about.id && one.value !== other.value;
    });
  }

  /* What stands above the table: honest where there is nothing to compare, or one area alone. */
  function account(a, b, topic, pairs) {
    var both = a.place + " and " + b.place;
    var area = pairs.length && pairs[0][0].about;
    if (!pairs.length) return "Nothing can be compared here: the briefs on " + topic.toLowerCase() + " for " + both + " share no figure. Each can be read by itself.";
    var one = pairs.every(function (pair) { return alike(pair[0], pair[1]) && pair[0].about.id === area.id && pair[0].about.kind === area.kind; });
    if (!one) return both + " are shown side by side.";
    var why = both + " both lie in " + area.name + ", and these figures are about all of it.";
    if (apart(a, b)) return "These figures can’t differ: " + why + " Others in the two briefs do, as where a law names one city: read both.";
    return "There is no difference to show: " + why + (area.kind === "state" ? " What holds for the state holds for both." : "");
  }

  function noted(made) {
    var held = document.createElement("div");
    var note = document.createElement("p");
    held.className = "table";
    note.className = "note";
    note.textContent = "A second line is the margin of error or the bounds at which the source gives it. Words such as “higher” or “fewer” stand where figures differ by more than their margins; “about the same” where the data can’t tell them apart. A figure without a second line is a count or set by law. Each figure leads to its source in the brief.";
    held.append(made, note);
    return held;
  }

  function get(path, topic) {
    return fetch(root + path + "/" + topic + ".json").then(function (answer) {
      if (!answer.ok) throw new Error(path);
      return answer.json();
    });
  }

  function name(path) {
    return window.cityList().then(function (places) {
      return places.find(function (each) { return each.path === path; }).full;
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
      var pages = paths.map(function (path) { return root + path + "/" + option.value + ".html"; });
      var pairs = shared(two[0], two[1], option.dataset.figures.split(" ").filter(Boolean));
      stage.replaceChildren(brief(pages[0], two[0]), brief(pages[1], two[1]));
      if (pairs.some(Boolean)) stage.append(noted(table(two[0], two[1], option.text, pairs, option.dataset.kinds.split(" "), pages)));
      told.textContent = account(two[0], two[1], option.text, pairs.filter(Boolean));
    }).catch(function (error) {
      if (now === turn) told.textContent = "This edition has no brief on " + option.text.toLowerCase() + " for " + (error.message || "a place of this address") + ".";
    });
  }

  /* The place of an address as people copy it: "il/chicago/", "il/chicago/transit", "https://…/il/chicago/transit.html".
     Only addresses of places in the list are ever asked for. */
  function placed(address) {
    var pages = Array.from(form.elements.topic.options, function (option) { return option.value; }).concat("index");
    var parts = address.replace(/[?#].*/, "").replace(/\.html$/, "").toLowerCase().split("/").filter(Boolean);
    if (pages.indexOf(parts[parts.length - 1]) >= 0) parts.pop();
    return window.cityList().then(function (places) {
      return places.find(function (each) { return ("/" + parts.join("/")).endsWith("/" + each.path); });
    });
  }

  /* A box that is left names the place that is compared: the one that its words fit, or the one chosen before. */
  function settle(event) {
    var box = event.target, key = box.id;
    if (!(key in chosen)) return;
    Promise.all([window.cityLike(box.value), chosen[key] && name(chosen[key])]).then(function (answers) {
      var like = answers[0], before = answers[1];
      if (document.activeElement === box || box.value === before) return;
      var only = like.all === 1 && !like.slip && like.best[0];
      if (!only && !before) return;
      box.value = only ? only.full : before;
      box.parentNode.querySelector("[role=status]").textContent = "";
      if (!only || only.path === chosen[key]) return;
      chosen[key] = only.path;
      update();
    });
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
    form.addEventListener("focusout", settle);
    Promise.all(["a", "b"].map(function (key) {
      var address = kept.get(key) || (key === "b" && kept.get("with"));
      return address && placed(address).then(function (place) {
        if (!place) return address;
        chosen[key] = place.path;
        document.getElementById(key).value = place.full;
        return "";
      });
    })).then(function (lost) {
      lost = lost.filter(Boolean);
      if (lost.length) told.textContent = "This edition has no " + (lost[1] ? "places at the addresses “" : "place at the address “") + lost.join("” and “") + "”. Type the name of a place instead.";
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
