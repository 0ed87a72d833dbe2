// What is wrong with a form: beside the fields it is about, and in a summary above them that takes the focus.
"use strict";
window.faults = (() => {
  const { word } = window.fields;
  const all = (place, what) => [...place.querySelectorAll(what)];
  const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
  const colon = document.documentElement.lang.startsWith("zh") ? "：" : ": ";
  let number = 0;

  function clear(form) {
    all(document, ".fault").forEach((each) => each.remove());
    all(document, "[aria-invalid]").forEach((each) => {
      each.removeAttribute("aria-invalid");
      each.removeAttribute("aria-describedby");
    });
    form.querySelector("[data-outcome]").replaceChildren();
    const summary = form.querySelector("[data-faults]");
    summary?.replaceChildren();
    if (summary) summary.hidden = true;
  }

  const within = (path, above) => path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
  const visible = (each) => !each.closest("[data-way][hidden]") && each.type !== "hidden";

  // The field of a path: itself, the one that holds it, the first one below it, the list that it should stand in.
  function place(form, path) {
    if (path === "by" || path === "token") return form.querySelector(`[data-who="${path}"]`) ?? document.getElementById(path);
    const fields = all(form, "[data-full], [data-fault]").filter(visible).map((each) => [each.dataset.full ?? each.dataset.fault, each]);
    const exact = fields.find(([full]) => full === path);
    const above = fields.filter(([full]) => within(path, full)).sort((a, b) => b[0].length - a[0].length)[0];
    const below = fields.find(([full]) => within(full, path));
    const list = all(form, "[data-list]").filter(visible).find((each) => each.dataset.list === path || within(path, each.dataset.list));
    return (exact ?? above ?? below)?.[1] ?? list?.querySelector("[data-row] [data-path]") ?? list?.querySelector("[data-add]") ?? null;
  }

  // The name of a field with the headings it stands under.
  function name(input) {
    const found = [];
    for (let at = input; at && at.tagName !== "FORM"; at = at.parentElement) {
      const own = at.matches("label.field") ? at.querySelector(".name") : null;
      const head = at.matches("fieldset") ? at.querySelector(":scope > legend") : at.matches("details") ? at.querySelector(":scope > summary h4") : null;
      const choice = at.matches("[data-choice]") && !found.length ? null : at.matches("[data-choice]") ? at.querySelector(":scope > label .name") : null;
      const text = (own ?? head ?? choice)?.textContent.replace("*", "").trim();
      if (text && text !== found[0]) found.unshift(text);
      if (at.matches("[data-row]")) found.unshift(String(all(at.parentElement, ":scope > [data-row]").indexOf(at) + 1));
    }
    return found.join(" › ");
  }

  function beside(input, why) {
    const note = make("span", why, { className: "fault", id: `fault-${++number}` });
    (input.closest(".field") ?? input.parentElement).append(note);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", note.id);
    if (!input.id) input.id = `at-${note.id}`;
    for (let part = input.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  }

  function line(form, { path, detail: why }) {
    const input = place(form, path);
    const made = document.createElement("li");
    if (!input) {
      made.textContent = path ? `${path}${colon}${why}` : why;
      return made;
    }
    beside(input, why);
    const link = make("a", `${name(input)}${colon}${why}`, { href: `#${input.id}` });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      (input.matches("fieldset") ? input.querySelector("input") : input).focus();
    });
    made.append(link);
    return made;
  }

  // answer: {faults: [{path, detail}]} or {detail} of the server.
  function show(form, answer) {
    const told = answer.faults ?? [];
    const summary = form.querySelector("[data-faults]") ?? form.querySelector("[data-outcome]");
    summary.hidden = false;
    summary.append(make("p", told.length ? word("faults") : answer.detail ?? "?", { className: "wrong" }));
    if (told.length) {
      const list = document.createElement("ul");
      list.append(...told.map((each) => line(form, each)));
      summary.append(list);
    }
    summary.focus();
    summary.scrollIntoView({ block: "center" });
  }

  return { beside, clear, make, show };
})();
