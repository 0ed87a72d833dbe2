// The value of one input <-> what a statement says, its unit with it; the names of units in the language of the page.
"use strict";
window.inputs = (() => {
  const word = (key) => document.querySelector(`[data-word="${CSS.escape(key)}"]`)?.textContent ?? null;
  const all = (place, what) => [...place.querySelectorAll(what)];

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

  // Names of units -------------------------------------------------------------------------------------------------

  const unitName = (text) => word(`unit/${text}`) ?? text.split("/").map((each) => word(`unit/${each}`) ?? each).join("/");

  function labels(place, form) {
    all(place, "[data-unit-name]").forEach((each) => {
      const said = unitName(unitText(form, each.dataset.unit ?? each.dataset.unitName));
      if (each.textContent !== said) each.textContent = said;
    });
  }

  return { all, labels, pick, set, untouched, value, word };
})();
