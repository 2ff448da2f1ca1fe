// Open pages keep themselves up to date. They ask now and then whether something is new, which costs
// next to nothing while nothing is; they are quiet while nobody looks, change nothing that somebody
// is at, and never take the cursor away.
(function () {
  "use strict";

  var said = document.getElementById("live");
  if (!said || !window.fetch) { return; }
  var EVERY = 15000;
  var marks = {};
  var isBusy = false;
  var hasEnded = false;
  var timer = 0;

  function say(words) { if (words) { said.textContent = words; } }

  // The answer to an address, or null where nothing is new or nobody answers.
  function ask(address) {
    var headers = { "X-Requested-With": "live" };
    if (marks[address]) { headers["If-None-Match"] = marks[address]; }
    return fetch(address, { headers: headers, credentials: "same-origin", cache: "no-store", redirect: "manual" })
      .then(function (answer) {
        if (answer.type === "opaqueredirect" || answer.status === 401) { end(); return null; }
        if (answer.status !== 200) { return null; }
        marks[address] = answer.headers.get("ETag");
        return answer;
      }).catch(function () { return null; });
  }

  function end() {
    if (hasEnded) { return; }
    hasEnded = true;
    note(said.dataset.ended, "/login", said.dataset.login, [], true);
  }

  // A sentence at the edge of the screen with one way on; nothing on the page moves for it.
  // Where words may stand in a form the way on is another tab, so that none is lost.
  function note(words, href, word, lines, isTab) {
    var old = document.querySelector(".live-note");
    if (old) { old.remove(); }
    var box = document.createElement("div");
    box.className = "live-note said said-note";
    var text = document.createElement("p");
    text.textContent = words;
    box.appendChild(text);
    (lines || []).forEach(function (line) {
      var small = document.createElement("p");
      small.textContent = line;
      box.appendChild(small);
    });
    var link = document.createElement("a");
    link.className = "btn";
    link.href = href;
    link.textContent = word;
    if (isTab) { link.target = "_blank"; link.rel = "noopener"; }
    box.appendChild(link);
    var close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-quiet";
    close.textContent = said.dataset.close;
    close.addEventListener("click", function () { box.remove(); });
    box.appendChild(close);
    document.body.appendChild(box);
    say([words].concat(lines || []).join(" "));
  }

  function showCount(place, count) {
    var mark = place.querySelector(".count");
    if (!count) { if (mark) { mark.remove(); } return; }
    if (!mark) {
      mark = document.createElement("span");
      mark.className = "count";
      place.appendChild(mark);
    }
    mark.textContent = count;
    if (place.matches(".bell")) { mark.setAttribute("aria-hidden", "true"); return; }
    var hidden = document.createElement("span");
    hidden.className = "visually-hidden";
    hidden.textContent = " " + said.dataset.waiting;
    mark.appendChild(hidden);
  }

  function counts() {
    return ask(said.dataset.live).then(function (answer) { return answer && answer.json(); }).then(function (found) {
      if (!found) { return; }
      var bell = document.querySelector(".bell");
      var tab = document.querySelector("[data-live-tab]");
      if (bell) {
        var before = bell.getAttribute("aria-label");
        showCount(bell, found.unread);
        bell.setAttribute("aria-label", found.bell);
        if (before !== found.bell) { say(found.bell); }
      }
      if (tab) { showCount(tab, found.decisions); }
    });
  }

  // Whether somebody is at this part of the page: the cursor, a selection or words not sent yet.
  function isInUse(part) {
    if (part.contains(document.activeElement) && document.activeElement !== part) { return true; }
    var chosen = window.getSelection && window.getSelection();
    if (chosen && !chosen.isCollapsed && part.contains(chosen.anchorNode)) { return true; }
    return hasWords(part);
  }
  // A part that somebody has opened; what the page itself comes with open is nobody's doing.
  var ownOpen = new WeakSet();
  function noteOpen() { document.querySelectorAll("#main details[open]").forEach(function (each) { ownOpen.add(each); }); }
  function hasOpened(part) {
    return Array.prototype.some.call(part.querySelectorAll("details[open]"), function (each) { return !ownOpen.has(each); });
  }
  function hasWords(part) {
    if (part.dataset.draftSeen) { return true; }
    return Array.prototype.some.call(part.querySelectorAll("textarea, select, input:not([type=hidden])"), function (field) {
      if (field.type === "checkbox" || field.type === "radio") { return field.checked !== field.defaultChecked; }
      if (field.tagName === "SELECT") {
        return Array.prototype.some.call(field.options, function (each) { return each.selected !== each.defaultSelected; }) && field.selectedIndex > 0;
      }
      return field.value !== field.defaultValue;
    });
  }

  // What a card says, without the token of its forms, which is another one each time.
  function plain(card) { return card.innerHTML.replace(/name="csrf_token" value="[^"]*"/g, ""); }
  var drawn = new WeakMap();
  function noteDrawn(root) {
    root.querySelectorAll("[data-live]").forEach(function (card) { drawn.set(card, plain(card)); });
  }
  function prepare(node) { if (window.htmx) { window.htmx.process(node); } }

  function updateCards(list, fresh) {
    var known = {}, changed = 0, before = null;
    Array.prototype.forEach.call(list.children, function (card) { known[card.dataset.live] = card; });
    Array.prototype.slice.call(fresh.children).forEach(function (card) {
      var old = known[card.dataset.live];
      var words = plain(card);
      delete known[card.dataset.live];
      if (old && (drawn.get(old) === words || isInUse(old) || old.querySelector("[data-slot] form"))) {
        if (drawn.get(old) !== words && !old.querySelector(".card-changed")) {
          var hint = document.createElement("p");
          hint.className = "card-changed soft";
          hint.textContent = said.dataset.decided;
          old.appendChild(hint);
        }
        before = old;
        return;
      }
      changed += 1;
      drawn.set(card, words);
      if (old) { old.replaceWith(card); } else { list.insertBefore(card, before ? before.nextElementSibling : list.firstElementChild); }
      prepare(card);
      before = card;
    });
    Object.keys(known).forEach(function (key) {
      var card = known[key];
      if (card.matches(".card-done") ? card === document.activeElement : isInUse(card) || card.querySelector("[data-slot] form")) { return; }
      changed += 1;
      card.remove();
    });
    return changed;
  }

  function updateBoard(root, fresh) {
    var changed = 0, before = null;
    fresh.querySelectorAll("[data-count]").forEach(function (count) {
      var old = root.querySelector('[data-count="' + count.dataset.count + '"]');
      if (old && old.textContent !== count.textContent) { old.textContent = count.textContent; }
    });
    var nav = root.querySelector(".views");
    before = nav;
    var kept = new Set();
    fresh.querySelectorAll("section.pile").forEach(function (section) {
      var name = section.getAttribute("aria-labelledby");
      var old = root.querySelector('section.pile[aria-labelledby="' + name + '"]');
      if (!old) {
        noteDrawn(section);
        before.after(section);
        prepare(section);
        changed += 1;
        old = section;
      } else {
        var heading = old.querySelector("h2"), wanted = section.querySelector("h2");
        if (heading.innerHTML !== wanted.innerHTML) { heading.innerHTML = wanted.innerHTML; }
        changed += updateCards(old.querySelector(".cards"), section.querySelector(".cards"));
      }
      kept.add(old);
      before = old;
    });
    root.querySelectorAll("section.pile").forEach(function (section) {
      if (kept.has(section) || isInUse(section) || section.querySelector("[data-slot] form")) { return; }
      section.remove();
      changed += 1;
    });
    var box = root.querySelector(":scope > .box"), empty = fresh.querySelector(":scope > .box");
    if (box && !empty) { box.remove(); }
    if (!box && empty && !root.querySelector("section.pile")) { nav.after(empty); }
    if (changed) { say(said.dataset.board); }
  }

  var board = document.querySelector("[data-live-board]");
  if (board) { noteDrawn(board); }
  function freshBoard() {
    return ask(board.dataset.liveBoard).then(function (answer) { return answer && answer.text(); }).then(function (html) {
      if (!html) { return; }
      var fresh = document.createElement("div");
      fresh.innerHTML = html;
      updateBoard(board, fresh);
    });
  }

  function freshComplaint() {
    var place = document.getElementById("live-complaint");
    if (!place) { return Promise.resolve(); }
    var address = "/live/complaints/" + encodeURIComponent(place.dataset.number) + "?seen=" + place.dataset.seen;
    return ask(address).then(function (answer) { return answer && answer.json(); }).then(function (found) {
      if (!found || !found.news.length) { return; }
      var main = document.getElementById("main");
      if (document.getElementById("open") || isInUse(main) || hasOpened(main)) {
        note(found.said, "/complaints/" + encodeURIComponent(place.dataset.number), said.dataset.tab, found.news, true);
        return;
      }
      return fetch(location.href, { credentials: "same-origin", cache: "no-store", redirect: "manual" }).then(function (answer) {
        return answer.status === 200 ? answer.text() : "";
      }).then(function (html) {
        var page = html && new DOMParser().parseFromString(html, "text/html").getElementById("main");
        if (!page || isInUse(main) || hasOpened(main)) { return; }
        // What announces and what waits to be sent are the scripts' own: they stay as they are.
        ["live", "queue"].forEach(function (id) {
          var kept = document.getElementById(id), anew = page.querySelector("#" + id);
          if (kept && anew) { anew.replaceWith(kept); }
        });
        main.replaceChildren.apply(main, Array.prototype.slice.call(page.childNodes));
        prepare(main);
        noteOpen();
        document.dispatchEvent(new Event("tanggap:fresh"));
        say(found.said + ". " + found.news.join(". "));
      });
    });
  }

  // Who else is at the complaint. A page that is looked at says so every fifty seconds; one that
  // falls silent is forgotten by its time, here as on the server, whether it could say goodbye or not.
  var BEAT = 50000;
  var others = [], named = {}, doing = "", beats = 0, expires = 0, isLeaving = false;

  function addressHere() {
    var place = document.getElementById("live-complaint");
    return place && "/live/here/" + encodeURIComponent(place.dataset.number);
  }
  function showHere() {
    var list = document.getElementById("here");
    if (!list) { return; }
    clearTimeout(expires);
    others = others.filter(function (each) { return each.until > Date.now(); });
    list.replaceChildren.apply(list, others.map(function (each) {
      var line = document.createElement("li");
      line.className = "here-" + each.doing;
      line.textContent = each.said;
      return line;
    }));
    list.hidden = !others.length;
    if (!others.length) { named = {}; return; }
    var first = Math.min.apply(null, others.map(function (each) { return each.until; }));
    expires = setTimeout(showHere, first - Date.now() + 50);
  }
  function freshHere() {
    var address = addressHere();
    if (!address) { return Promise.resolve(); }
    return ask(address).then(function (answer) {
      return answer && answer.json().then(function (found) {
        // The server's clock and this one need not agree.
        var ahead = Date.parse(answer.headers.get("Date")) - Date.now() || 0;
        others = found.others.map(function (each) {
          return { said: each.said, name: each.name, doing: each.doing, until: Date.parse(each.until) - ahead };
        });
        var come = others.filter(function (each) { return !named[each.name]; });
        named = {};
        others.forEach(function (each) { named[each.name] = true; });
        showHere();
        say(come.map(function (each) { return each.said; }).join(" "));
      });
    });
  }
  function current() {
    if (document.hidden) { return "away"; }
    return hasWords(document.getElementById("open") || document.getElementById("main")) ? "writing" : "reading";
  }
  function beat() {
    var address = addressHere(), token = document.querySelector("input[name=csrf_token]");
    if (!address || !token || hasEnded) { return Promise.resolve(); }
    doing = current();
    return fetch(address, {
      method: "POST", body: new URLSearchParams({ csrf_token: token.value, doing: doing }),
      credentials: "same-origin", cache: "no-store", redirect: "manual", keepalive: true
    }).catch(function () { /* the next one says it */ });
  }
  document.addEventListener("input", function () { if (addressHere() && current() !== doing) { beat(); } });
  // A page that is left for another one of the same complaint is not looked away from.
  window.addEventListener("pagehide", function () { isLeaving = true; });
  window.addEventListener("pageshow", function () { isLeaving = false; });
  document.addEventListener("tanggap:fresh", function () { showHere(); beat(); });

  function look() {
    if (isBusy || hasEnded || document.hidden) { return Promise.resolve(); }
    isBusy = true;
    return Promise.all([counts(), board ? freshBoard() : null, freshComplaint(), freshHere()]).finally(function () { isBusy = false; });
  }

  function plan() {
    clearInterval(timer);
    clearInterval(beats);
    if (document.hidden) { return; }
    timer = setInterval(look, EVERY);
    beats = setInterval(beat, BEAT);
  }
  document.addEventListener("visibilitychange", function () {
    plan();
    if (!isLeaving) { beat(); }
    // Whoever logged in again in another tab comes back to this one.
    hasEnded = false;
    if (!document.hidden) { look(); }
  });
  // What was just decided here shows in the counts at once.
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.requestConfig && event.detail.requestConfig.verb === "post") { counts(); }
  });
  window.tanggapLook = look;
  noteOpen();
  plan();
  if (!document.hidden) { beat().then(freshHere); }
})();
