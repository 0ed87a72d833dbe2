// What is typed outlives an error, a lost connection and a reload; forms of what counts as a whole begin with it.
"use strict";
(() => {
  const { empty, fill, filled, get, read, word } = window.fields;
  const { ask, make } = window.desk;
  const site = document.getElementById("main").dataset.site ?? "";
  const zone = document.getElementById("main").dataset.zone;
  const forms = [...document.querySelectorAll("form[data-kind]")];
  const key = (form) => `draft/${site}/${form.dataset.kind}`;
  const note = (form) => form.querySelector("[data-note]");
  const before = (form) => JSON.parse(sessionStorage.getItem(key(form)) ?? "null");

  function keep(form) {
    const { on, begun } = form.dataset;
    sessionStorage.setItem(key(form), JSON.stringify({ fields: read(form), note: note(form).value, on, begun }));
  }

  // What stands above the fields: where they come from, and a way to begin anew.
  function tell(form, ...lines) {
    const told = form.querySelector("[data-told]");
    told.replaceChildren(...lines.filter(Boolean).map((each) => make("p", each)));
    told.hidden = !told.children.length;
    if (told.hidden) return;
    const button = make("button", word("empty"), { type: "button", className: "button small" });
    button.addEventListener("click", () => anew(form));
    told.append(button);
  }

  async function anew(form) {
    sessionStorage.removeItem(key(form));
    tell(form);
    window.faults.clear(form);
    empty(form);
    if (form.dataset.current) await current(form);
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  const carried = (paths) => (paths.length ? window.desk.fill(word("carried"), { what: paths.join(", ") }) : "");

  // The statement that counts now; its hash goes along, so that nobody overwrites what another has said meanwhile.
  async function current(form) {
    const said = await ask(form.dataset.current);
    if (!said) return;
    form.dataset.on = said.hash ?? "";
    if (said.fields) tell(form, carried(fill(form, said.fields)));
    form.dataset.begun = "yes";
  }

  async function begin(form) {
    const draft = before(form);
    if (draft) {
      if (draft.on !== undefined) form.dataset.on = draft.on;
      if (draft.begun) form.dataset.begun = draft.begun;
      const paths = fill(form, draft.fields);
      note(form).value = draft.note;
      tell(form, word("kept"), carried(paths));
      form.closest("details").open = true;
    } else if (form.dataset.current) await current(form);
    const about = form.dataset.about && form.querySelector("[data-path=about]");
    if (about) about.value = form.dataset.about;
  }

  async function template(hash) {
    const table = document.getElementById("log");
    const said = await ask(`${table.dataset.log}/${hash}`);
    const form = said && forms.find((each) => each.dataset.kind === said.kind);
    if (!form) return;
    form.closest("details").open = true;
    if (form.dataset.current && !form.dataset.begun) await current(form);
    window.faults.clear(form);
    const paths = fill(form, said.fields);
    const time = new Date(said.at).toLocaleString("sv", { timeZone: zone });
    tell(form, window.desk.fill(word("template"), { time }), carried(paths));
    keep(form);
    form.scrollIntoView({ block: "start" });
    form.querySelector("input:not([type=hidden]), select, textarea").focus();
  }

  function opened() {
    const sheet = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!sheet || !sheet.matches("details")) return;
    sheet.open = true;
    sheet.scrollIntoView({ block: "start" });
  }

  forms.forEach((form) => {
    const sheet = form.closest("details");
    if (before(form) || !form.dataset.current) begin(form);
    sheet.addEventListener("toggle", () => sheet.open && form.dataset.current && !form.dataset.begun && begin(form));
    ["input", "change"].forEach((kind) => form.addEventListener(kind, () => keep(form)));
  });
  document.addEventListener("sealed", ({ detail: { form, said } }) => {
    if (!forms.includes(form)) return;
    sessionStorage.removeItem(key(form));
    tell(form);
    note(form).value = "";
    if (!said.sealed.length) return;
    if (form.dataset.current) form.dataset.on = said.sealed.at(-1).hash;
    else empty(form);
  });
  document.addEventListener("undone", () => {
    forms.filter((form) => form.dataset.begun && !before(form)).forEach(current);
  });
  document.addEventListener("template", ({ detail }) => template(detail.hash));
  document.getElementById("token")?.addEventListener("change", () => {
    forms.filter((form) => form.dataset.current && !form.dataset.begun && form.closest("details").open).forEach(begin);
  });
  window.addEventListener("hashchange", opened);
  opened();
})();
