// Lines, points and bands of a chart with uPlot, and a legend that reads out the values under the cursor. It computes no
// figure: values come as they are. The chart is a slider for the keyboard: arrows, page, home and end move the cursor.
"use strict";

const MARKS = {
  circle: (path, x, y, r) => { path.moveTo(x + r, y); path.arc(x, y, r, 0, 2 * Math.PI); },
  diamond: (path, x, y, r) => {
    const d = r * 1.3;
    path.moveTo(x, y - d); path.lineTo(x + d, y); path.lineTo(x, y + d); path.lineTo(x - d, y); path.closePath();
  },
};
const SVG = "http://www.w3.org/2000/svg";

const toneOf = (s) => (s.tone ? `tone-${s.tone}` : s.as === "band" ? "tone-limit" : "tone-0");
const dashOf = (s) => (s.as === "band" ? [3, 3] : s.dashed ? [7, 5] : []);

class Lines {
  constructor(figure, place, chart, lang) {
    Object.assign(this, { figure, place, chart, lang, writing: new Writing(chart, lang), at: null });
    this.legend = place.parentNode.insertBefore(document.createElement("ul"), place.nextSibling);
    this.legend.className = "legend";
    this.entries = [];
    this.list();
    this.draw();
    this.reach();
    new ResizeObserver(() => this.fit()).observe(place);
    for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", () => this.draw());
  }

  get count() { return this.chart.columns[0].length; }

  column(id) { return this.chart.columns[1 + this.chart.series.findIndex((s) => s.id === id)]; }

  // One entry a series or band: a sample of how it is drawn, its name, and room for the value under the cursor.
  list() {
    const { chart, lang } = this;
    this.head = this.legend.appendChild(document.createElement("li"));
    this.head.className = "at";
    this.head.textContent = this.figure.dataset.hint;
    const entry = (name, sample, read) => {
      const item = this.legend.appendChild(document.createElement("li"));
      const [label, value] = [document.createElement("span"), document.createElement("b")];
      label.textContent = name;
      item.append(sampleOf(sample), label, " ", value);
      this.entries.push({ name, value, read });
    };
    chart.series.filter((s) => s.as !== "edge").forEach((s) => {
      entry(s.label[lang], s, (i) => this.writing.number(this.column(s.id)[i], s.unit));
    });
    for (const band of chart.bands || []) {
      const { unit } = chart.series.find((s) => s.id === band.low);
      entry(band.label[lang], { as: "fan" }, (i) => `${this.writing.number(this.column(band.low)[i])} – ${this.writing.number(this.column(band.high)[i], unit)}`);
    }
  }

  draw() {
    if (this.plot) this.plot.destroy();
    const { chart, lang, place, writing } = this;
    const style = getComputedStyle(place);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const size = Math.round(this.rem * 0.82); // whole: uPlot reads no fraction
    const axis = { stroke: colour("muted"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, font: `${size}px ${style.fontFamily}`, gap: size * 0.4 };
    const timed = chart.kind === "time";
    place.replaceChildren(labelled("y", titled(chart.y.label[lang], chart.y.unit)));
    const text = timed ? (u, splits, a, space, step) => writing.times(splits, step) : (u, splits) => splits.map((v) => writing.tick(v));
    this.plot = new uPlot({
      ...this.size(), padding: [size * 0.7, size * 1.8, 0, 0], legend: { show: false },
      series: [{}, ...chart.series.map((s) => drawn(s, colour, size))],
      bands: (chart.bands || []).map((b) => ({ series: [b.high, b.low].map((id) => 1 + chart.series.findIndex((s) => s.id === id)), fill: colour("fan") })),
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), chart.zone),
      scales: { x: { time: timed }, y: { range: (u, low, high) => range(low, high, chart.y.zero) } },
      axes: [
        { ...axis, gap: size * 0.9, size: size * (timed ? 3.7 : 2.4), space: size * (timed ? 6 : 5), values: text },
        { ...axis, size: (u, values) => widest(u, values, axis) + axis.gap + 2, space: size * 3.2, values: (u, splits) => splits.map((v) => writing.tick(v)) },
      ],
      cursor: { points: { size: size * 0.9 }, ...(timed ? {} : { dataIdx: (u, si, closest) => this.nearest(u, si, closest) }) },
      hooks: { setCursor: [(u) => this.read(u)] },
    }, chart.columns, place);
    if (!timed) place.append(labelled("x", titled(chart.x.label[lang], chart.x.unit)));
  }

  // The row whose point is nearest to the cursor, in both directions.
  nearest(u, si, closest) {
    if (si === 0 || this.at !== null) return this.at === null ? closest : this.at;
    const { left, top } = u.cursor;
    if (!this.found || this.found.left !== left || this.found.top !== top) {
      const far = (i) => Math.min(...this.chart.series.map((s, k) => (s.as === "points" && u.data[k + 1][i] !== null
        ? Math.hypot(u.valToPos(u.data[0][i], "x") - left, u.valToPos(u.data[k + 1][i], "y") - top) : Infinity)));
      let best = closest;
      for (let i = 0, least = Infinity; i < this.count; i += 1) {
        const distance = far(i);
        if (distance < least) [best, least] = [i, distance];
      }
      this.found = { left, top, best };
    }
    return this.found.best;
  }

  read(u) {
    const i = u.cursor.left < 0 ? null : this.at !== null ? this.at : this.chart.kind === "time" ? u.cursor.idx : this.nearest(u, 1, u.cursor.idx);
    this.head.textContent = i === null || i === undefined ? this.figure.dataset.hint : this.where(i);
    for (const { value, read } of this.entries) value.textContent = i === null || i === undefined ? "" : read(i);
    if (i !== null && i !== undefined) this.tell(i);
  }

  where(i) {
    const { chart, writing, lang } = this;
    const x = chart.columns[0][i];
    if (chart.kind === "time") return writing.moment(x, chart.x.step);
    const at = `${chart.x.label[lang]} ${writing.number(x, chart.x.unit)}`;
    return chart.names ? `${writing.named(chart.names.values[i], chart.names.step)} · ${at}` : at;
  }

  tell(i) {
    const said = [this.where(i), ...this.entries.map(({ name, read }) => [name, read(i)]).filter(([, text]) => text !== "–").map((pair) => pair.join(" "))];
    this.place.setAttribute("aria-valuenow", i);
    this.place.setAttribute("aria-valuetext", said.join("; "));
  }

  reach() {
    const { place } = this;
    place.removeAttribute("aria-hidden");
    const said = { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": Math.max(this.count - 1, 0), "aria-label": this.figure.querySelector("figcaption").textContent.trim() };
    Object.entries(said).forEach((pair) => place.setAttribute(...pair));
    this.tell(this.count - 1);
    place.addEventListener("keydown", (event) => this.key(event));
    place.addEventListener("mousemove", () => { this.at = null; }, true);
    place.addEventListener("blur", () => { this.at = null; this.plot.setCursor({ left: -10, top: -10 }); });
  }

  key(event) {
    const page = Math.max(Math.round(this.count / 10), 1);
    const now = this.at === null ? null : this.at;
    const to = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -Infinity, End: Infinity }[event.key];
    if (to === undefined || !this.count) return;
    event.preventDefault();
    this.at = Math.min(Math.max((now === null ? (to < 0 ? this.count : -1) : now) + to, 0), this.count - 1);
    const values = this.chart.columns.slice(1).map((column) => column[this.at]).filter((value) => value !== null);
    this.plot.setCursor({ left: this.plot.valToPos(this.chart.columns[0][this.at], "x"), top: values.length ? this.plot.valToPos(values[0], "y") : 0 });
  }

  size() {
    const width = Math.max(this.place.clientWidth, 200);
    return { width, height: Math.round(Math.max(Math.min(width * 0.45, window.innerHeight * 0.62), Math.min(width * 0.8, this.rem * 20))) };
  }

  fit() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (rem !== this.rem) this.draw();
    else this.plot.setSize(this.size());
  }
}

