// A list to search in (WAI-ARIA: editable combobox with a list, chosen by hand). The select of the
// form stays what is sent; without this script it is what is chosen from. Nothing is chosen but by
// Enter, a click, or a number beside a proposal.
(function () {
  "use strict";
  var box = document.querySelector("[data-combobox]");
  if (!box) { return; }
  var form = box.closest("form");
  var select = box.querySelector("select");
  var words = box.dataset;
  var known = null;

  // The words of each option: its own, its group's, and the phrases people use for it.
  var options = [];
  Array.from(select.options).forEach(function (option) {
    if (!option.value) { return; }
    var group = option.parentElement.tagName === "OPTGROUP" ? option.parentElement.label : "";
    options.push({ code: option.value, label: option.textContent.trim(), group: group, phrases: [] });
  });

  var id = select.id;
  var list = document.createElement("div");
  list.id = id + "-list";
  list.className = "combo-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.querySelector("label").textContent.trim());
  list.hidden = true;
  var input = document.createElement("input");
  input.id = id;
  input.name = "category_typed";
  input.className = "form-control";
  input.type = "text";
  input.autocomplete = "off";
  input.maxLength = 80;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  var described = select.getAttribute("aria-describedby") || "";
  if (select.getAttribute("aria-invalid")) { input.setAttribute("aria-invalid", "true"); }
  var hint = document.createElement("p");
  hint.className = "field-hint";
  hint.id = id + "-how";
  hint.textContent = words.hint;
  input.setAttribute("aria-describedby", (described + " " + hint.id).trim());
  var told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  var unchosen = document.createElement("p");
  unchosen.className = "field-error";
  unchosen.id = id + "-unchosen";
  unchosen.hidden = true;
  var open = document.createElement("button");
  open.type = "button";
  open.tabIndex = -1;
  open.className = "combo-open";
  open.setAttribute("aria-label", words.open);
  open.setAttribute("aria-expanded", "false");
  open.setAttribute("aria-controls", list.id);
  open.textContent = "▾";
  var frame = document.createElement("div");
  frame.className = "combo";
  frame.append(input, open, list);
  select.id = id + "-chosen";
  select.hidden = true;
  select.before(frame);
  frame.after(unchosen, hint, told);

  var shown = [];
  var active = -1;

  function labelOf(code) {
    var found = options.find(function (each) { return each.code === code; });
    return found ? found.label : "";
  }
  function fold(text) {
    var spellings = known ? known.spellings : {};
    return text.toLowerCase().normalize("NFKC").split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(function (word) {
      if (word.length > 6 && word.endsWith("nya")) { word = word.slice(0, -3); }
      return Object.prototype.hasOwnProperty.call(spellings, word) ? spellings[word] : word;
    }).join(" ");
  }
  // How well an option fits: its own words before the phrases, the beginning before the middle.
  function fit(option, asked) {
    var own = option.folded;
    if (own.indexOf(asked) === 0) { return { rank: 0 }; }
    if ((" " + own).indexOf(" " + asked) >= 0) { return { rank: 1 }; }
    var best = null;
    option.phrases.forEach(function (phrase) {
      var at = (" " + phrase.folded).indexOf(" " + asked);
      if (at < 0) { return; }
      var rank = phrase.folded === asked ? 0.5 : at === 0 ? 2 : 3;
      if (!best || rank < best.rank) { best = { rank: rank, by: phrase.text }; }
    });
    if (best) { return best; }
    var tokens = asked.split(" ");
    function hasAll(text) { return tokens.every(function (one) { return (" " + text).indexOf(" " + one) >= 0; }); }
    if (hasAll(own + " " + option.groupFolded)) { return { rank: 4 }; }
    var phrase = option.phrases.find(function (each) { return hasAll(each.folded); });
    return phrase ? { rank: 5, by: phrase.text } : null;
  }
  function fold_all() {
    options.forEach(function (each) {
      each.folded = fold(each.label);
      each.groupFolded = fold(each.group);
      each.phrases = ((known && known.phrases[each.code]) || []).map(function (text) {
        return { text: text, folded: fold(text) };
      });
    });
  }
  fold_all();
  var asking = null;
  function load() {
    if (known || asking) { return; }
    asking = fetch(form.dataset.wordsAt, { redirect: "manual" }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (answer) {
      asking = null;
      if (!answer) { return; }
      known = answer;
      fold_all();
      if (!list.hidden) { search(true); }
    }).catch(function () { asking = null; });
  }

  // `isSame`: nothing was typed since, so that what the person stands on stays theirs.
  function search(isSame) {
    var stood = isSame && active >= 0 ? shown[active].option : null;
    var asked = fold(input.value);
    var isWhole = !asked || input.value === labelOf(select.value);
    shown = options.map(function (option, at) {
      var found = isWhole ? { rank: 0 } : fit(option, asked);
      return found && { option: option, rank: found.rank, by: found.by || "", at: at };
    }).filter(Boolean);
    if (!isWhole) { shown.sort(function (a, b) { return a.rank - b.rank || a.at - b.at; }); }
    active = shown.findIndex(function (each) { return each.option === stood; });
    draw(isWhole);
  }
  function draw(isWhole) {
    list.textContent = "";
    var group = null;
    var held = list;
    shown.forEach(function (each, n) {
      if (isWhole && each.option.group !== group) {
        group = each.option.group;
        held = document.createElement("div");
        held.setAttribute("role", "group");
        held.setAttribute("aria-label", group);
        var title = document.createElement("div");
        title.className = "combo-group";
        title.setAttribute("role", "presentation");
        title.textContent = group;
        held.append(title);
        list.append(held);
      }
      var row = document.createElement("div");
      row.id = list.id + "-" + n;
      row.className = "combo-option";
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(each.option.code === select.value));
      row.dataset.n = n;
      row.textContent = each.option.label;
      if (each.by) {
        var by = document.createElement("span");
        by.className = "combo-by";
        by.textContent = words.foundBy.replace("#", each.by);
        row.append(" ", by);
      }
      held.append(row);
    });
    if (!shown.length) {
      var none = document.createElement("div");
      none.className = "combo-none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.setAttribute("aria-selected", "false");
      none.textContent = words.none;
      list.append(none);
    }
    told.textContent = shown.length ? words.count.replace("#", shown.length) : words.none;
    mark();
  }
  function mark() {
    list.querySelectorAll("[data-n]").forEach(function (row) {
      row.classList.toggle("is-active", Number(row.dataset.n) === active);
    });
    if (active < 0) { input.removeAttribute("aria-activedescendant"); return; }
    var row = document.getElementById(list.id + "-" + active);
    input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }
  function show() {
    load();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    open.setAttribute("aria-expanded", "true");
    search();
  }
  function hide() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    open.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function say() {
    var typed = input.value.trim();
    var isLoose = typed !== "" && !select.value;
    unchosen.hidden = !isLoose;
    unchosen.textContent = isLoose ? words.unchosen.replace("#", typed) : "";
    input.setAttribute("aria-describedby", (described + " " + hint.id + (isLoose ? " " + unchosen.id : "")).trim());
    if (isLoose) { input.setAttribute("aria-invalid", "true"); } else { input.removeAttribute("aria-invalid"); }
  }
  function choose(code) {
    var before = select.value;
    select.value = code;
    input.value = labelOf(code);
    hide();
    say();
    if (before !== select.value) { select.dispatchEvent(new Event("change", { bubbles: true })); }
    return select.value === code;
  }

  input.addEventListener("input", function () {
    // What is typed stands for no category any more until one is chosen.
    if (select.value && input.value !== labelOf(select.value)) {
      select.value = "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    unchosen.hidden = true;
    show();
  });
  input.addEventListener("focus", load);
  input.addEventListener("blur", function () { hide(); say(); });
  input.addEventListener("click", function () { if (list.hidden) { show(); } });
  input.addEventListener("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) { return; }
    var suggestion = /^[1-3]$/.test(event.key) && input.value === "" && document.querySelector("[data-pick='" + event.key + "']");
    if (suggestion) {
      event.preventDefault();
      choose(suggestion.value);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { show(); if (event.altKey) { return; } }
      var step = event.key === "ArrowDown" ? 1 : -1;
      if (!shown.length) { return; }
      active = active < 0 ? (step > 0 ? 0 : shown.length - 1) : (active + step + shown.length) % shown.length;
      mark();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      event.stopPropagation();
      choose(shown[active].option.code);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      hide();
    } else if (event.key === "Tab") {
      hide();
    }
  });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); });
  list.addEventListener("click", function (event) {
    var row = event.target.closest("[data-n]");
    if (row) { choose(shown[Number(row.dataset.n)].option.code); input.focus(); }
  });
  open.addEventListener("mousedown", function (event) { event.preventDefault(); });
  open.addEventListener("click", function () {
    input.focus();
    if (list.hidden) { show(); } else { hide(); }
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pick]");
    if (!button) { return; }
    event.preventDefault();
    choose(button.value);
    input.focus();
  });

  // The category was set by a draft that came back.
  document.addEventListener("intake:restored", function () {
    if (select.value) { input.value = labelOf(select.value); }
    say();
  });
  input.value = labelOf(select.value);
})();
