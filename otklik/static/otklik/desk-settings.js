// Rows of a rule: one is taken out, and the keyboard stays where rows are added.
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-remove-row]");
    if (!button) return;
    const add = button.closest(".rule-rows").querySelector("button[hx-get]");
    button.closest(".rule-row").remove();
    add.focus();
  });
})();
