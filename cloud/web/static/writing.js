// How numbers, dates and units of charts are written in a language: dates in the zone of the site.
"use strict";

const LOCALES = { zh: "zh-CN", en: "en-GB" };
const DAY_S = 86400;
const DATES = { day: { year: "numeric", month: "short", day: "numeric" }, month: { year: "numeric", month: "short" } };

class Writing {
  constructor(chart, lang) {
    this.lang = lang;
    this.locale = LOCALES[lang];
    this.zone = chart.zone;
    this.numbers = new Intl.NumberFormat(this.locale, { maximumSignificantDigits: 6 });
    this.ticks = new Intl.NumberFormat(this.locale, { maximumSignificantDigits: 12 });
    this.dates = new Map();
  }

  number(value, unit) {
    return value === null || value === undefined ? "–" : `${this.numbers.format(value).replace("-", "−")}${unit ? ` ${unit}` : ""}`;
  }

  tick(value) { return this.ticks.format(value).replace("-", "−"); }

  date(ms, form, zone = this.zone) {
    const key = JSON.stringify([form, zone]);
    if (!this.dates.has(key)) this.dates.set(key, new Intl.DateTimeFormat(this.locale, { ...form, timeZone: zone, hourCycle: "h23" }));
    return this.dates.get(key).format(ms);
  }

  moment(s, step) {
    return this.date(s * 1000, DATES[step] || { ...DATES.day, hour: "2-digit", minute: "2-digit" });
  }

  named(text, step) {
    return this.date(Date.parse(`${text.length === 7 ? `${text}-01` : text}T00:00Z`), DATES[step] || DATES.day, "UTC");
  }

  // Labels of a time axis: hours or days or months as far apart as they are; the year below, where it begins.
  times(splits, step) {
    let before = null;
    return splits.map((s) => {
      const [day, hour] = [{ month: "short", day: "numeric" }, { hour: "2-digit", minute: "2-digit" }];
      const clock = this.date(s * 1000, hour);
      const form = step >= 27 * DAY_S ? { month: "short" } : step < DAY_S && clock !== "00:00" ? hour : day;
      const year = this.date(s * 1000, { year: "numeric" });
      const text = this.date(s * 1000, form) + (year === before ? "" : `\n${year}`);
      before = year;
      return text;
    });
  }
}

const titled = (label, unit) => (unit ? `${label} [${unit}]` : label);
