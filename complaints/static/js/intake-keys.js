// The intake page by keyboard: Enter does what stands there and goes on to what comes next.
(function () {
  "use strict";
  var form = document.getElementById("intake");
  if (!form) { return; }
  var intake = window.tanggapIntake;

  // What a conversation has to come to, in its order; one of each is in sight.
  var ORDER = [
    "[name='customer.q']", "[name='customer.phone']", "[name='story']", "[name='attestation.listened']",
    "[role='combobox']", "[name='confirmation.summary']", "#f-confirmation\\.answer-yes",
    "#f-confirmation\\.answer-written", "[name='apology.said']", "[name='promise.told']", "[data-register]"
  ];
  function stops() {
    return ORDER.map(function (each) { return form.querySelector(each); }).filter(function (each) {
      return each && !each.disabled && each.getClientRects().length;
    });
  }
  function goOn(from) {
    var next = stops().find(function (each) {
      return each !== from && from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING;
    });
    if (next) { next.focus(); }
  }
  function tick(box) {
    if (box.checked) { return; }
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A short story may be its own summary (three sentences at the most, as the server says too).
  var summary = form.elements["confirmation.summary"];
  var take = form.querySelector("[data-take-story]");
  function proposal() {
    var story = intake.value("story").replace(/\s+/g, " ");
    var sentences = story.split(/[.!?…]+(?=\s|$)/).filter(function (each) { return each.trim(); });
    return story && sentences.length <= 3 ? story : "";
  }
  function offer() { take.hidden = !proposal() || summary.value.trim() !== ""; }
  function takeStory() {
    summary.value = proposal();
    summary.dispatchEvent(new Event("input", { bubbles: true }));
    offer();
  }
  take.addEventListener("click", function () { takeStory(); summary.focus(); });
  form.addEventListener("input", offer);
  form.addEventListener("change", offer);
  document.addEventListener("intake:restored", offer);

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) { return; }
    if (event.key !== "Enter" && event.key.toLowerCase() !== "s") { return; }
    event.preventDefault();
    form.requestSubmit(form.querySelector(event.key === "Enter" ? "[data-register]" : "[data-save]"));
  });
  form.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; }
    var here = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) { return; }
    if (here === summary && !summary.value.trim() && proposal()) {
      event.preventDefault();
      // A key that is held down goes through nothing.
      if (!event.repeat) { takeStory(); goOn(here); }
      return;
    }
    if (!here.matches("input:not([type=submit])")) { return; }
    event.preventDefault();
    if (event.repeat) { return; }
    if (here.name === "customer.q") { fromLookUp(here); return; }
    if (here.name === "customer.known") { tick(here); (here.value ? form.elements.story : form.elements["customer.phone"]).focus(); return; }
    if (here.matches("[type=checkbox], [type=radio]")) { tick(here); }
    if (here.value === "corrected" && here.checked) { form.elements["confirmation.corrections"].focus(); return; }
    goOn(here);
  });
  function fromLookUp(here) {
    var found = document.querySelector("#known input");
    if (found) { found.focus(); return; }
    intake.takeOver();
    if (!intake.value("customer.name")) { form.elements["customer.name"].focus(); return; }
    if (intake.value("customer.phone")) { form.elements.story.focus(); return; }
    goOn(here);
  }
  offer();
})();
