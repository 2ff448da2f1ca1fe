// Comfort on the intake page; every step of it works without. What is typed is kept by drafts.js,
// the keys are those of intake-keys.js, the category is searched in combobox.js.
(function () {
  "use strict";
  var form = document.getElementById("intake");
  if (!form) { return; }
  function field(name) { return form.elements[name]; }
  function value(name) { var one = field(name); return one && one.value ? one.value.trim() : ""; }
  function isTicked(name) { var one = field(name); return Boolean(one && one.checked); }

  // Slots in the words to say follow what is typed. The forms of address are the organisation's.
  var FORMS = JSON.parse(form.dataset.salutations);
  function folded(word) { return word.trim().replace(/\.+$/, "").toLowerCase(); }
  function short(salutation) {
    return salutation.split("/").map(function (part) {
      return FORMS.shorts[folded(part)] || part.trim();
    }).join("/");
  }
  // A form of address typed in front of the name is said once, in its own slot.
  var ONE_FORM = "(?:" + Object.keys(FORMS.typed).sort(function (a, b) { return b.length - a.length; })
    .map(function (word) { return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"); }).join("|") + ")";
  var IN_FRONT = new RegExp("^(" + ONE_FORM + "(?:\\.?\\s*/\\s*" + ONE_FORM + ")?)(?:\\.\\s*|\\s+)(?=\\S)", "i");
  function addressed(name) {
    var spoken = [], found;
    while ((found = IN_FRONT.exec(name))) {
      found[1].split("/").forEach(function (part) {
        var kept = FORMS.typed[folded(part)];
        if (spoken.indexOf(kept) < 0) { spoken.push(kept); }
      });
      name = name.slice(found[0].length);
    }
    return { salutation: spoken.join("/") || FORMS.typed[folded(name)] || "", name: name };
  }
  // Several steps are numbered as they are spoken; one alone needs no number.
  var ORDINALS = {
    id: ["pertama", "kedua", "ketiga", "keempat", "kelima", "keenam", "ketujuh", "kedelapan"],
    en: ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
  };
  function spoken(steps) {
    var ordinals = ORDINALS[value("customer.language")] || ORDINALS.id;
    return steps.map(function (step, at) {
      var plain = /^.[A-Z]/.test(step) ? step : step.charAt(0).toLowerCase() + step.slice(1);
      return steps.length > 1 && ordinals[at] ? ordinals[at] + ", " + plain : plain;
    }).join("; ");
  }
  function fillSlots() {
    var who = addressed(value("customer.name") || nameIn(value("customer.q")));
    var salutation = value("customer.salutation") || who.salutation || FORMS.unknown;
    var due = document.getElementById("promise-due");
    var steps = Array.from(form.querySelectorAll("[data-row] input[name$='.what']"))
      .map(function (input) { return input.value.trim(); }).filter(Boolean);
    var words = {
      salutation: salutation,
      salutation_short: short(salutation),
      customer_name: who.name,
      summary: value("confirmation.summary"),
      complaint_subject: due ? due.dataset.subject : "",
      steps: spoken(steps),
      deadline: due ? due.dataset.deadline : ""
    };
    document.querySelectorAll("[data-slot]").forEach(function (slot) {
      var name = slot.dataset.slot;
      if (!(name in words)) { return; }
      if (!slot.dataset.words) { slot.dataset.words = slot.textContent; }
      var first = name === "complaint_subject" ? slot.dataset.words : "…";
      slot.textContent = words[name] || first;
    });
  }
  function nameIn(text) { return /[^\d\s+().@-]/.test(text) && text.indexOf("@") < 0 ? text : ""; }

  // The card shows the words of the step at hand.
  function showCard(step) {
    document.querySelectorAll("[data-card]").forEach(function (part) {
      part.hidden = part.dataset.card !== step;
    });
  }

  // Category and the rest open once the story is told; written channels are told already.
  var TALKS = JSON.parse(form.dataset.talks);
  function isWritten() { return TALKS[value("channel")] === "written"; }
  // What is said, done and asked fits the way of talking: face to face, by phone or in writing.
  function fitTalk() {
    document.querySelectorAll("[data-talk]").forEach(function (part) {
      part.hidden = part.dataset.talk.split(" ").indexOf(TALKS[value("channel")]) < 0;
      // What does not fit is not sent either.
      part.querySelectorAll("input").forEach(function (input) { input.disabled = part.hidden; });
    });
  }
  function openLater() {
    var written = isWritten();
    fitTalk();
    var body = form.querySelector("[data-later-body]");
    var isOpen = written || isTicked("attestation.listened") || value("attestation.unable.reason") !== "" ||
      form.dataset.laterOpen === "1";
    var wasShut = body.hidden;
    body.hidden = !isOpen;
    form.querySelector("[data-later-word]").hidden = isOpen;
    if (isOpen && wasShut) { form.dataset.laterOpen = "1"; return true; }
    return false;
  }
  function showCorrections() {
    var corrected = form.querySelector("[name='confirmation.answer'][value='corrected']");
    var box = form.querySelector("[data-corrections]");
    box.hidden = !corrected.checked && !value("confirmation.corrections");
  }
  function mark() {
    var answered = form.querySelector("[name='confirmation.answer']:checked:enabled");
    var done = {
      story: value("story") && (isWritten() || isTicked("attestation.listened") || value("attestation.unable.reason")),
      confirm: (answered && value("confirmation.summary")) || value("confirmation.unable.reason"),
      apologise: isTicked("apology.said") || value("apology.unable.reason"),
      promise: isTicked("promise.told") || value("promise.unable.reason")
    };
    document.querySelectorAll("[data-mark]").forEach(function (link) {
      link.classList.toggle("is-done", Boolean(done[link.dataset.mark]));
    });
  }

  // The conversation began when the first word was typed; the branch's wall clock, not the desk's.
  var loaded = Date.now();
  function noteBeginning() {
    var received = field("received_at");
    if (received.value || received.dataset.touched || isWritten()) { return; }
    var opened = new Date(form.dataset.opened + ":00Z");
    var at = new Date(opened.getTime() + (Date.now() - loaded));
    window.tanggapTimes.write(received, at.toISOString().slice(0, 16));
    received.dataset.touched = "1";
  }

  // A known customer fills name and form of address; the rest is known already.
  function foresee() { document.getElementById("promise-form").dispatchEvent(new Event("foresee")); }
  function chooseKnown(radio) {
    foresee();
    if (value("story")) { document.getElementById("suggested").dispatchEvent(new Event("story-told")); }
    if (!radio.value) { return; }
    field("customer.name").value = radio.dataset.name;
    if (radio.dataset.salutation) { field("customer.salutation").value = radio.dataset.salutation; }
  }

  // What is typed to look somebody up need not be typed again for a new customer.
  function takeOver() {
    if (form.querySelector("[name='customer.known']:checked[value]:not([value=''])")) { return; }
    var asked = value("customer.q");
    if (nameIn(asked) && !value("customer.name")) { field("customer.name").value = asked; }
    if (/^[+\d][\d\s().-]{6,}$/.test(asked) && !value("customer.phone")) { field("customer.phone").value = asked; }
  }

  form.addEventListener("input", function (event) {
    if (event.target.name && event.target.name.indexOf("promise.steps.") === 0) {
      event.target.closest("[data-rows]").dataset.edited = "1";
    }
    if (event.target.name === "received_at") { event.target.dataset.touched = "1"; } else { noteBeginning(); }
    fillSlots();
  });
  form.addEventListener("change", function (event) {
    if (event.target.name === "customer.known") { chooseKnown(event.target); }
    if (event.target.name === "customer.needs") { foresee(); }
    if (event.target.name === "customer.q") { takeOver(); }
    var opened = openLater();
    showCorrections();
    fillSlots();
    mark();
    if (opened && event.target.name === "attestation.listened") {
      var category = form.querySelector("[role='combobox']") || field("category");
      category.focus();
    }
  });
  form.addEventListener("focusin", function (event) {
    var part = event.target.closest("[data-step]");
    if (part) { showCard(part.dataset.step); }
  });

  // Steps somebody has changed are not proposed anew.
  document.body.addEventListener("htmx:oobBeforeSwap", function (event) {
    if (event.detail.target && event.detail.target.dataset.edited) { event.detail.shouldSwap = false; }
  });
  document.body.addEventListener("htmx:afterSettle", fillSlots);

  // Whoever is logged out meanwhile gets no login page between the fields.
  document.body.addEventListener("htmx:beforeSwap", function (event) {
    var answered = event.detail.xhr.responseURL || "";
    if (answered.indexOf("/login") >= 0) { event.detail.shouldSwap = false; }
  });

  function refresh() {
    openLater();
    showCorrections();
    fillSlots();
    mark();
  }
  document.addEventListener("intake:restored", refresh);
  form.addEventListener("submit", takeOver);
  window.tanggapIntake = { value: value, takeOver: takeOver, noteBeginning: noteBeginning };
  refresh();
  showCard("greet");
})();
