// Heat and matrices of a chart as a table. Each cell has a class by its step (0-7), as it came; the why of a cell is its title.
"use strict";

function drawGrid(place, chart, lang) {
  const { heat } = chart;
  const make = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== null) made.textContent = String(text);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const words = (said) => (said !== null && typeof said === "object" ? said[lang] : said);
  const table = make("table", null, { class: `grid ${chart.kind}` });
  const head = table.appendChild(make("thead", null)).appendChild(make("tr", null));
  head.append(make("th", heat.corner ? words(heat.corner) : "", { scope: "col" }));
  for (const col of heat.cols) head.append(dayHead(make, col, lang));
  const body = table.appendChild(make("tbody", null));
  heat.rows.forEach((name, i) => {
    const turn = heat.bands.length && i && heat.bands[i] !== heat.bands[i - 1];
    const row = body.appendChild(make("tr", null, turn ? { class: "turn" } : {}));
    const title = row.appendChild(make("th", words(name), { scope: "row" }));
    if (heat.marks && heat.marks[i]) title.append(" ", make("span", heat.marks[i], { class: "mark", "aria-hidden": "true" }));
    heat.values[i].forEach((value, j) => {
      const cell = row.appendChild(make("td", value === null ? "–" : heat.signs ? heat.signs[i][j] : value));
      if (heat.steps) cell.className = heat.steps[i][j] === null ? "gap" : `s${heat.steps[i][j]}`;
      if (heat.why && heat.why[i][j]) cell.title = words(heat.why[i][j]);
    });
  });
  place.replaceChildren(table);
}

// A day in two short words that may stand one below the other: "5 Nov", "11月5日".
function dayHead(make, iso, lang) {
  const at = Date.parse(`${iso}T00:00Z`);
  const [day, month] = [{ day: "numeric" }, { month: "short" }].map((form) => new Intl.DateTimeFormat(LOCALES[lang], { ...form, timeZone: "UTC" }).format(at));
  const made = make("th", null, { scope: "col", "data-day": iso });
  if (lang === "zh") made.append(month, make("wbr", null), day);
  else made.append(`${day} ${month}`);
  return made;
}
