// Fields of a form <-> the fields of a statement: read, fill, rows, ways of a choice.
"use strict";
window.fields = (() => {
  const { all, labels, pick, set, untouched, value, word } = window.inputs;

  // Paths --------------------------------------------------------------------------------------------------------

  // A path is text such as energy.baseline.0, or a list of keys where one may hold a dot.
  const keys = (path) => (Array.isArray(path) ? path : path.split("."));
  const get = (from, path) => keys(path).reduce((at, key) => at?.[key], from);

  function put(into, path, item) {
    const parts = keys(path);
    parts.slice(0, -1).forEach((part, i) => {
      into[part] = into[part] ?? (/^\d+$/.test(parts[i + 1]) ? [] : {});
      into = into[part];
    });
    into[parts.at(-1)] = item;
  }

  // Leaves of what was said, by their paths: [[["energy", "baseline", "0"], "2024-01-01"], …]
  function leaves(said, path = []) {
    if (said === null || said === undefined) return [];
    if (typeof said !== "object") return [[path, said]];
    return Object.entries(said).flatMap(([key, item]) => leaves(item, [...path, key]));
  }

  // Which fields count ---------------------------------------------------------------------------------------------

  const shown = (input) => !input.closest("[data-way][hidden]");
  const inputsOf = (place) => all(place, "[data-path]").filter(shown);
  const filled = (place) => all(place, "[data-path], [data-choose]").some((each) => shown(each) && !untouched(each));

  // A part or a group in which nothing was filled says nothing.
  function counts(input) {
    if (!shown(input)) return false;
    for (let part = input.closest("[data-filled]"); part; part = part.parentElement.closest("[data-filled]")) {
      if (!filled(part)) return false;
    }
    return true;
  }

  // Reading --------------------------------------------------------------------------------------------------------

  const bracketed = (path) => path.replace(/\.(\d+)/g, "[$1]");

  function readRow(form, list, row, at) {
    const item = {};
    inputsOf(row).forEach((input) => {
      const inner = bracketed(input.dataset.path);
      input.dataset.full = `${list.dataset.list}[${at}]${inner ? `.${inner}` : ""}`;
      const found = value(form, input);
      if (found !== undefined) put(item, input.dataset.path, found);
    });
    return item;
  }

  function readList(form, list) {
    const rows = all(list, "[data-row]").filter(filled);
    const items = rows.map((row, i) => readRow(form, list, row, i));
    if (list.dataset.of === "values") return items.map((each) => each[""]);
    if (list.dataset.of !== "pairs") return items;
    rows.forEach((row, i) => all(row, "[data-path]").forEach((input) => (input.dataset.full = `${list.dataset.list}.${items[i].key}`)));
    return Object.fromEntries(items.map(({ key, value: said }) => [key, said]));
  }

  function read(form) {
    const found = {};
    inputsOf(form).forEach((input) => {
      if (input.closest("[data-list]")) return;
      input.dataset.full = bracketed(input.dataset.path);
      const said = value(form, input);
      if (said !== undefined && counts(input)) put(found, input.dataset.path, said);
    });
    all(form, "[data-list]").forEach((list) => {
      const items = readList(form, list);
      const none = Array.isArray(items) ? !items.length : !Object.keys(items).length;
      if (counts(list) && !none) put(found, list.dataset.list, items);
    });
    (form.carried ?? []).forEach(([path, said]) => get(found, path) === undefined && put(found, path, said));
    return found;
  }

  // Filling --------------------------------------------------------------------------------------------------------

  function addRow(list, said = {}, focus = false) {
    const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
    list.querySelector("[data-rows]").append(row);
    const form = list.closest("form");
    all(row, "[data-path]").forEach((input) => set(form, input, input.dataset.path ? get(said, input.dataset.path) : said));
    row.querySelector("[data-remove]").addEventListener("click", () => {
      row.remove();
      form.dispatchEvent(new Event("input"));
      list.querySelector("[data-add]").focus();
    });
    labels(row, form);
    if (focus) row.querySelector("input, select, textarea").focus();
  }

  function rowsOf(list, said) {
    if (!said || typeof said !== "object") return [];
    return list.dataset.of === "pairs" ? Object.entries(said).map(([key, item]) => ({ key, value: item })) : said;
  }

  function choose(choice) {
    const chosen = choice.querySelector("[data-choose]").value;
    all(choice, "[data-way]").forEach((way) => {
      if (way.parentElement === choice) way.hidden = !way.dataset.way.split(" ").includes(chosen);
    });
  }

  // The way of a choice that is itself not said: the one most of whose fields are.
  function ways(form, said) {
    all(form, "[data-choice]").forEach((choice) => {
      const select = choice.querySelector("[data-choose]");
      if (select.dataset.path) pick(select, String(get(said, select.dataset.path) ?? ""));
      else {
        const score = (way) => all(way, "[data-path], [data-list]").filter((each) => {
          const found = get(said, each.dataset.path ?? each.dataset.list);
          return found !== undefined && found !== null && (each.dataset.list !== undefined || typeof found !== "object");
        }).length;
        const best = all(choice, "[data-way]").filter((way) => way.parentElement === choice).sort((a, b) => score(b) - score(a))[0];
        if (best && score(best)) select.value = best.dataset.way.split(" ")[0];
      }
      choose(choice);
    });
  }

  function empty(form) {
    form.reset();
    form.carried = [];
    all(form, "span[data-unit]").forEach((each) => (each.dataset.unit = each.dataset.unitName));
    all(form, "[data-list]").forEach((list) => {
      all(list, "[data-row]").forEach((row) => row.remove());
      for (let i = 0; i < Number(list.dataset.least); i++) addRow(list);
    });
    all(form, "[data-choice]").forEach(choose);
    labels(form, form);
  }

  // Fill a form with the fields of a statement; what it has no field for is kept and sent along. Returns those paths.
  function fill(form, said) {
    empty(form);
    ways(form, said);
    const inputs = all(form, "[data-path]").filter((each) => !each.closest("[data-list]") && !each.matches("[data-choose]"));
    const first = inputs.filter((each) => each.tagName === "SELECT"); // units follow from what is chosen there
    [...first, ...inputs.filter((each) => each.tagName !== "SELECT")].forEach((each) => set(form, each, get(said, each.dataset.path)));
    inputs.filter((each) => each.defaultValue && "optional" in each.dataset && get(said, each.dataset.path) === undefined).forEach((each) => {
      if (inputs.some((other) => other.closest("[data-filled]") === each.closest("[data-filled]") && get(said, other.dataset.path) !== undefined)) each.value = "";
    });
    all(form, "[data-list]").forEach((list) => {
      const rows = rowsOf(list, get(said, list.dataset.list));
      if (rows.length) all(list, "[data-row]").forEach((row) => row.remove());
      rows.forEach((each) => addRow(list, each));
    });
    all(form, "details").forEach((part) => (part.open = filled(part)));
    labels(form, form);
    const now = read(form);
    form.carried = leaves(said).filter(([path]) => get(now, path) === undefined);
    return form.carried.map(([path]) => path.join("."));
  }

  document.addEventListener("change", ({ target }) => {
    const form = target.closest?.("form");
    if (!form) return;
    if (target.matches("[data-choose]")) choose(target.closest("[data-choice]"));
    if (target.tagName === "SELECT") labels(form, form);
  });
  all(document, "form.entry").forEach((form) => {
    empty(form);
    all(form, "[data-add]").forEach((button) => button.addEventListener("click", () => addRow(button.closest("[data-list]"), {}, true)));
  });
  return { addRow, empty, fill, filled, get, read, word };
})();
