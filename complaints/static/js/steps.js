// Rows of steps: another row is the last one again, empty and with the next number.
(function () {
  "use strict";
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
      var described = input.getAttribute("aria-describedby");
      if (described) { input.setAttribute("aria-describedby", described.replace(/\.\d+\./g, "." + number + ".")); }
    });
    row.querySelectorAll("output").forEach(function (said) {
      said.id = said.id.replace(/\.\d+\./, "." + number + ".");
      said.textContent = "";
    });
    rows.appendChild(row);
    row.querySelector("input").focus();
  });
})();
