// What the pages for people without an account need beside HTML; they work without it.
//   data-moment   a time is written by the reader's own clock
//   data-zone     a hidden field gets the reader's time zone, and data-zone-said says which
//   data-largest  a file field refuses what is too large before it is sent
//   data-once     a form is sent once, however often its button is pressed
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const language = document.documentElement.lang;

  const written = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-moment]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.getTime())) time.textContent = written.format(moment);
  }

  for (const field of document.querySelectorAll("input[data-zone]")) {
    if (!zone) continue;
    field.value = zone;
    const said = field.form.querySelector("[data-zone-said]");
    said.querySelector("span").textContent = zone;
    said.hidden = false;
  }

  document.addEventListener("change", (event) => {
    const field = event.target.closest("input[data-largest]");
    if (!field) return;
    const files = [...field.files];
    const tooLarge = files.find((file) => file.size > Number(field.dataset.largest));
    const text = tooLarge ? `${tooLarge.name}: ${field.dataset.tooLarge}` : files.length > Number(field.dataset.most) ? field.dataset.tooMany : "";
    field.setCustomValidity(text);
    if (text) field.reportValidity();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form) return;
    const wrong = form.querySelector("input[data-largest]");
    if (wrong && wrong.validationMessage) {
      event.preventDefault();
      wrong.reportValidity();
    } else if (form.dataset.sent) {
      event.preventDefault();
    } else {
      form.dataset.sent = "1";
    }
  });
  // The way back shows the page as it was: it may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
  });
})();
