// Puts what the events say where the page has a place for it. Ages are the only thing that runs on between events:
// the age at the event plus the browser's monotonic clock, so that a wrong clock here changes nothing.
"use strict";

const QUIET_MS = 5000; // no event for so long: the connection is taken for lost
const RETRY_MS = 1000;
const REDRAW_MS = 60000; // history is asked for anew, so that late blocks fill what was a gap

const main = document.getElementById("main");
const lost = document.getElementById("lost");
const words = new Map([...document.querySelectorAll("#words [data-word]")].map((e) => [e.dataset.word, e.textContent]));
const places = { text: new Map(), age: new Map(), stale: new Map(), says: new Map(), alarm: new Map(), place: new Map() };
const charts = new Map();
let newest = null; // the newest event
let heard = 0; // performance.now() at the newest event
let tried = 0; // performance.now() when something was last expected to come
let asked = -Infinity; // performance.now() when history was last asked for
let source = null;

function find() {
  for (const [kind, found] of Object.entries(places)) {
    found.clear();
    for (const element of document.querySelectorAll(`[data-${kind}]`)) {
      const key = element.dataset[kind];
      found.set(key, [...(found.get(key) || []), element]);
    }
  }
  for (const chart of charts.values()) chart.remove();
  charts.clear();
  for (const place of document.querySelectorAll("[data-chart]")) {
    charts.set(place.dataset.chart, new Chart(place, main.dataset.zone));
  }
  asked = -Infinity;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function each(kind, of, act) {
  for (const [key, value] of Object.entries(of)) for (const element of places[kind].get(key) || []) act(element, value);
}

function show(event) {
  const page = event.page;
  each("text", page.text, put);
  each("says", page.word, (element, key) => put(element, words.get(key) || key.slice(key.indexOf("/") + 1)));
  each("alarm", page.alarm, (element, on) => element.classList.toggle("alarm", on));
  each("stale", page.stale, (element, since) => {
    element.hidden = since === null;
    put(element.querySelector("time"), since || "");
  });
  each("place", page.stale, (element, since) => element.classList.toggle("silent", since !== null));
  fill(page.filling);
  for (const [meter, chart] of charts) {
    chart.add(event.points[meter] || []);
    chart.show(event.now_s);
  }
}

// The line of the past that is being filled in; the answers are asked for anew when it is whole.
function fill(share) {
  const line = document.getElementById("filling");
  if (share !== null) document.getElementById("filled").value = Number(share);
  if (share === null && !line.hidden) htmx.trigger("#standing", "filled");
  line.hidden = share === null;
}

function age(seconds) {
  const [word, count] = seconds < 60 ? ["age/s", seconds] : seconds < 3600 ? ["age/min", seconds / 60]
    : seconds < 86400 ? ["age/h", seconds / 3600] : ["age/d", seconds / 86400];
  return words.get(word).replace("%(n)s", String(Math.floor(count)));
}

function tick() {
  if (newest) {
    const since = (performance.now() - heard) / 1000;
    each("age", newest.page.age, (element, at) => put(element, at === null ? "–" : age(Math.max(at + since, 0))));
  }
  if (source && performance.now() - Math.max(heard, tried) > QUIET_MS) again();
}

function link(state) {
  const element = document.getElementById("link");
  element.dataset.link = state;
  put(element, words.get(`link/${state}`));
}

function connected(event) {
  newest = event;
  heard = performance.now();
  lost.hidden = true;
  link("up");
  if (event.layout !== document.querySelector("[data-layout]").dataset.layout) htmx.trigger("#live", "layout-changed");
  show(event);
  tick();
  if (charts.size && performance.now() - asked > REDRAW_MS) history();
}

function down() {
  if (newest && lost.hidden) {
    put(lost.querySelector("time"), newest.page.text.now);
    lost.hidden = false;
    asked = -Infinity;
  }
  link("down");
}

// A browser tries again by itself only after some failures; here it does after all of them.
function again() {
  if (source) source.close();
  source = null;
  down();
  setTimeout(listen, RETRY_MS);
}

function listen() {
  tried = performance.now();
  source = new EventSource(`/api/v1/sites/${encodeURIComponent(main.dataset.site)}/events`);
  source.addEventListener("site", (message) => connected(JSON.parse(message.data)));
  source.addEventListener("error", () => (source && source.readyState === EventSource.CLOSED ? again() : down()));
}

async function history() {
  asked = performance.now();
  const answer = await fetch(`/parts/history?site=${encodeURIComponent(main.dataset.site)}`).catch(() => null);
  if (!answer || !answer.ok) return; // the events say that the connection is lost, and history is asked for again
  for (const [meter, points] of Object.entries(await answer.json())) {
    if (charts.has(meter)) charts.get(meter).replace(points);
  }
  for (const chart of charts.values()) chart.show(newest.now_s);
}

// The answers come anew while somebody may be reading them by keyboard: the focus stays on the same link.
let focused = null;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const here = document.activeElement;
  if (event.detail.target.id === "standing") focused = event.detail.target.contains(here) ? here.getAttribute("href") : null;
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  const same = event.detail.target.id === "standing" && focused && event.detail.target.querySelector(`a[href="${CSS.escape(focused)}"]`);
  if (same) same.focus({ preventScroll: true });
  if (event.detail.target.id !== "live") return;
  find();
  if (newest) show(newest);
  if (newest) link("up");
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("[data-cited]").forEach((e) => e.classList.add("hush"));
});
document.addEventListener("mouseout", (event) => {
  const cited = event.target.closest && event.target.closest("[data-cited].hush");
  if (cited && !cited.contains(event.relatedTarget)) cited.classList.remove("hush");
});
document.addEventListener("focusout", (event) => {
  const cited = event.target.closest("[data-cited].hush");
  if (cited) cited.classList.remove("hush");
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((chart) => chart.draw()));

find();
listen();
setInterval(tick, 250);
