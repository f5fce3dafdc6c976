/* The water bill calculator: the formulas of cityresearch/methods/water.py, in the reader's browser.
   Wage, cut-offs and words come from the page. Nothing is sent, and nothing is kept. */
(function () {
  "use strict";

  var WAIT = 400;
  var MOST = 1e7; /* dollars: more is a slip, and prints no figure that anyone could read */

  /* The amount as typed, "$1,250.50", as a number; NaN where it is none. Commas stand between thousands alone. */
  function amount(text) {
    var plain = text.trim().replace(/^\$\s*/, "");
    var value = Number(plain.replace(/,/g, ""));
    return /^((\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+)$/.test(plain) && value <= MOST ? value : NaN;
  }

  /* How many of the lower bounds, inclusive, the value reaches. */
  function step(value, limits) {
    return limits.filter(function (limit) { return value >= limit; }).length;
  }

  function shareOfIncome(bill, income) { return bill / income * 1200; }

  function hoursAtMinimumWage(bill, wage) { return bill / wage; }

  /* The class, or each that is possible where the poverty of the area is not known. */
  function burdenClasses(share, limits, poverty, classes) {
    var steps = poverty === "" ? [0, 1, 2] : [Number(poverty)];
    return steps.map(function (each) { return classes[step(share, limits) + each]; });
  }

  function listed(names) {
    var last = names[names.length - 1];
    if (names.length === 1) return last;
    return names.slice(0, -1).join(", ") + " or " + last + ", by how many residents are poor";
  }

  function printed(value) {
    return value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  function show(place, value) {
    place.value = String(value);
    place.textContent = printed(value);
  }

  function calculator(box) {
    var form = box.querySelector("form");
    var result = box.querySelector(".result > div");
    var limits = box.dataset.burden.split(" ").map(Number);
    var classes = box.dataset.classes.split("|");
    var timer = 0;

    /* What is wrong with a field: a key of the messages in the page, or nothing. */
    function fault(input) {
      var value = amount(input.value);
      if (!input.value.trim()) return "missing";
      if (!isFinite(value)) return "wrong";
      return input.name === "income" && value === 0 ? "zero" : "";
    }

    function tell(input) {
      var found = fault(input);
      var place = document.getElementById(input.id + "-fault");
      place.textContent = found ? box.dataset[found] : "";
      place.hidden = !found;
      if (found) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }

    function reckon() {
      var bill = form.elements.bill, income = form.elements.income;
      clearTimeout(timer);
      result.hidden = Boolean(fault(bill) || fault(income));
      if (result.hidden) return;
      var paid = amount(bill.value), share = shareOfIncome(paid, amount(income.value));
      var hours = result.querySelector(".hours");
      show(result.querySelector(".share"), share);
      if (hours) show(hours, hoursAtMinimumWage(paid, Number(box.dataset.wage)));
      result.querySelector(".class").textContent =
        listed(burdenClasses(share, limits, form.elements.poverty.value, classes));
    }

    var amounts = [form.elements.bill, form.elements.income];
    amounts.forEach(function (input) {
      input.addEventListener("input", function () {
        /* A mended field loses its complaint at once; a new one waits until it is left. */
        if (input.hasAttribute("aria-invalid")) tell(input);
        clearTimeout(timer);
        timer = setTimeout(reckon, WAIT);
      });
      input.addEventListener("change", function () { if (input.value.trim()) tell(input); });
    });
    form.elements.poverty.addEventListener("change", reckon);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      amounts.forEach(tell);
      reckon();
      var first = amounts.find(fault);
      if (first) first.focus();
    });
    form.hidden = false;
  }

  document.querySelectorAll(".calculator").forEach(calculator);
})();
