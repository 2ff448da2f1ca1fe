// On the page shown while the server cannot be reached: what waits in this browser, and the way back.
(function () {
  "use strict";
  var AGAIN = 5000;
  // A page that a proxy gives up on, while the server answers, is not asked for every few seconds.
  var KEY = "tanggap:outage", FORGOTTEN = 15 * 60 * 1000;
  var timer = null;
  var before = { at: "", when: 0, times: 0 };
  try { before = JSON.parse(sessionStorage.getItem(KEY)) || before; } catch (error) { /* nothing was kept */ }
  var times = before.at === location.href && Date.now() - before.when < FORGOTTEN ? before.times : 0;
  var count = 0;
  try { count = JSON.parse(localStorage.getItem("tanggap:queue") || "[]").length; } catch (error) { /* nothing was kept */ }
  document.querySelectorAll("[data-waiting]").forEach(function (line) {
    line.textContent = line.dataset.waiting.replace("#", count);
    line.hidden = !count;
  });
  function ask() {
    clearTimeout(timer);
    fetch("/healthz", { cache: "no-store" }).then(function (answer) {
      if (answer.ok) { back(); } else { later(); }
    }, later);
  }
  function back() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ at: location.href, when: Date.now(), times: times + 1 }));
    } catch (error) { /* then it is asked for as often as before */ }
    location.reload();
  }
  function later() { timer = setTimeout(ask, AGAIN * Math.pow(2, Math.min(times, 6))); }
  document.querySelectorAll("[data-again]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { location.reload(); });
  });
  window.addEventListener("online", ask);
  later();
})();
