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
