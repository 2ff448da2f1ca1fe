// What is typed on the page of a conversation is kept as a draft on the server until it is sent, so
// that it survives the tab, the browser and the machine. Once it was sent or changed elsewhere this
// page keeps nothing more, and says so.
(function () {
  "use strict";

  var form = document.getElementById("open");
  if (!form || !form.dataset.draft || !window.fetch) { return; }
  var PAUSE = 1500, AGAIN = 15000;
  var word = form.querySelector("[data-draft-word]");
  var told = form.querySelector("[data-draft-told]");
  var leads = told.querySelector("[data-leads]");
  var OWN = { one_time_key: 1, "do": 1, seen: 1 };
  var timer = 0, isSaving = false, isDirty = false, isOver = false, hasFailed = false;

  function body() {
    var sent = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (!OWN[name] && typeof value === "string" && value !== "") { sent.append(name, value); }
    });
    sent.set("one_time_key", form.elements.one_time_key.value);
    sent.set("draft_seen", form.dataset.draftSeen);
    return sent;
  }
  function save(isLeaving) {
    clearTimeout(timer);
    if (isOver || isSaving || !isDirty) { return; }
    isSaving = true;
    isDirty = hasFailed = false;
    fetch(form.dataset.draft, {
      method: "POST", body: body(), credentials: "same-origin", cache: "no-store", redirect: "manual", keepalive: isLeaving === true
    }).then(hear, function () { failed(form.dataset.noAnswer); }).finally(function () {
      isSaving = false;
      if (isDirty) { plan(hasFailed ? AGAIN : PAUSE); }
    });
  }
  function hear(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 400) { failed(form.dataset.lost); return undefined; }
    if (answer.status >= 500) { failed(form.dataset.noAnswer); return undefined; }
    return answer.json().then(function (heard) {
      if (answer.ok) {
        form.dataset.draftSeen = heard.version;
        word.textContent = form.dataset.saved.replace("#", heard.saved);
        told.hidden = true;
        return;
      }
      word.textContent = form.dataset.unsaved;
      isOver = heard.kind === "already-sent" || heard.kind === "changed-elsewhere";
      told.querySelector("[data-words]").textContent = heard.sentence;
      leads.hidden = !isOver;
      told.hidden = false;
    }, function () { failed(form.dataset.unsaved); });
  }
  // The words stay on the page, and it is tried again by itself, typed further or not.
  function failed(sentence) {
    word.textContent = sentence;
    isDirty = hasFailed = true;
  }
  function plan(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }
  function soon() {
    isDirty = true;
    plan(PAUSE);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  // What came back, refused or worked out, may be newer than the draft.
  if (form.hasAttribute("data-again")) { soon(); }
  document.addEventListener("visibilitychange", function () { if (document.hidden) { save(true); } });
  // What is being sent needs no draft; a page that comes back refused goes on with it.
  form.addEventListener("submit", function (event) {
    if (!event.defaultPrevented) { clearTimeout(timer); isOver = true; }
  });
})();