function drawn(s, colour, size) {
  const points = s.as === "points";
  const stroke = colour(toneOf(s));
  return {
    label: s.id, stroke, width: points ? 0 : s.as === "line" || s.as === "step" ? 2 : 1, dash: dashOf(s), spanGaps: false,
    pxAlign: 0, paths: points ? () => null : s.as === "step" ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear(),
    points: points ? { show: true, pxAlign: 0, size: size * 0.6, width: 0, fill: stroke, paths: marks(s.mark || "circle", size * 0.3) }
      : { show: true, size: size * 0.4, width: 0, fill: stroke, filter: (u, si) => lone(u.data[si]) },
  };
}

// A value between two gaps has no line: it is a dot.
const lone = (column) => [...column.keys()].filter((i) => column[i] !== null && (column[i - 1] ?? null) === null && (column[i + 1] ?? null) === null);

function marks(kind, radius) {
  return (u, si, from, to) => {
    const path = new Path2D();
    for (let i = from; i <= to; i += 1) {
      if (u.data[si][i] !== null) MARKS[kind](path, u.valToPos(u.data[0][i], "x", true), u.valToPos(u.data[si][i], "y", true), radius * devicePixelRatio);
    }
    return { stroke: null, fill: path, clip: null, flags: 3 };
  };
}

// The range of the y axis: a little room around what is drawn; from 0 where the chart says that 0 means something.
function range(low, high, zero) {
  if (low === null || high === null) return [0, 1];
  const [from, to] = zero ? [Math.min(low, 0), Math.max(high, 0)] : [low, high];
  const room = (to - from || Math.abs(to) || 1) * 0.06;
  return [zero && from === 0 ? 0 : from - room, zero && to === 0 ? 0 : to + room];
}

function widest(u, values, axis) {
  u.ctx.save();
  u.ctx.font = axis.font;
  const found = Math.max(0, ...(values || []).map((text) => u.ctx.measureText(text).width));
  u.ctx.restore();
  return Math.ceil(found);
}

function labelled(axis, text) {
  const made = document.createElement("p");
  made.className = `axis ${axis}`;
  made.textContent = text;
  return made;
}

function sampleOf(s) {
  const part = (name, of) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(of).forEach((pair) => made.setAttribute(...pair));
    return made;
  };
  const svg = part("svg", { class: `sample ${s.as === "fan" ? "fan" : toneOf(s)}`, viewBox: "0 0 32 14", "aria-hidden": "true" });
  if (s.as === "fan") svg.append(part("rect", { x: 1, y: 1, width: 30, height: 12 }));
  else if (s.as !== "points") svg.append(part("line", { x1: 0, y1: 7, x2: 32, y2: 7, "stroke-dasharray": dashOf(s).join(" ") || "none" }));
  else if (s.mark === "diamond") svg.append(part("path", { d: "M16 1 22 7 16 13 10 7Z" }));
  else svg.append(part("circle", { cx: 16, cy: 7, r: 4.6 }));
  return svg;
}
