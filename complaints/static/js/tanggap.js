// Comfort on top of pages that work without it: keys, menus, dialogs, the theme.
(function () {
  "use strict";

  function isTyping(element) {
    return element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      if (event.target.matches && event.target.matches("#find")) { event.target.blur(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) { return; }
    var key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    var wanted = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!wanted) { return; }
    event.preventDefault();
    if (isTyping(wanted)) { wanted.focus(); if (wanted.select) { wanted.select(); } } else { wanted.click(); }
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
    var opener = event.target.closest("[data-opens]");
    if (opener) {
      var dialog = document.getElementById(opener.getAttribute("data-opens"));
      if (dialog && dialog.showModal) { dialog.showModal(); }
    }
    if (event.target.closest("[data-theme-toggle]")) { window.tanggapTheme(); }
    if (event.target.closest("[data-print]")) { window.print(); }
    if (event.target.matches("dialog")) { event.target.close(); }
  });

  // A second click on the same button sends nothing twice.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("action") === "/logout") {
      // Nobody after us at this desk finds what we had begun to write.
      try { sessionStorage.clear(); } catch (error) { /* nothing was kept */ }
    }
    if (form.method !== "post" || form.hasAttribute("hx-post")) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  // Filters apply as they are chosen; the button stays for everyone else.
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-applies]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) {
      form.requestSubmit();
    }
  });

  // On a narrow screen a row of tabs scrolls sideways; the one of this page is in sight.
  document.querySelectorAll(".views [aria-current]").forEach(function (tab) {
    var row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  });

  // While the server cannot be reached a page of ours says so, not the browser's own.
  var outage = document.currentScript && document.currentScript.dataset.outage;
  if (outage && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(outage, { scope: "/" }).catch(function () { /* the browser's own page does */ });
  }

  // After a refused form the summary is read first.
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }
})();
