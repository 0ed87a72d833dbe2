// Draws /api/v1/sites/{site}/charts/{id}: lines (lines.js) with their table, heat and matrices (grid.js).
"use strict";

const AGAIN_MS = 5000; // until a chart that could not be had is asked for again

(() => {
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== null && text !== undefined) made.textContent = String(text);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  function rows(place, chart, lang) {
    const table = element("table");
    const head = table.appendChild(element("thead")).appendChild(element("tr"));
    const body = table.appendChild(element("tbody"));
    const writing = new Writing(chart, lang);
    const timed = chart.kind === "time";
    const names = chart.names ? [titled(chart.names.label[lang], chart.zone)] : [];
    const first = titled(chart.x.label[lang], timed ? chart.zone : chart.x.unit);
    for (const text of [...names, first, ...chart.series.map((s) => titled(s.label[lang], s.unit))]) head.append(element("th", text, { scope: "col" }));
    (chart.columns[0] || []).forEach((x, i) => {
      const row = body.appendChild(element("tr"));
      if (chart.names) row.append(element("th", writing.named(chart.names.values[i], chart.names.step), { scope: "row" }));
      row.append(timed ? element("th", writing.moment(x, chart.x.step), { scope: "row" }) : element(chart.names ? "td" : "th", x, chart.names ? { class: "number" } : { scope: "row" }));
      for (const column of chart.columns.slice(1)) row.append(element("td", column[i] === null ? "–" : column[i], { class: "number" }));
    });
    place.replaceChildren(table);
  }

  async function draw(figure) {
    const place = figure.querySelector(".canvas");
    const at = document.getElementById("main")?.dataset.at; // the chart is of the same state of the ledger as its page
    const answer = await fetch(at ? `${figure.dataset.plot}${figure.dataset.plot.includes("?") ? "&" : "?"}at=${at}` : figure.dataset.plot).catch(() => null);
    if (!answer || !answer.ok) {
      place.removeAttribute("aria-hidden");
      place.replaceChildren(element("p", figure.dataset.failed, { class: "doubt", role: "status" }));
      setTimeout(() => draw(figure), AGAIN_MS);
      return;
    }
    const chart = await answer.json();
    const lang = figure.dataset.lang;
    if (chart.heat) {
      place.removeAttribute("aria-hidden");
      figure.classList.add("wide");
      figure.querySelector("details").hidden = true;
      Object.entries({ class: "canvas scroll", tabindex: "0", role: "region", "aria-label": figure.querySelector("figcaption").textContent }).forEach((e) => place.setAttribute(...e));
      drawGrid(place, chart, lang);
      place.scrollLeft = place.scrollWidth; // the newest day is what people look for
    } else {
      rows(figure.querySelector("[data-table]"), chart, lang);
      figure.lines = new Lines(figure, place, chart, lang);
    }
    if (chart.method) figure.querySelector(".csv").append(element("code", chart.method, { class: "method" }));
    figure.dataset.drawn = "yes";
  }

  const all = (root) => root.querySelectorAll("[data-plot]:not([data-drawn])").forEach(draw);
  all(document);
  document.body.addEventListener("htmx:afterSwap", (event) => all(event.detail.target));
})();
