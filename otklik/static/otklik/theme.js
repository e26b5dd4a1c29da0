// Sets the theme before the page is painted. "auto" follows the device and changes with it.
(function () {
  "use strict";
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("otklik-theme") || "auto";
    } catch (error) {
      return "auto"; // storage is off in this browser: the device decides
    }
  }

  function apply() {
    const choice = chosen();
    root.dataset.bsTheme = choice === "auto" ? (device.matches ? "dark" : "light") : choice;
    root.dataset.themeChoice = choice;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      if (button !== root) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
    document.dispatchEvent(new CustomEvent("otklik:theme", { detail: root.dataset.bsTheme }));
  }

  device.addEventListener("change", apply);
  // Paper is white: light letters of a dark screen would not be read on it.
  window.addEventListener("beforeprint", function () { root.dataset.bsTheme = "light"; });
  window.addEventListener("afterprint", apply);
  window.addEventListener("storage", apply); // another tab chose
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem("otklik-theme", button.dataset.themeChoice);
    } catch (error) {
      root.dataset.bsTheme = button.dataset.themeChoice; // at least for this page
      return;
    }
    apply();
  });
  apply();
})();
