// Complaints that were taken while there was no server: they wait in this browser, in sight on every
// page, and are sent once as soon as there is a server again. Each has the one-time key of its form,
// so that one that did arrive is not recorded a second time. What was sent leaves nothing here.
(function () {
  "use strict";
  var box = document.getElementById("queue");
  if (!box) { return; }
  var KEY = "tanggap:queue";
  var AGAIN = 5000;
  var KEPT = 14 * 24 * 60 * 60 * 1000;
  var words = box.dataset;
  var me = words.person;
  var timer = null;
  var hasAsked = false;
  // What has been said of each that cannot be sent; it is tried again and again, and said once.
  var told = {};

  // A form that was sent from this tab has arrived, or its own address would answer.
  if (location.pathname !== "/complaints/new") {
    try {
      var sent = JSON.parse(sessionStorage.getItem("tanggap:intake") || "null");
      if (sent && sent.sent) { sessionStorage.removeItem("tanggap:intake"); }
    } catch (error) { /* nothing was kept */ }
  }

  function read() {
    try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch (error) { return []; }
  }
  function write(items) {
    try {
      if (items.length) { localStorage.setItem(KEY, JSON.stringify(items)); } else { localStorage.removeItem(KEY); }
      return true;
    } catch (error) { return false; }
  }
  function remove(key) { write(read().filter(function (each) { return each.key !== key; })); }
  function own() { return read().filter(function (each) { return each.who === me; }); }

  function show(sentence) {
    var mine = own().length;
    var others = read().length - mine;
    var said = [];
    if (mine) { said.push(words.many.replace("#", mine)); }
    if (others) { said.push(words.otherMany.replace("#", others)); }
    if (sentence) { said.push(sentence); }
    var line = box.querySelector("[data-words]");
    if (line.textContent !== said.join(" ")) { line.textContent = said.join(" "); }
    box.hidden = !said.length && !box.querySelector("li");
  }
  function tell(sentence, href) {
    var row = document.createElement("li");
    var link = document.createElement(href ? "a" : "span");
    if (href) { link.href = href; }
    link.textContent = sentence;
    row.append(link);
    box.querySelector("ul").append(row);
  }

  function later() {
    clearTimeout(timer);
    if (own().length) { timer = setTimeout(send, AGAIN); }
  }
  function send() {
    clearTimeout(timer);
    if (!own().length) { show(""); return; }
    // Two tabs do not send the same at once; if they did, the key would see to it.
    if (navigator.locks) { navigator.locks.request("tanggap-queue", { ifAvailable: true }, function (lock) { return lock ? sendAll() : later(); }); }
    else { sendAll(); }
  }
  function sendAll() {
    return fetch("/complaints/new/session", { redirect: "manual", cache: "no-store" }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401) { return null; }
      if (!answer.ok) { throw new Error("no server"); }
      return answer.json();
    }).then(function (who) {
      if (!who || who.person !== me) { show(words.logIn); return undefined; }
      return own().reduce(function (before, item) {
        return before.then(function () { return sendOne(item, who.csrf_token); });
      }, Promise.resolve());
    }).then(function () { show(""); }, function () { show(words.offline); }).then(later);
  }
  function sendOne(item, token) {
    var body = new URLSearchParams(item.kept);
    body.set("csrf_token", token);
    body.set("one_time_key", item.key);
    body.set("do", item.wanted);
    return fetch("/complaints/new/queued", { method: "POST", body: body, redirect: "manual", cache: "no-store" }).then(function (answer) {
      if (answer.status >= 500 || answer.type === "opaqueredirect" || answer.status === 400 || answer.status === 401) {
        throw new Error("not sent");
      }
      return answer.json().then(function (heard) {
        var isKept = answer.ok || heard.kind === "already-sent";
        if (isKept) { remove(item.key); }
        var sentence = heard.kind === "draft" ? words.draft.replace("#", heard.sentence) : heard.sentence;
        if (isKept || told[item.key] !== sentence) { tell(sentence, heard.href); }
        told[item.key] = sentence;
      });
    });
  }

  window.tanggapQueue = {
    add: function (item) {
      var items = read();
      items.push(item);
      if (!write(items)) { return false; }
      show(words.offline);
      later();
      return true;
    }
  };
  window.addEventListener("online", send);
  // Whoever logs out is told once that something still waits here.
  document.addEventListener("submit", function (event) {
    if (event.target.getAttribute("action") !== "/logout" || hasAsked || !own().length) { return; }
    event.preventDefault();
    event.stopPropagation();
    hasAsked = true;
    show(words.leaving);
    box.focus();
  }, true);

  write(read().filter(function (each) { return Date.now() - each.at < KEPT; }));
  show("");
  send();
})();
