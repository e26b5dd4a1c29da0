(function () {
  "use strict";
  var form = document.getElementById("form");
  if (!form || !window.fetch || !form.querySelector("[name=plain]")) return;
  // From here on the form is sent by this script. A program that presses its button gets nowhere.
  form.querySelector("[name=plain]").remove();
  var page = JSON.parse(document.getElementById("page").textContent);
  var status = document.getElementById("status");
  var comment = form.elements.comment;
  var rest = document.getElementById("rest");
  var gesture = "", touched = {}, last = "", sending = false, again = false, isDone = false;
  var timer = 0, wait = 2000, scripted = false;

  function score() {
    var found = form.querySelector("[name=score]:checked");
    return found ? Number(found.value) : null;
  }

  function key() {
    if (!page.slug) return undefined;
    var name = "otklik:" + page.slug, own = form.elements.key.value;
    if (page.shared) return own;
    try {
      own = localStorage.getItem(name) || own;
      localStorage.setItem(name, own);
    } catch (blocked) { /* a private window, or a frame: the page's own key does */ }
    return own;
  }

  function isTooLong() {
    return comment.value.length > page.longest && Array.from(comment.value).length > page.longest;
  }

  function answers() {
    var found = {};
    form.querySelectorAll("[data-question]:not([hidden])").forEach(function (box) {
      var values = [];
      box.querySelectorAll("input:checked").forEach(function (one) { values.push(one.value); });
      var text = box.querySelector("textarea");
      if (text) found[box.dataset.question] = text.value;
      else if (values.length) found[box.dataset.question] = box.dataset.many ? values : values[0];
    });
    return found;
  }

  function body() {
    var may = form.querySelector("[name=contact]:checked");
    return JSON.stringify({
      score: score(),
      comment: touched.comment && !isTooLong() ? comment.value : null,
      answers: touched.answers ? answers() : null,
      may_contact: may ? may.value === "yes" : null,
      language: page.language,
      version: page.version,
      gesture: gesture,
      key: key(),
      screen: screen.width + "x" + screen.height + "@" + (window.devicePixelRatio || 1)
    });
  }

  function say(text, kind) {
    status.textContent = text;
    status.className = "status " + (kind || "");
  }

  function thank() {
    isDone = true;
    document.getElementById("asked").hidden = true;
    var thanks = document.getElementById("thanks");
    thanks.hidden = false;
    thanks.querySelector(".title").focus();
  }

  function settle(code, then) {
    if (code === 200) {
      wait = 2000;
      say(isTooLong() ? page.words.too_long : page.words.saved, isTooLong() ? "bad" : "good");
      if (then && !isTooLong()) thank();
      return;
    }
    last = "";
    if (code >= 400 && code < 500) {
      say(page.words[code] || page.words.refused, "bad");
      return;
    }
    say(page.words.retry, "bad");
    timer = setTimeout(function () { save(then); }, wait);
    wait = Math.min(wait * 2, 60000);
  }

  function save(then) {
    clearTimeout(timer);
    if (!gesture || score() === null) return;
    var now = body(), said = JSON.parse(now);
    said.seconds = Math.round(performance.now() / 1000);
    if (sending) { again = then || again || "later"; return; }
    if (now === last) { if (then) settle(200, then); return; }
    sending = true;
    last = now;
    say(page.words.saving);
    // One at a time: what was typed first must not arrive last.
    fetch(location.pathname, {
      method: "POST", keepalive: now.length < 60000, credentials: "omit",
      headers: { "Content-Type": "application/json", "X-Otklik-Answer": "1" }, body: JSON.stringify(said)
    }).then(function (reply) { return reply.status; }, function () { return 0; }).then(function (code) {
      var next = again;
      sending = again = false;
      if (next && code === 200) { save(next === "later" ? then : next); return; }
      settle(code, then || (next !== "later" && next));
    });
  }

  function soon(after) {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  }

  function happened(event, kind) {
    // What a program does by script is not trusted; a label that it clicks hands on a click that looks so.
    if (!event.isTrusted) {
      scripted = true;
      setTimeout(function () { scripted = false; }, 0);
      return;
    }
    if (scripted || gesture) return;
    gesture = kind;
    // The finger may be on its way to another score.
    soon(400);
  }

  function show() {
    var now = score();
    rest.hidden = now === null;
    if (now === null) return;
    var band = now >= page.bands[1] ? "high" : now >= page.bands[0] ? "middle" : "low";
    document.getElementById("why").textContent = page.follow_up[band];
    form.querySelectorAll("[data-question]").forEach(function (box) {
      box.hidden = now < Number(box.dataset.low) || now > Number(box.dataset.high);
    });
  }

  document.addEventListener("pointerdown", function (event) { happened(event, "pointer"); }, true);
  document.addEventListener("click", function (event) { happened(event, "pointer"); }, true);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
    happened(event, "key");
  }, true);
  form.addEventListener("change", function () { show(); soon(400); });
  form.addEventListener("input", function (event) {
    if (event.target.closest("[data-question]")) touched.answers = true;
    if (event.target === comment) {
      touched.comment = true;
      if (event.isTrusted && !scripted && !gesture) gesture = "comment";
    }
    soon(1200);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (score() === null) { say(page.words.choose, "bad"); return; }
    if (isTooLong()) { say(page.words.too_long, "bad"); comment.focus(); return; }
    if (gesture) save("thanks");
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && !isDone) save();
  });
  document.getElementById("change").addEventListener("click", function (event) {
    if (page.shared) return;
    event.preventDefault();
    isDone = false;
    document.getElementById("thanks").hidden = true;
    document.getElementById("asked").hidden = false;
    document.getElementById("question").focus();
  });
  show();
  if (page.embedded && window.ResizeObserver) {
    new ResizeObserver(function () {
      parent.postMessage({ otklik: page.slug, height: document.documentElement.offsetHeight }, "*");
    }).observe(document.body);
  }
})();
