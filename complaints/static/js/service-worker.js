// Answers for the server while it cannot be reached: whoever opens or reloads a page is told so in
// words, instead of by the browser. Everything else goes to the server as if this were not here, and
// nothing of a complaint is kept. Where to find the page stands in this script's own address.
"use strict";
const PAGE = new URL(self.location.href).searchParams.get("page") || "/static/outage.html";
const KEPT = "tanggap-outage:" + self.location.href;
const WITH_IT = [PAGE, "/static/css/outage.css", "/static/js/outage.js", "/static/js/theme.js", "/static/img/tanggap.svg"];

self.addEventListener("install", function (event) {
  event.waitUntil(
    caches.open(KEPT)
      .then(function (cache) { return cache.addAll(WITH_IT); })
      .then(function () { return self.skipWaiting(); })
  );
});

self.addEventListener("activate", function (event) {
  event.waitUntil(
    caches.keys().then(function (names) {
      return Promise.all(names.map(function (name) {
        return name.startsWith("tanggap-outage:") && name !== KEPT ? caches.delete(name) : undefined;
      }));
    })
  );
});

// A proxy that finds nobody behind it answers in our place; each answer of our own has a number.
function isOfProxy(answer) {
  return answer.status >= 502 && answer.status <= 504 && !answer.headers.get("X-Request-Id");
}

function fromKept(request, asked) {
  return fetch(request).then(function (answer) {
    if (!isOfProxy(answer)) { return answer; }
    return caches.match(asked).then(function (kept) { return kept || answer; });
  }, function (error) {
    return caches.match(asked).then(function (kept) {
      if (kept) { return kept; }
      throw error;
    });
  });
}

self.addEventListener("fetch", function (event) {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate") { event.respondWith(fromKept(event.request, PAGE)); }
  else if (WITH_IT.includes(address.pathname)) { event.respondWith(fromKept(event.request, event.request)); }
});
