// Small live charts: one line, ten minutes, broken where rows are missing. Drawing only: values come as they are.
"use strict";

const SPAN_S = 600;

class Chart {
  constructor(place, zone) {
    this.place = place;
    this.zone = zone;
    this.times = [];
    this.values = [];
    this.now = 0;
    this.plot = null;
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(place);
  }

  // points: [[UTC s, value or null], ...] in order of time; only what is newer than the last one is taken.
  add(points) {
    const last = this.times.length ? this.times[this.times.length - 1] : 0;
    for (const [time, value] of points) {
      if (time > last) {
        this.times.push(time);
        this.values.push(value);
      }
    }
  }

  replace(points) {
    this.times = [];
    this.values = [];
    this.add(points);
  }

  show(now) {
    this.now = now;
    const old = this.times.findIndex((time) => time >= now - SPAN_S - 30);
    if (old > 0) {
      this.times.splice(0, old);
      this.values.splice(0, old);
    }
    if (!this.plot) this.draw();
    else this.plot.setData([this.times, this.values]);
  }

  draw() {
    if (this.plot) this.plot.destroy();
    const style = getComputedStyle(this.place);
    const colour = (name) => style.getPropertyValue(name).trim();
    const size = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.82);
    const numbers = new Intl.NumberFormat({ zh: "zh-CN" }[document.documentElement.lang.slice(0, 2)] || "en-GB", { maximumSignificantDigits: 6 });
    const axis = {
      stroke: colour("--muted"), font: `${size}px ${style.fontFamily}`, ticks: { show: false },
      grid: { stroke: colour("--line"), width: 1 },
    };
    this.plot = new uPlot({
      width: Math.max(this.place.clientWidth, 120), height: this.place.clientHeight || 110, padding: [8, 18, 0, 0],
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), this.zone),
      cursor: { show: false }, legend: { show: false },
      scales: { x: { range: () => [this.now - SPAN_S, this.now] }, y: { range: (_, low, high) => room(low, high) } },
      series: [{}, { stroke: colour("--trace"), width: 1.8, spanGaps: false, points: { show: false } }],
      axes: [
        { ...axis, size: size * 2, space: size * 5.5, values: (_, ticks) => ticks.map((s) => this.label(s)) },
        { ...axis, size: size * 3.8, space: size * 1.7, values: (_, ticks) => ticks.map((v) => (this.values.some((known) => known !== null) ? numbers.format(v) : "")) },
      ],
    }, [this.times, this.values], this.place);
  }

  label(s) {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: this.zone }).format(s * 1000);
  }

  fit() {
    if (this.plot) this.plot.setSize({ width: Math.max(this.place.clientWidth, 120), height: this.place.clientHeight });
  }

  remove() {
    this.resized.disconnect();
    if (this.plot) this.plot.destroy();
  }
}

// The range of the axis: a little room around the line, and never so narrow that noise looks like news.
function room(low, high) {
  if (low === null || high === null) return [0, 1];
  const middle = (low + high) / 2;
  const half = Math.max((high - low) * 0.65, Math.abs(middle) * 0.02, 0.01);
  return [low >= 0 ? Math.max(middle - half, 0) : middle - half, middle + half];
}
