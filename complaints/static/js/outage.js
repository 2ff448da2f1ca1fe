// On the page shown while the server cannot be reached: what waits in this browser, and the way back.
(function () {
  "use strict";
  var AGAIN = 5000;
  var timer = null;
  var count = 0;
  try { count = JSON.parse(localStorage.getItem("tanggap:queue") || "[]").length; } catch (error) { /* nothing was kept */ }
  document.querySelectorAll("[data-waiting]").forEach(function (line) {
    line.textContent = line.dataset.waiting.replace("#", count);
    line.hidden = !count;
  });
  function ask() {
    clearTimeout(timer);
    fetch("/healthz", { cache: "no-store" }).then(function (answer) {
      if (answer.ok) { location.reload(); } else { later(); }
    }, later);
  }
  function later() { timer = setTimeout(ask, AGAIN); }
  document.querySelectorAll("[data-again]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { location.reload(); });
  });
  window.addEventListener("online", ask);
  later();
})();
