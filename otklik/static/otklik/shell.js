// Small things every page may use, by attribute:
//   data-confirm="text"   a form asks once more before it is sent
//   data-copy="#id"       a button copies the text or value of that element
//   data-shortcut="/"     the key puts the focus there (not while typing)
//   data-autosubmit       a form is sent when one of its fields changes
//   data-guess-zone       a form's time zone is set to the browser's own, once
(function () {
  "use strict";

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  document.addEventListener("submit", function (event) {
    const text = event.target.dataset.confirm;
    if (text && !window.confirm(text)) event.preventDefault();
  });

  document.addEventListener("click", async function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    const text = "value" in source ? source.value : source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      source.select(); // no clipboard outside a secure origin: at least it is selected
      return;
    }
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const target = document.querySelector('[data-shortcut="' + CSS.escape(event.key) + '"]');
    if (!target) return;
    event.preventDefault();
    target.focus();
  });

  const guessing = document.querySelector("form[data-guess-zone] select[name=time_zone]");
  if (guessing && guessing.value === "UTC") {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (Array.from(guessing.options).some((option) => option.value === zone)) guessing.value = zone;
  }

  document.addEventListener("change", function (event) {
    const form = event.target.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });
})();
