// The relationship map: a person chosen in the picture or the table opens beside it; arrow keys go from circle to
// circle, Escape closes what is open. Without this script the same links lead to a page of the person.
(() => {
  "use strict";
  const beside = () => document.getElementById("map-beside");
  const spots = () => [...document.querySelectorAll(".relationship-map a")];
  let from = null; // whom the panel was opened from, to go back to

  function open(link) {
    from = link.getAttribute("href");
    window.htmx.ajax("GET", from, { target: "#map-beside", swap: "innerHTML" });
  }

  function close() {
    const link = [...document.querySelectorAll(".map-person")].find((one) => one.getAttribute("href") === from);
    beside().replaceChildren();
    if (link) link.focus();
  }

  // The nearest one that lies mostly in this direction.
  function next(link, key) {
    const middle = (one) => { const box = one.querySelector("circle").getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
    const [x, y] = middle(link);
    const across = key === "ArrowLeft" || key === "ArrowRight";
    const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
    let best = null, least = Infinity;
    for (const one of spots()) {
      if (one === link) continue;
      const [ox, oy] = middle(one);
      const ahead = sign * (across ? ox - x : oy - y), aside = Math.abs(across ? oy - y : ox - x);
      if (ahead < 4 || aside > 2 * ahead) continue;
      const far = ahead + 2 * aside;
      if (far < least) [best, least] = [one, far];
    }
    return best;
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!window.htmx || !beside()) return;
    const link = event.target.closest(".map-person");
    if (link && document.getElementById("map-body")) {
      event.preventDefault();
      open(link);
    } else if (event.target.closest(".map-close") && document.getElementById("map-body")) {
      event.preventDefault();
      close();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.getElementById("map-body") && beside().firstElementChild) {
      close();
      return;
    }
    const link = event.target.closest(".relationship-map a");
    if (!link || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const to = next(link, event.key);
    if (to) to.focus();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "map-beside") return;
    const heading = event.target.querySelector("h2");
    if (!heading) return;
    heading.focus({ preventScroll: true });
    event.target.scrollIntoView({ block: "nearest" });
  });
})();
