// The inbox and the page of a ticket: keys, choosing rows, drafts, presence, undo. Everything works without it but these.
//   data-key="r"        the key presses (or focuses) this element, unless somebody is typing
//   data-bulk="a:v"     a button that does one thing to the chosen rows
//   data-html="url"     a fold that shows a mail as it was written, in a frame without scripts
(function () {
  "use strict";

  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
  const csrf = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const post = (url, data) => fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": csrf() } });

  // ---- keys -------------------------------------------------------------------------------------
  function press(key) {
    const target = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!target) return false;
    if (target.matches("input[type=radio]")) {
      target.checked = true;
      target.dispatchEvent(new Event("change", { bubbles: true }));
      const text = document.querySelector("#compose-text");
      if (text) text.focus();
    } else if (target.matches("input")) target.focus();
    else target.click();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.id === "compose-text") {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (typing(event.target) || document.querySelector(".modal.show")) return;
    if (event.key === "?") {
      const opener = document.querySelector('[data-bs-target="#keys"]');
      if (opener) opener.click();
    } else if (document.querySelector('[data-desk="inbox"]') && inboxKey(event.key)) event.preventDefault();
    else if (event.key === "[" || event.key === "]") nextTab(event.key === "]" ? 1 : -1);
    else if (press(event.key)) event.preventDefault();
  });

  function nextTab(step) {
    const tabs = Array.from(document.querySelectorAll(".desk-tab"));
    const now = tabs.findIndex((tab) => tab.classList.contains("active"));
    if (now >= 0 && tabs.length > 1) tabs[(now + step + tabs.length) % tabs.length].querySelector("a").click();
  }

  // ---- inbox ------------------------------------------------------------------------------------
  function inboxKey(key) {
    const rows = Array.from(document.querySelectorAll("[data-row]"));
    const now = rows.findIndex((row) => row.classList.contains("current"));
    if (key === "j" || key === "k") {
      const next = rows[Math.min(rows.length - 1, Math.max(0, now + (key === "j" ? 1 : -1)))];
      if (!next) return true;
      rows.forEach((row) => row.classList.toggle("current", row === next));
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
      return true;
    }
    if (now < 0) return false;
    if (key === "o" || key === "Enter") {
      rows[now].querySelector("a.row-name").click();
      return true;
    }
    if (key === "x") {
      const box = rows[now].querySelector("input[type=checkbox]");
      if (box) box.click();
      return true;
    }
    return false;
  }

  function countChosen() {
    const bar = document.querySelector("[data-bulk-bar]");
    if (!bar) return;
    const chosen = document.querySelectorAll("input[name=ticket]:checked").length;
    bar.hidden = chosen === 0;
    const label = bar.querySelector("[data-bulk-count]");
    label.textContent = label.dataset.bulkCount + ": " + chosen;
  }

  function bulk(action, value) {
    const form = document.querySelector("#bulk-form");
    form.elements.action.value = action;
    form.elements.value.value = value;
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-check-all]"))
      document.querySelectorAll("input[name=ticket]").forEach((box) => (box.checked = event.target.checked));
    if (event.target.matches("input[name=ticket], [data-check-all]")) countChosen();
    if (event.target.matches("[data-bulk-select]") && event.target.value) {
      bulk(event.target.dataset.bulkSelect, event.target.value);
      event.target.form.requestSubmit();
    }
    if (event.target.matches("[data-file-names]")) {
      const names = Array.from(event.target.files, (file) => file.name).join(", ");
      document.querySelector(event.target.dataset.fileNames).textContent = names;
    }
  });
  // The list is fetched anew while somebody chooses: what was chosen stays chosen.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.target.id !== "inbox-list") return;
    const chosen = new Set(Array.from(document.querySelectorAll("input[name=ticket]:checked"), (box) => box.value));
    const current = document.querySelector("[data-row].current");
    document.addEventListener("htmx:afterSettle", function () {
      document.querySelectorAll("input[name=ticket]").forEach((box) => (box.checked = chosen.has(box.value)));
      if (current) document.querySelector('[data-row="' + current.dataset.row + '"]')?.classList.add("current");
      countChosen();
    }, { once: true });
  });

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-bulk]");
    if (button) bulk(...button.dataset.bulk.split(":"));
    const canned = event.target.closest("[data-canned]");
    if (canned) insert(canned.dataset.canned);
    const images = event.target.closest("[data-load-images]");
    if (images) showFrame(images.closest("[data-html]"), true);
  });

  // ---- a mail as it was written -----------------------------------------------------------------
  document.addEventListener("toggle", function (event) {
    if (event.target.matches && event.target.matches("[data-html]") && event.target.open) showFrame(event.target, false);
  }, true);

  function showFrame(fold, images) {
    let frame = fold.querySelector("iframe");
    if (!frame) {
      frame = document.createElement("iframe");
      frame.className = "message-frame";
      frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
      frame.title = fold.querySelector("summary").textContent;
      fold.append(frame);
    }
    const theme = document.documentElement.dataset.bsTheme === "dark" ? "dark" : "light";
    frame.src = fold.dataset.html + "?theme=" + theme + (images ? "&images=1" : "");
  }

  // ---- composer ---------------------------------------------------------------------------------
  const composer = document.querySelector("#composer");
  if (composer) {
    const text = composer.elements.text;
    const state = composer.querySelector("#draft-state");
    composer.querySelector("[data-once]").value = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const showMode = () => (composer.dataset.mode = composer.elements.mode.value);
    showMode();
    let timer = 0;
    let sending = false;
    const keep = async function () {
      if (sending) return;
      try {
        const data = new FormData(composer);
        data.delete("files"); // they go with the message itself, once
        const answer = await post(composer.dataset.draftUrl, data);
        state.textContent = answer.ok && text.value.trim() ? state.dataset.saved : answer.ok ? "" : state.dataset.failed;
      } catch (error) {
        state.textContent = state.dataset.failed;
      }
    };
    composer.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(keep, 900);
    });
    composer.addEventListener("change", showMode);
    composer.addEventListener("submit", function (event) {
      if (sending) return event.preventDefault();
      sending = true;
      clearTimeout(timer);
    });
  }

  function insert(words) {
    const text = document.querySelector("#compose-text");
    const at = text.selectionStart;
    text.setRangeText(words, at, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // ---- who else is here -------------------------------------------------------------------------
  const desk = document.querySelector('[data-desk="ticket"]');
  if (desk) {
    let written = 0;
    document.addEventListener("input", (event) => event.target.id === "compose-text" && (written = Date.now()));
    const say = async function () {
      const data = new FormData();
      data.set("writing", Date.now() - written < 30000 ? "1" : "0");
      try {
        const answer = await post(desk.dataset.viewingUrl, data);
        if (answer.ok) document.querySelector("#others").innerHTML = await answer.text();
      } catch (error) {
        // no connection: the draft's own line says so
      }
    };
    say();
    setInterval(say, 20000);
    // Colleagues need not wait until this page has been silent for a minute.
    window.addEventListener("pagehide", function () {
      const data = new FormData();
      data.set("left", "1");
      data.set("csrfmiddlewaretoken", csrf());
      navigator.sendBeacon(desk.dataset.viewingUrl, data);
    });
    window.addEventListener("pageshow", (event) => event.persisted && say());
    const newer = document.querySelector("#newer");
    if (newer) newer.scrollIntoView({ block: "center" });
  }

  // ---- undo -------------------------------------------------------------------------------------
  document.querySelectorAll("[data-undo]").forEach(function (place) {
    const form = document.querySelector('form[action="' + place.dataset.undo + '"]');
    if (!form) return;
    let left = Number(place.dataset.seconds);
    const button = form.querySelector("button").cloneNode(true);
    button.addEventListener("click", () => form.requestSubmit());
    place.append(button);
    const tick = setInterval(function () {
      left -= 1;
      if (left <= 0) {
        clearInterval(tick);
        button.remove();
      }
    }, 1000);
  });
})();
