"use strict";
const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
const one = (selector, root) => (root || document).querySelector(selector);
const make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
};

// Light or dark: as the system says, until the reader chooses.
const store = {
  get() { try { return localStorage.getItem("dag2zen-theme"); } catch { return null; } },
  set(value) { try { localStorage.setItem("dag2zen-theme", value); } catch { /* private reading */ } },
};
const chosen = store.get();
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
one("#theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme
    || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  store.set(next);
});
one("#print").addEventListener("click", () => print());
addEventListener("beforeprint", () => all("details").forEach((d) => { d.open = true; }));

// Tabs, by mouse and by arrow keys.
const openTab = (tab) => {
  all("[role=tab]", tab.parentNode).forEach((other) => {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
  });
};
all("[role=tab]").forEach((tab) => {
  tab.addEventListener("click", () => openTab(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = all("[role=tab]", tab.parentNode);
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    openTab(next);
    next.focus();
    event.preventDefault();
  });
});

// Pictures: zoom, and arrow keys from task to task along the edges.
const zooms = new WeakMap();
all("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
  const svg = one("svg.graph", button.closest("figure"));
  const wide = svg.viewBox.baseVal.width;
  const now = zooms.get(svg) || svg.getBoundingClientRect().width / wide;
  const next = { in: Math.min(now * 1.3, 3), out: Math.max(now / 1.3, 0.15), fit: 0 }[button.dataset.zoom];
  zooms.set(svg, next);
  svg.classList.toggle("zoomed", next > 0);
  svg.style.width = next ? `${wide * next}px` : "";
}));
const nodeOf = (svg, key) => one(`.node[data-k="${key}"]`, svg);
const move = (node, key) => {
  const svg = node.closest("svg");
  const own = node.getBBox();
  const at = [own.x + own.width / 2, own.y + own.height / 2];
  const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const [dx, dy] = ways[key];
  let best = null;
  let least = Infinity;
  for (const other of all(".node", svg)) {
    if (other === node) continue;
    const box = other.getBBox();
    const x = box.x + box.width / 2 - at[0];
    const y = box.y + box.height / 2 - at[1];
    const along = x * dx + y * dy;
    const cost = along + 2 * Math.abs(x * dy + y * dx);
    if (along > 4 && cost < least) { least = cost; best = other; }
  }
  if (!best) return;
  node.setAttribute("tabindex", "-1");
  best.setAttribute("tabindex", "0");
  best.focus();
};
