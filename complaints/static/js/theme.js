// Runs before the first paint: takes the theme chosen here, else the system's.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function kept() {
    try { return localStorage.getItem("theme"); } catch (error) { return null; }
  }
  function show() {
    root.setAttribute("data-bs-theme", kept() || (dark.matches ? "dark" : "light"));
  }
  show();
  dark.addEventListener("change", show);
  window.tanggapTheme = function () {
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch (error) { /* a private window forgets */ }
    root.setAttribute("data-bs-theme", next);
  };
})();
