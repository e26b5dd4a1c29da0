// The portal's frame. Pages work without it.
//   the sheet "More" of a phone closes when somebody taps beside it, or with Escape
(() => {
  "use strict";
  const more = document.querySelector(".portal-more");
  if (!more) return;
  document.addEventListener("click", (event) => {
    if (more.open && !more.contains(event.target)) more.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
})();

// A link opened in the browser that asked for it: nothing is left to decide. (A mail scanner has no such cookie.)
(() => {
  "use strict";
  const form = document.querySelector("form[data-at-once]");
  if (form) form.requestSubmit();
})();
