/* Tables of places: sorted by the buttons in their headings, filtered by name and state. */
(function () {
  "use strict";

  function value(row, column) {
    var cell = row.children[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.classList.contains("num") ? null : cell.textContent;
  }

  /* What has no value comes last, whichever way the table is sorted. */
  function compare(a, b, way) {
    if (a === null || b === null) return (a === null) - (b === null);
    return way * (typeof a === "number" ? a - b : a.localeCompare(b, "en"));
  }

  function sort(table, heads, column) {
    var head = heads[column];
    var up = head.getAttribute("aria-sort") === "descending" || (head.getAttribute("aria-sort") !== "ascending" && !head.dataset.down);
    var body = table.tBodies[0];
    Array.from(body.rows)
      .map(function (row, at) { return { row: row, value: value(row, column), at: at }; })
      .sort(function (a, b) { return compare(a.value, b.value, up ? 1 : -1) || a.at - b.at; })
      .forEach(function (each) { body.appendChild(each.row); });
    heads.forEach(function (each) { each.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  function sortable(table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      /* Numbers are first sorted from the highest; ranks, which come sorted, from the best. */
      if (head.classList.contains("num")) head.dataset.down = "1";
      button.addEventListener("click", function () { sort(table, heads, column); });
    });
  }

  function filter(form, table) {
    var text = form.querySelector("input");
    var state = form.querySelector("select");
    var count = form.querySelector(".count");
    var rows = Array.from(table.tBodies[0].rows).map(function (row) {
      var state = row.dataset.state;
      function words(text) { return window.cityWords(text).map(window.cityWhole); }
      var cell = row.cells[0];
      return { row: row, own: words(cell.firstChild.textContent), words: words(cell.textContent + " " + state), state: state };
    });

    /* Whether each word typed begins a word of the place's name, of its state, or its state's letters. */
    function fits(words, typed) {
      return typed.every(function (word) {
        return words.some(function (own) { return own.indexOf(word) === 0 || own.indexOf(window.cityWhole(word)) === 0; });
      });
    }

    /* The rows that fit. A city whose name has no "city" in it is found with the word as well: New York City. */
    function found(typed) {
      var hits = rows.filter(function (each) { return fits(each.words, typed); });
      if (hits.length || typed.length < 2 || typed[typed.length - 1] !== "city") return hits;
      return rows.filter(function (each) { return fits(each.own, typed.slice(0, -1)); });
    }

    function apply() {
      rows.forEach(function (each) { each.row.hidden = true; });
      var shown = found(window.cityAsked(text.value)).filter(function (each) {
        each.row.hidden = Boolean(state && state.value && each.state !== state.value);
        return !each.row.hidden;
      });
      count.textContent = shown.length.toLocaleString("en-US") + " of " + count.dataset.all + " places shown";
    }

    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", apply);
    apply();
  }

  document.querySelectorAll("table.of-places").forEach(function (table) {
    sortable(table);
    var form = table.closest(".table").previousElementSibling;
    if (form && form.matches("form.filters")) filter(form, table);
  });
})();
