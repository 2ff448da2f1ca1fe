// Comfort for fields that take files: drop them, paste a screenshot, see what is chosen.
(function () {
  "use strict";

  function names(files) {
    return Array.prototype.map.call(files, function (each) { return each.name; }).join(", ");
  }

  function bind(place) {
    var input = place.querySelector("input[type=file][multiple]");
    var chosen = place.querySelector("[data-chosen]");
    var inputs = place.querySelectorAll("input[type=file]");
    if (!input || !chosen || typeof DataTransfer === "undefined") { return; }

    function tell() {
      chosen.textContent = Array.prototype.map.call(inputs, function (each) { return names(each.files); })
        .filter(Boolean).join(", ");
    }

    function add(files) {
      var all = new DataTransfer();
      Array.prototype.forEach.call(input.files, function (each) { all.items.add(each); });
      Array.prototype.forEach.call(files, function (each) { all.items.add(each); });
      input.files = all.files;
      tell();
    }

    inputs.forEach(function (each) { each.addEventListener("change", tell); });
    ["dragenter", "dragover"].forEach(function (kind) {
      place.addEventListener(kind, function (event) {
        event.preventDefault();
        place.classList.add("files-over");
      });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      place.addEventListener(kind, function () { place.classList.remove("files-over"); });
    });
    place.addEventListener("drop", function (event) {
      event.preventDefault();
      add(event.dataTransfer.files);
    });
    place.addEventListener("paste", function (event) {
      if (event.clipboardData && event.clipboardData.files.length) {
        event.preventDefault();
        add(event.clipboardData.files);
      }
    });
  }

  document.querySelectorAll("[data-files]").forEach(bind);
  document.addEventListener("tanggap:fresh", function () {
    document.querySelectorAll("[data-files]").forEach(bind);
  });
})();
