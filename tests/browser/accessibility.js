// Answers with a list of faults: fields without a name, other than one h1, text of too little contrast.
// Leaves window.unfocused(), which lists what does not show that it has the focus.
() => {
  const faults = [];
  const describe = (el) => `<${el.tagName.toLowerCase()} class="${el.getAttribute("class") || ""}"> ${(el.textContent || el.name || "").trim().slice(0, 40)}`;
  const shown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true }) && el.getClientRects().length > 0;

  // Names ------------------------------------------------------------------------------------------------------
  const ids = (list) => (list || "").split(/\s+/).map((id) => document.getElementById(id)?.textContent.trim()).join("");
  const name = (el) => el.getAttribute("aria-label")?.trim() || ids(el.getAttribute("aria-labelledby")) ||
    [...(el.labels || [])].map((label) => label.textContent.trim()).join("");
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (field.type !== "hidden" && !name(field)) faults.push(`no label: ${field.outerHTML.slice(0, 120)}`);
  }
  for (const control of document.querySelectorAll("a[href], button, summary")) {
    if (shown(control) && !name(control) && !control.textContent.trim()) faults.push(`no name: ${control.outerHTML.slice(0, 120)}`);
  }
  const titles = [...document.querySelectorAll("h1")].filter(shown);
  if (titles.length !== 1 || !titles[0].textContent.trim()) faults.push(`${titles.length} h1`);
  const seen = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (seen.has(id)) faults.push(`two elements have the id ${id}`);
    seen.add(id);
  }

  // Contrast, WCAG 2.2: 1.4.3 ----------------------------------------------------------------------------------
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = (el) => {
    if (!el) return [255, 255, 255, 1];
    const own = rgba(getComputedStyle(el).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(el.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const faded = (el) => (el ? Number(getComputedStyle(el).opacity) * faded(el.parentElement) : 1);
  for (const el of document.querySelectorAll("body *")) {
    const words = [...el.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!words || !shown(el) || el.closest("svg, script, [disabled], .visually-hidden, .skip-link")) continue;
    const style = getComputedStyle(el), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const under = ground(el), ink = rgba(style.color);
    const ratio = contrast(over([ink[0], ink[1], ink[2], ink[3] * faded(el)], under), under);
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${describe(el)}`);
  }

  // Focus --------------------------------------------------------------------------------------------------------
  window.unfocused = () => {
    const look = (el) => {
      document.getAnimations().forEach((animation) => animation.finish());
      const s = getComputedStyle(el);
      return [s.outlineStyle === "none" ? "" : s.outlineWidth + s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join("|");
    };
    const quiet = [];
    for (const el of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
      if (!shown(el) || el.disabled || el.type === "hidden") continue;
      document.activeElement?.blur();
      const before = look(el);
      el.focus();
      if (document.activeElement !== el) quiet.push(`cannot be focused: ${describe(el)}`);
      else if (look(el) === before) quiet.push(`focus is not shown: ${describe(el)}`);
    }
    return [...new Set(quiet)];
  };
  return [...new Set(faults)];
}
