// Comfort on the complaint page; everything works without it.
(function () {
  "use strict";

  // Ctrl+Enter sends the form that holds the cursor.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) { return; }
    var form = event.target.closest("form[data-sends]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
  });

  // Escape leaves an open form only while nothing has been typed into it.
  var isTouched = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest("#open")) { isTouched = true; }
  });
  document.addEventListener("keydown", function (event) {
    var back = document.querySelector("[data-back]");
    if (event.key !== "Escape" || isTouched || !back || document.querySelector("dialog[open], details.menu[open]")) { return; }
    if (!document.querySelector("#open [aria-invalid]")) { back.click(); }
  });

  // The words to say name what is typed; where somebody has to approve it, they say so first.
  var offered = document.querySelector("[data-fills='offer']");
  if (offered) {
    var description = document.querySelector("[name='description']");
    var amount = document.querySelector("[name='amount']");
    var fill = function () {
      var words = description.value.trim();
      var figures = amount.value.replace(/[^0-9]/g, "").replace(/^0+/, "");
      var named = words.replace(/[^0-9]/g, "");
      if (words && figures && named.indexOf(figures) < 0) {
        words = words.replace(/[. ]+$/, "") + offered.dataset.worth + figures.replace(/\B(?=(\d{3})+$)/g, ".");
      }
      offered.textContent = words.replace(/\.$/, "") || "…";
    };
    [description, amount].forEach(function (field) { field.addEventListener("input", fill); });
    document.body.addEventListener("htmx:afterSettle", function () {
      document.querySelector("[data-once-approved]").hidden = !document.querySelector("#whose-word [data-waits]");
    });
  }

  var open = document.getElementById("open");
  if (open) {
    var first = open.querySelector("[aria-invalid], textarea, select, input:not([type=hidden])");
    if (first && !open.querySelector("[data-focus]")) { first.focus({ preventScroll: true }); }
  }
})();
