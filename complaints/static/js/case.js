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
  var open = document.getElementById("open");
  if (open) {
    var first = open.querySelector("[aria-invalid], textarea, select, input:not([type=hidden])");
    if (first && !open.querySelector("[data-focus]")) { first.focus({ preventScroll: true }); }
  }

  // Another row for a step: the last row again, empty and with the next number.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-add-row]");
    if (!button) { return; }
    var rows = button.parentElement.querySelector("[data-rows]");
    var last = rows.lastElementChild;
    var number = rows.children.length;
    var row = last.cloneNode(true);
    row.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+/, number + 1));
    row.querySelectorAll("label").forEach(function (label) {
      label.htmlFor = label.htmlFor.replace(/\.\d+\./, "." + number + ".");
      label.textContent = label.textContent.replace(/\d+/, number + 1);
    });
    row.querySelectorAll("input").forEach(function (input) {
      input.name = input.name.replace(/\.\d+\./, "." + number + ".");
      input.id = input.id.replace(/\.\d+\./, "." + number + ".");
      input.value = "";
    });
    rows.appendChild(row);
    row.querySelector("input").focus();
  });
})();
