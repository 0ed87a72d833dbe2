// Draws /api/v1/sites/{site}/charts/{id}: lines with uPlot, heat and matrices as a table. It computes no figure.
"use strict";

(() => {
  const DASHES = [[], [6, 4], [2, 3], [10, 4, 2, 4]];
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== null && text !== undefined) made.textContent = String(text);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const named = (label, unit) => (unit ? `${label} [${unit}]` : label);

  function rows(place, chart, lang) {
    const table = element("table");
    const head = table.appendChild(element("thead")).appendChild(element("tr"));
    const body = table.appendChild(element("tbody"));
    const first = named(chart.x.label[lang], chart.kind === "time" ? chart.zone : chart.x.unit);
    for (const text of [first, ...chart.series.map((s) => named(s.label[lang], s.unit))]) head.append(element("th", text, { scope: "col" }));
    const clock = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: chart.zone });
    (chart.columns[0] || []).forEach((x, i) => {
      const row = body.appendChild(element("tr"));
      row.append(element("th", chart.kind === "time" ? clock.format(x * 1000) : x, { scope: "row" }));
      for (const column of chart.columns.slice(1)) row.append(element("td", column[i] === null ? "–" : column[i], { class: "number" }));
    });
    place.replaceChildren(table);
  }

  // Each cell has a class by its step (0-7) or its word, both as they came; the why of a cell is its title.
  function grid(place, chart, lang) {
    const { heat } = chart;
    const table = element("table", null, { class: `grid ${chart.kind}` });
    const head = table.appendChild(element("thead")).appendChild(element("tr"));
    head.append(element("th", heat.corner ? heat.corner[lang] : "", { scope: "col" }));
    for (const col of heat.cols) head.append(element("th", col, { scope: "col" }));
    const body = table.appendChild(element("tbody"));
    heat.rows.forEach((name, i) => {
      const row = body.appendChild(element("tr"));
      row.append(element("th", typeof name === "object" ? name[lang] : name, { scope: "row" }));
      heat.values[i].forEach((value, j) => {
        const cell = element("td", value === null ? "–" : heat.signs ? heat.signs[i][j] : value);
        if (heat.steps) cell.className = heat.steps[i][j] === null ? "gap" : `s${heat.steps[i][j]}`;
        if (heat.why && heat.why[i][j]) cell.title = typeof heat.why[i][j] === "object" ? heat.why[i][j][lang] : heat.why[i][j];
        row.append(cell);
      });
    });
    place.replaceChildren(table);
  }

  function lines(place, chart, lang) {
    const style = getComputedStyle(place);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: `12px ${style.fontFamily}`, labelFont: `12px ${style.fontFamily}` };
    const timed = chart.kind === "time";
    const series = chart.series.map((s, i) => {
      const points = s.as === "points";
      return {
        label: named(s.label[lang], s.unit), stroke: colour(s.as === "band" ? "--muted" : i ? "--ink" : "--trace"),
        width: points ? 0 : s.as === "band" ? 1 : 2, dash: s.as === "band" ? [3, 3] : DASHES[i % 4], spanGaps: false,
        paths: points ? () => null : s.as === "step" ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear(),
        points: { show: points, size: 6, fill: colour(i ? "--ink" : "--trace") },
      };
    });
    const size = () => ({ width: Math.max(place.clientWidth, 200), height: Math.max(Math.min(place.clientWidth * 0.45, window.innerHeight * 0.6), 220) });
    const plot = new uPlot({
      ...size(), series: [{ label: chart.x.label[lang], value: timed ? undefined : (_, v) => (v === null ? "–" : String(v)) }, ...series],
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), chart.zone), scales: { x: { time: timed } },
      axes: [
        { ...axis, label: named(chart.x.label[lang], timed ? chart.zone : chart.x.unit) },
        { ...axis, size: 64, label: named(chart.y.label[lang], chart.y.unit) },
      ],
    }, chart.columns, place);
    new ResizeObserver(() => plot.setSize(size())).observe(place);
  }

  async function draw(figure) {
    const place = figure.querySelector(".canvas");
    const answer = await fetch(figure.dataset.plot).catch(() => null);
    if (!answer || !answer.ok) return;
    const chart = await answer.json();
    const lang = figure.dataset.lang;
    if (chart.heat) {
      place.removeAttribute("aria-hidden");
      figure.querySelector("details").hidden = true;
      Object.entries({ class: "canvas scroll", tabindex: "0", role: "region", "aria-label": figure.querySelector("figcaption").textContent }).forEach((e) => place.setAttribute(...e));
      grid(place, chart, lang);
      place.scrollLeft = place.scrollWidth; // the newest day is what people look for
    } else {
      rows(figure.querySelector("[data-table]"), chart, lang);
      place.replaceChildren();
      lines(place, chart, lang);
    }
    figure.dataset.drawn = "yes";
  }

  const all = (root) => root.querySelectorAll("[data-plot]:not([data-drawn])").forEach(draw);
  all(document);
  document.body.addEventListener("htmx:afterSwap", (event) => all(event.detail.target));
})();
