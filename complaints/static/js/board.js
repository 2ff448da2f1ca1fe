// Deciding on a card without leaving the board; without this each decision is a page of its own.
(function () {
  "use strict";

  // A refusal that says where it belongs is shown there: the form with every word in it.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // What was asked for by hand is read next: the first field of the form, or what came of it.
  document.addEventListener("htmx:load", function (event) {
    var part = event.detail.elt;
    if (!part.matches) { return; }
    if (part.matches(".card-done")) { part.focus(); return; }
    if (!part.matches(".card-form")) { return; }
    var first = part.querySelector("[data-focus], [aria-invalid], textarea, select, input:not([type=hidden]), button");
    if (first) { first.focus({ preventScroll: true }); part.scrollIntoView({ block: "nearest" }); }
  });

  document.addEventListener("click", function (event) {
    var close = event.target.closest("[data-close-card]");
    var slot = close && close.closest("[data-slot]");
    if (!slot) { return; }
    event.preventDefault();
    var opener = slot.closest(".card-item").querySelector(".card-acts a[hx-get], .card-acts a, .card-acts button");
    slot.replaceChildren();
    if (opener) { opener.focus(); }
  });
})();
