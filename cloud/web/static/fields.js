// Fields of a form <-> the fields of a statement: read, fill, rows, ways of a choice, units.
"use strict";
window.fields = (() => {
  const word = (key) => document.querySelector(`[data-word="${CSS.escape(key)}"]`)?.textContent ?? null;
  const all = (place, what) => [...place.querySelectorAll(what)];

  // Values of one input ------------------------------------------------------------------------------------------

  const boxes = (input) => all(input, "[type=checkbox]");
  const ticked = (input) => boxes(input).filter((each) => each.checked).map((each) => each.value);
  const unitOf = (input) => (input.matches("select, fieldset") ? null : input.closest(".field")?.querySelector("[data-unit]"));

  // {money.currency} in a unit is what is chosen there.
  function unitText(form, text) {
    return text.replace(/\{([a-z_]+\.[a-z_.]+)\}/g, (_, path) => form.querySelector(`select[data-path="${path}"]`)?.value || "…");
  }

  function unit(form, input) {
    const place = unitOf(input);
    if (!place) return "";
    return ` ${unitText(form, place.tagName === "SELECT" ? place.value : place.dataset.unit)}`;
  }

  function value(form, input) {
    const optional = "optional" in input.dataset;
    if (input.dataset.many !== undefined) return ticked(input).length || !optional ? ticked(input) : undefined;
    if (input.type === "checkbox") return input.checked;
    const text = input.value.trim();
    if (!text) return optional ? undefined : "";
    if (input.dataset.listOf) return text.split(/[,;，、；]+/).map((each) => each.trim()).filter(Boolean);
    return text + unit(form, input);
  }

  function untouched(input) {
    if (input.type === "hidden" || input.matches("[data-unit]")) return true;
    if (input.dataset.many !== undefined) return ticked(input).length === 0;
    if (input.type === "checkbox") return input.checked === input.defaultChecked;
    if (input.tagName !== "SELECT") return input.value.trim() === input.defaultValue;
    const first = all(input, "option").findIndex((each) => each.defaultSelected);
    return input.selectedIndex === Math.max(first, 0);
  }

  function set(form, input, said) {
    if (said === undefined || said === null || typeof said === "object" !== (input.dataset.many !== undefined || input.dataset.listOf !== undefined)) return;
    if (input.dataset.many !== undefined) {
      said.filter((each) => !boxes(input).some((box) => box.value === each)).forEach((each) => addBox(input, each));
      boxes(input).forEach((each) => (each.checked = said.includes(each.value)));
    } else if (input.type === "checkbox") input.checked = said === true;
    else if (input.dataset.listOf) input.value = said.join(", ");
    else if (unitOf(input)) split(form, input, String(said));
    else pick(input, String(said));
  }

  // An option that a statement has and the list has not stands there all the same.
  function pick(input, text) {
    if (input.tagName === "SELECT" && !all(input, "option").some((each) => each.value === text)) {
      input.append(new Option(text, text));
    }
    input.value = text;
  }

  function addBox(input, name) {
    const label = input.querySelector(".ticks").appendChild(document.createElement("label"));
    label.append(Object.assign(document.createElement("input"), { type: "checkbox", value: name }), ` ${name}`);
  }

  function split(form, input, text) {
    const [, number, said] = text.match(/^(.*) (\S+)$/) ?? [null, text, null];
    input.value = number;
    const place = unitOf(input);
    if (said === null || unit(form, input).trim() === said) return;
    if (place.tagName !== "SELECT") place.dataset.unit = said;
    else {
      const same = all(place, "option").find((each) => unitText(form, each.value) === said);
      pick(place, same ? same.value : said);
    }
  }

  // Paths --------------------------------------------------------------------------------------------------------

  const get = (from, path) => path.split(".").reduce((at, part) => at?.[part], from);

  function put(into, path, item) {
    const parts = path.split(".");
    parts.slice(0, -1).forEach((part, i) => {
      into[part] = into[part] ?? (/^\d+$/.test(parts[i + 1]) ? [] : {});
      into = into[part];
    });
    into[parts.at(-1)] = item;
  }

  // Leaves of what was said, by their paths: [["energy.baseline.0", "2024-01-01"], …]
  function leaves(said, path = "") {
    if (said === null || said === undefined) return [];
    if (typeof said !== "object") return [[path, said]];
    return Object.entries(said).flatMap(([key, item]) => leaves(item, path ? `${path}.${key}` : key));
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
    return form.carried.map(([path]) => path);
  }

  // Names of units -------------------------------------------------------------------------------------------------

  const unitName = (text) => word(`unit/${text}`) ?? text.split("/").map((each) => word(`unit/${each}`) ?? each).join("/");

  function labels(place, form) {
    all(place, "[data-unit-name]").forEach((each) => {
      const said = unitName(unitText(form, each.dataset.unit ?? each.dataset.unitName));
      if (each.textContent !== said) each.textContent = said;
    });
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
