// Comfort on a conversation's page; everything works without it.
(function () {
  "use strict";

  var form = document.getElementById("open");
  if (!form) { return; }

  // Enter in a line of text sends nothing; Ctrl+Enter does.
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input:not([type=checkbox]):not([type=radio])")) {
      event.preventDefault();
    }
  });

  // A page that cannot be reached would take the form away: ask first, and keep the words here.
  var unreached = form.querySelector("[data-unreached]");
  var isReached = false, isAsking = false;
  form.addEventListener("submit", function (event) {
    if (isReached) { isReached = false; return; }
    event.preventDefault();
    event.stopPropagation();
    if (isAsking) { return; }
    isAsking = true;
    var giveUp = new AbortController();
    var timer = setTimeout(function () { giveUp.abort(); }, 10000);
    fetch("/healthz", { cache: "no-store", signal: giveUp.signal }).then(function () {
      unreached.hidden = true;
      isReached = true;
      form.requestSubmit(event.submitter);
    }).catch(function () {
      unreached.hidden = false;
      unreached.scrollIntoView({ block: "center" });
    }).finally(function () { clearTimeout(timer); isAsking = false; });
  });

  // A sentence of the customer's becomes the quote.
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-quotes]");
    if (!button) { return; }
    var field = form.elements[button.dataset.quotes];
    field.value = button.textContent;
    field.focus();
  });

  function field(name) { return form.elements[name]; }

  // The words to say name what is typed; what is answered to is the offer above.
  function offered(key) {
    var description = field(key + ".description"), amount = field(key + ".amount");
    if (!description) { return ""; }
    var words = description.value.trim();
    var figures = amount.value.replace(/[^0-9]/g, "").replace(/^0+/, "");
    if (words && figures && words.replace(/[^0-9]/g, "").indexOf(figures) < 0) {
      words = words.replace(/[. ]+$/, "") + form.querySelector("[data-worth]").dataset.worth + figures.replace(/\B(?=(\d{3})+$)/g, ".");
    }
    return words.replace(/\.$/, "");
  }
  var FROM = { answer: "offer", "alternative-answer": "alternative" };
  function say() {
    form.querySelectorAll("[data-says]").forEach(function (slot) {
      var key = slot.dataset.of, words = "";
      if (slot.dataset.says === "offer") { words = offered(FROM[key] || key); }
      if (slot.dataset.says === "cause") {
        var told = field("cause-explanation.text"), cause = field("cause.text");
        words = (told && told.value.trim()) || (cause && cause.value.trim()) || "";
      }
      if (words) { slot.textContent = words.replace(/\.$/, ""); }
    });
  }
  form.addEventListener("input", say);
  say();

  // A refusal opens the alternative.
  form.addEventListener("change", function (event) {
    var branch = form.querySelector("[data-branch='" + event.target.name + "']");
    if (branch && event.target.value === "refused") { branch.open = true; }
  });
})();
