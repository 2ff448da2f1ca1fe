// What is typed at intake, until it is sent. It is saved as a draft on the server while somebody
// types, so it survives the tab, the browser and the machine; what the server does not have yet
// stays in this tab. Before sending, the server is asked who is logged in: a session that ended
// leads to the login and back, and without a server the form waits in the queue (queue.js).
(function () {
  "use strict";
  var form = document.getElementById("intake");
  if (!form) { return; }
  var KEY = "tanggap:intake";
  var HALF_DAY = 12 * 60 * 60 * 1000;
  var OWN = { csrf_token: 1, one_time_key: 1, "do": 1, seen: 1 };
  var SENDS = { register: 1, save: 1, left: 1 };
  var PAUSE = 1500;
  var PATIENCE = 6000;
  var word = document.querySelector("[data-draft-word]");
  var words = word.dataset;
  var drop = document.querySelector("[data-draft-drop]");
  var told = document.getElementById("draft-told");
  var key = form.elements.one_time_key;
  var seen = form.elements.seen;
  var timer = null;
  var isSaving = false;
  var isAgain = false;
  var isOver = false;

  function pairs() {
    var kept = [];
    new FormData(form).forEach(function (each, name) {
      if (!OWN[name] && typeof each === "string" && each !== "") { kept.push([name, each]); }
    });
    return kept;
  }
  function isWorthKeeping() {
    return pairs().some(function (pair) {
      return pair[0] === "story" || (/^customer\./.test(pair[0]) && pair[1].trim() && pair[0] !== "customer.known");
    });
  }

  // In this tab: gone with the logout, and once a complaint or a draft on the server has it.
  function keepHere(isSent) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({
        who: form.dataset.person, at: Date.now(), kept: pairs(), key: key.value, seen: seen.value,
        draft: seen.dataset.draftId, sent: isSent === true
      }));
      return true;
    } catch (error) { return false; }
  }
  function forgetHere() { try { sessionStorage.removeItem(KEY); } catch (error) { /* nothing was kept */ } }
  function readHere() {
    try { return JSON.parse(sessionStorage.getItem(KEY) || "null"); } catch (error) { return null; }
  }
  function fill(kept) {
    kept.forEach(function (pair) {
      if (/^promise\.steps\.\d+\.what$/.test(pair[0]) && !form.elements[pair[0]]) {
        document.querySelector("[data-add-row]").click();
      }
      form.querySelectorAll("[name='" + CSS.escape(pair[0]) + "']").forEach(function (one) {
        if (one.type === "checkbox" || one.type === "radio") { if (one.value === pair[1]) { one.checked = true; } }
        else if (one.type !== "hidden") { one.value = pair[1]; }
      });
    });
    if (kept.some(function (pair) { return /^promise\.steps\./.test(pair[0]); })) {
      form.querySelector("[data-rows]").dataset.edited = "1";
    }
    document.dispatchEvent(new Event("intake:restored"));
  }
  function restore() {
    var stored = readHere();
    if (!stored) { return; }
    if (stored.who !== form.dataset.person || Date.now() - stored.at > HALF_DAY) { forgetHere(); return; }
    var isThis = stored.key === key.value;
    if (form.dataset.fresh !== "1" && !isThis) { return; }
    if (isThis && stored.seen !== seen.value) { return; }
    // A refused form has come back with every word.
    if (stored.sent && document.querySelector("[data-focus]")) { forgetHere(); soon(); return; }
    key.value = stored.key;
    seen.value = stored.seen || "";
    seen.dataset.draftId = stored.draft || "";
    fill(stored.kept);
    word.textContent = words.restored;
    drop.hidden = false;
    soon();
  }

  // On the server.
  function body() {
    var sent = new FormData();
    pairs().forEach(function (pair) { sent.append(pair[0], pair[1]); });
    sent.set("csrf_token", form.elements.csrf_token.value);
    sent.set("one_time_key", key.value);
    sent.set("seen", seen.value);
    return new URLSearchParams(sent);
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }
  function save(isLeaving) {
    clearTimeout(timer);
    if (isOver || !isWorthKeeping()) { return; }
    if (isSaving) { isAgain = true; return; }
    isSaving = true;
    isAgain = false;
    post(isLeaving === true, true).then(function () {
      isSaving = false;
      if (isAgain && !isOver) { soon(); }
    });
  }
  function post(isLeaving, mayRenew) {
    return fetch("/complaints/new/draft", {
      method: "POST", body: body(), redirect: "manual", keepalive: isLeaving, cache: "no-store"
    }).then(function (answer) {
      if (answer.status === 400 && mayRenew) {
        return renew().then(function (who) { return who ? post(isLeaving, false) : undefined; });
      }
      return hear(answer);
    }, function () { say(words.kept); });
  }
  function hear(answer) {
    if (answer.status === 401 || answer.type === "opaqueredirect") { loggedOut(); return undefined; }
    if (answer.status === 403) { say(words.forbidden); return undefined; }
    if (answer.status >= 500) { say(words.kept); return undefined; }
    return answer.json().then(function (heard) {
      if (answer.ok) { saved(heard); return; }
      if (heard.kind === "already-sent" || heard.kind === "changed-elsewhere") {
        isOver = true;
        forgetHere();
        say(words.failed);
        warn(heard.sentence, heard.href, words.openDraft);
        return;
      }
      say(words.failed + ": " + heard.sentence);
    }, function () { say(words.failed); });
  }
  function saved(heard) {
    seen.value = heard.version;
    seen.dataset.draftId = heard.id;
    drop.hidden = false;
    if (!isAgain) { forgetHere(); } else { keepHere(); }
    say(words.saved.replace("#", heard.saved));
    if (window.history.replaceState) { history.replaceState(history.state, "", "/complaints/new?draft=" + heard.id); }
  }
  function say(sentence) { word.textContent = sentence; }
  function warn(sentence, href, leads) {
    told.querySelector("[data-words]").textContent = sentence;
    var link = told.querySelector("[data-leads]");
    link.parentElement.hidden = !href;
    if (href) { link.href = href; link.textContent = leads; }
    told.hidden = false;
  }
  function loggedOut() {
    keepHere();
    say(words.lost);
    warn(words.lost, "/login?next=/complaints/new", words.logIn);
  }
  // Who is logged in now, and the form's key for it; null where nobody is.
  function renew() {
    return ask().then(function (who) {
      if (who) { form.elements.csrf_token.value = who.csrf_token; } else { loggedOut(); }
      return who;
    });
  }
  function ask() {
    var stop = new AbortController();
    var late = setTimeout(function () { stop.abort(); }, PATIENCE);
    return fetch("/complaints/new/session", { redirect: "manual", cache: "no-store", signal: stop.signal }).then(function (answer) {
      clearTimeout(late);
      if (answer.type === "opaqueredirect" || answer.status === 401) { return null; }
      if (!answer.ok) { throw new Error("no server"); }
      return answer.json();
    }, function (error) { clearTimeout(late); throw error; });
  }

  form.addEventListener("input", function () {
    if (!isOver) { keepHere(); }
    soon();
  });
  form.addEventListener("change", soon);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && readHere()) { save(true); }
  });
  drop.addEventListener("click", function () {
    isOver = true;
    clearTimeout(timer);
    forgetHere();
    var id = seen.dataset.draftId;
    var gone = id ? fetch("/drafts/" + id + "/discard", { method: "POST", body: body(), redirect: "manual" }) : Promise.resolve();
    gone.finally(function () { location.assign("/complaints/new"); });
  });

  // Sending.
  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (button && button.name === "kind") { clearTimeout(timer); isOver = true; keepHere(true); return; }
    if (!button || !SENDS[button.value]) { return; }
    if (form.dataset.cleared) { delete form.dataset.cleared; isOver = true; clearTimeout(timer); return; }
    event.preventDefault();
    event.stopPropagation();
    if (form.dataset.asking) { return; }
    form.dataset.asking = "1";
    clearTimeout(timer);
    keepHere();
    ask().then(function (who) {
      delete form.dataset.asking;
      if (!who) { location.assign("/login?next=" + encodeURIComponent("/complaints/new")); return; }
      if (who.person !== form.dataset.person) { warn(words.otherPerson, "/login?next=/complaints/new", words.logIn); return; }
      form.elements.csrf_token.value = who.csrf_token;
      keepHere(true);
      form.dataset.cleared = "1";
      form.requestSubmit(button);
    }, function () {
      delete form.dataset.asking;
      wait(button.value);
    });
  });
  function wait(wanted) {
    window.tanggapIntake.noteBeginning();
    if (!form.elements.story.value.trim()) { form.elements.story.focus(); say(words.kept); return; }
    var isKept = window.tanggapQueue && window.tanggapQueue.add({
      who: form.dataset.person, at: Date.now(), key: key.value, wanted: wanted, kept: pairs()
    });
    if (!isKept) { say(words.failed); return; }
    forgetHere();
    empty();
    document.getElementById("queue").focus();
  }
  // The next customer finds an empty page, although no server gives a new one.
  function empty() {
    Array.from(form.elements).forEach(function (each) {
      if (each.type === "checkbox" || each.type === "radio") { each.checked = each.type === "radio" && each.id === "known-none"; }
      else if (each.tagName === "SELECT" && each.name !== "channel" && each.name !== "branch") { each.selectedIndex = 0; }
      else if (each.matches("textarea, input:not([type=hidden])")) { each.value = ""; delete each.dataset.touched; }
    });
    form.querySelectorAll("[data-row] ~ [data-row] ~ [data-row] ~ [data-row]").forEach(function (row) { row.remove(); });
    delete form.querySelector("[data-rows]").dataset.edited;
    document.getElementById("known").textContent = "";
    document.getElementById("suggested").textContent = "";
    delete form.dataset.laterOpen;
    key.value = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + String(Math.random()).slice(2);
    seen.value = "";
    seen.dataset.draftId = "";
    isOver = false;
    drop.hidden = true;
    say("");
    if (window.history.replaceState) { history.replaceState(history.state, "", "/complaints/new"); }
    document.dispatchEvent(new Event("intake:restored"));
  }

  restore();
})();
