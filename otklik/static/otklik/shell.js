// Small things every page may use, by attribute:
//   data-confirm="text"   a form asks once more before it is sent
//   data-copy="#id"       a button copies the text or value of that element
//   data-shortcut="/"     the key puts the focus there (not while typing)
//   data-autosubmit       a form is sent when one of its fields changes, days aside
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

  // A table wider than its place is moved with the arrow keys where nothing inside it takes the focus.
  function reachable() {
    for (const place of document.querySelectorAll(".table-responsive")) {
      const held = place.querySelector("a[href], button, input, select, textarea, summary, [tabindex]");
      if (place.scrollWidth > place.clientWidth && !held) place.tabIndex = 0;
    }
  }
  reachable();
  window.addEventListener("resize", reachable);
  document.addEventListener("htmx:afterSettle", reachable);

  document.addEventListener("change", function (event) {
    const form = event.target.closest("form[data-autosubmit]");
    // The year of a day is typed digit by digit, and each of them changes it.
    if (form && event.target.type !== "date") form.requestSubmit();
  });
})();

// Keeps open pages fresh. An element with data-live="partner:17 contact:*" gets the htmx trigger "live" when one of
// its topics changed, and fetches itself anew.
//
// One stream serves all tabs of a browser: whichever tab holds the lock "otklik-live" keeps it and passes on what
// it hears. Every tab tells the others which topics it shows; a hidden tab shows none, and looks again when it is
// seen. A stream that breaks is opened anew with a fresh ticket, which says how long nothing was heard.
(() => {
  "use strict";
  const TICKET_URL = document.currentScript.dataset.ticketUrl;
  if (!TICKET_URL || !window.EventSource || !window.BroadcastChannel || !navigator.locks) return;

  const FIRST_PAUSE = 1000, LONGEST_PAUSE = 60000, FORGET_TAB = 90000, SAY_AGAIN = 30000, IDLE = 5000, PACE = 5000;
  const me = Math.random().toString(36).slice(2);
  const channel = new BroadcastChannel("otklik-live");
  let topics = [];      // what this tab shows
  let leader = null;    // the stream's keeper, in the one tab that has the lock
  let heard = performance.timeOrigin, hiddenAt = 0; // the page is as old as the request for it
  const woken = new Map(), waiting = new Set(); // by id: when a list was last read anew, and which are about to be

  function shown() {
    if (document.hidden) return [];
    const named = [...document.querySelectorAll("[data-live]")].flatMap((el) => el.dataset.live.split(/\s+/));
    return [...new Set(named.filter(Boolean))].sort();
  }

  function say() {
    const message = { kind: "shows", tab: me, topics, heard };
    channel.postMessage(message);
    if (leader) leader.note(message);
  }

  function look() {
    const now = shown();
    if (now.join() === topics.join()) return;
    topics = now;
    say();
  }

  function refresh(changed) {
    for (const element of document.querySelectorAll("[data-live]")) {
      const names = element.dataset.live.split(/\s+/);
      if (changed && !names.some((name) => changed.includes(name))) continue;
      if (changed && element.id && names.some((name) => name.endsWith(":*"))) pace(element.id);
      else wake(element);
    }
  }

  function wake(element) {
    element.dispatchEvent(new CustomEvent("live", { bubbles: false }));
  }

  // A list of everything changes each moment where many work: after a quiet while at once, then now and then.
  function pace(id) {
    if (waiting.has(id)) return;
    waiting.add(id);
    const next = (woken.get(id) || performance.timeOrigin) + PACE;
    setTimeout(() => {
      waiting.delete(id);
      woken.set(id, Date.now());
      const element = document.getElementById(id);
      if (element && !document.hidden) wake(element); // who hid the page has it read anew on return
    }, Math.max(0, next - Date.now()));
  }

  function receive(message) {
    if (message.kind === "changed" && !document.hidden) refresh(message.topics);
    if (message.kind === "heard") heard = Date.now();
    if (message.kind === "who") say();
    if (leader && (message.kind === "shows" || message.kind === "left")) leader.note(message);
  }
  channel.onmessage = (event) => receive(event.data);

  class Leader {
    constructor() {
      this.tabs = new Map();
      this.wanted = "";
      this.pause = FIRST_PAUSE;
      this.source = null;
      this.timer = 0;
      this.changed = new Set();
      channel.postMessage({ kind: "who" });
    }

    note(message) {
      if (message.kind === "left") this.tabs.delete(message.tab);
      else this.tabs.set(message.tab, { topics: message.topics, heard: message.heard, at: Date.now() });
      this.settle();
    }

    // Opens, changes or ends the stream after things calmed down: a page that loads says several things at once.
    settle() {
      for (const [tab, said] of this.tabs) if (Date.now() - said.at > FORGET_TAB) this.tabs.delete(tab);
      const wanted = [...new Set([...this.tabs.values()].flatMap((said) => said.topics))].sort().join();
      if (wanted === this.wanted) return;
      this.wanted = wanted;
      this.later(wanted ? 100 : IDLE);
    }

    later(pause) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), pause);
    }

    async open() {
      this.end();
      const wanted = this.wanted;
      if (!wanted) return;
      // The tab that has waited longest decides how far back to look.
      const since = Math.min(...[...this.tabs.values()].filter((said) => said.topics.length).map((said) => said.heard));
      const age = Math.ceil(Math.max(0, Date.now() - since) / 1000);
      let ticket;
      try {
        const query = new URLSearchParams({ topics: wanted, age });
        const response = await fetch(`${TICKET_URL}?${query}`, { redirect: "manual", headers: { Accept: "application/json" } });
        if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return; // signed out
        ticket = await response.json();
      } catch {
        return this.retry();
      }
      if (wanted !== this.wanted || !ticket.url) return;
      const source = this.source = new EventSource(ticket.url);
      source.onopen = () => { this.pause = FIRST_PAUSE; this.pulse(); };
      source.addEventListener("topic", (event) => { this.pulse(); this.pass(event.data); });
      // The browser would come back with the same ticket, which is stale by then.
      source.onerror = () => { if (source === this.source) this.retry(); };
    }

    // Says that up to now nothing was missed.
    pulse() {
      heard = Date.now();
      for (const said of this.tabs.values()) said.heard = heard;
      channel.postMessage({ kind: "heard" });
    }

    // One change often touches several topics: what comes together is passed on together.
    pass(topic) {
      if (!this.changed.size) setTimeout(() => this.flush(), 50);
      this.changed.add(topic);
    }

    flush() {
      const message = { kind: "changed", topics: [...this.changed] };
      this.changed.clear();
      channel.postMessage(message);
      receive(message);
    }

    retry() {
      this.end();
      this.later(this.pause * (0.5 + Math.random()));
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }

    end() {
      if (this.source) this.source.close();
      this.source = null;
    }

    // Called now and then: while the stream is open nothing was missed, whether or not anything was said.
    beat() {
      if (this.source && this.source.readyState === EventSource.OPEN) this.pulse();
      this.settle();
    }
  }

  function lead() {
    navigator.locks.request("otklik-live", () => new Promise((release) => {
      leader = new Leader();
      say();
      window.addEventListener("pagehide", () => {
        leader.end();
        clearTimeout(leader.timer);
        leader = null;
        release();
      }, { once: true });
    }));
  }

  window.addEventListener("pagehide", () => channel.postMessage({ kind: "left", tab: me }));
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    refresh(null); // back from the browser's own cache: as old as it was when it was left
    lead();
    topics = [];
    look();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt) refresh(null);
    look();
  });
  document.addEventListener("htmx:afterSettle", look);
  setInterval(() => { if (leader) leader.beat(); if (topics.length) say(); }, SAY_AGAIN);

  lead();
  look();
})();
