// Times are typed as people say them. The server reads them, so it says them back as well; the
// button opens the browser's own calendar and writes what was chosen.
(function () {
  "use strict";
  var MONTHS = {
    id: ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  };
  var language = document.documentElement.lang === "en" ? "en" : "id";

  function sayBack(field) {
    var said = document.getElementById(field.id + "-said");
    if (!said) { return; }
    var text = field.value.trim();
    if (!text) { said.textContent = ""; said.classList.remove("is-wrong"); return; }
    var chosen = document.querySelector("[name='branch']");
    var branch = "timeBranch" in field.dataset ? field.dataset.timeBranch : chosen ? chosen.value : "";
    var asked = new URLSearchParams({ name: field.name, text: text, branch: branch });
    fetch("/said-time?" + asked, { redirect: "manual" }).then(function (answer) {
      return answer.ok ? answer.json() : {};
    }).then(function (told) {
      if (field.value.trim() !== text) { return; }
      said.textContent = told.said || told.wrong || "";
      said.classList.toggle("is-wrong", Boolean(told.wrong));
    }).catch(function () { said.textContent = ""; });
  }

  // An exact time (2026-11-20T14:30) as somebody would type it.
  function write(field, exact) {
    var parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(exact);
    if (!parts) { return; }
    var hour = parts[4] + (language === "en" ? ":" : ".") + parts[5];
    field.value = [Number(parts[3]), MONTHS[language][Number(parts[2]) - 1], parts[1], hour].join(" ");
    sayBack(field);
  }
  window.tanggapTimes = { write: write };

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-time]")) { sayBack(event.target); }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-time-pick]");
    if (!button) { return; }
    var field = button.parentElement.querySelector("[data-time]");
    var picker = button.parentElement.querySelector(".time-picker");
    if (!picker) {
      picker = document.createElement("input");
      picker.type = "datetime-local";
      picker.className = "time-picker";
      picker.tabIndex = -1;
      picker.setAttribute("aria-hidden", "true");
      button.after(picker);
      picker.addEventListener("change", function () {
        if (!picker.value) { return; }
        write(field, picker.value);
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
        field.focus();
      });
    }
    if (picker.showPicker) { picker.showPicker(); }
  });
})();
