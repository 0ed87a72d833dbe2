// The log of the desk: an entry as a template for the next, and undo: another statement that says which counts no more.
"use strict";
(() => {
  const table = document.getElementById("log");
  const body = table.querySelector("tbody");
  const dialog = document.getElementById("undo");
  const form = document.getElementById("undo-form");
  const { word } = window.fields;
  const { make } = window.desk;
  const zone = document.getElementById("main").dataset.zone;
  const time = (text) => new Date(text).toLocaleString("sv", { timeZone: zone }); // 2026-11-24 21:15:23 in every language
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const who = form.querySelector("[data-who]"); // the page's own field lies behind the dialog, where nobody can fill it in
  const writer = document.getElementById(who.dataset.who);
  let chosen = null;
  let from = null;

  function button(text, what, act) {
    const made = make("button", text, { type: "button", className: "button small" });
    made.setAttribute("aria-label", `${text}: ${what}`);
    made.addEventListener("click", act);
    return made;
  }

  function line(each) {
    const row = document.createElement("tr");
    const kind = word(`kind/${each.kind}`) ?? each.kind;
    const what = `${kind} ${each.summary}`;
    row.append(make("td", time(each.at)), make("td", each.by), make("th", kind, { scope: "row" }), make("td", each.summary, { className: "text" }), make("td", each.note, { className: "text" }));
    const last = make("td", "", { className: "change" });
    if (each.withdrawn) {
      row.querySelectorAll("td, th").forEach((cell) => cell.classList.add("gone"));
      last.append(make("span", word("undone")), " ");
    }
    if (document.querySelector(`form[data-kind="${each.kind}"]`)) last.append(button(word("again"), what, () => say("template", each)));
    if (!each.withdrawn) last.append(button(word("undo"), what, () => say("undo", { hash: each.hash, what })));
    row.append(last);
    row.role = "row"; // a phone shows the rows as blocks, and they are a table all the same
    [...row.children].forEach((cell) => (cell.role = cell.tagName === "TH" ? "rowheader" : "cell"));
    return row;
  }

  async function show() {
    const answer = await fetch(table.dataset.log, { headers: window.desk.headers() }).catch(() => null);
    if (!answer || !answer.ok) return;
    const { statements } = await answer.json();
    const nothing = document.createElement("tr");
    nothing.append(make("td", word("nothing"), { colSpan: 6 }));
    body.replaceChildren(...(statements.length ? statements.map(line) : [nothing]));
  }

  document.addEventListener("undo", ({ detail }) => {
    chosen = detail.hash;
    from = document.activeElement;
    window.faults.clear(form);
    form.querySelector("[data-what]").textContent = detail.what;
    who.value = writer.value;
    dialog.showModal();
  });
  ["input", "change"].forEach((kind) => who.addEventListener(kind, () => {
    writer.value = who.value;
    writer.dispatchEvent(new Event(kind, { bubbles: true }));
  }));
  form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => from?.isConnected && from.focus());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = { statement: chosen, ...window.fields.read(form) };
    const said = await window.desk.post(form, table.dataset.undo, { note: "", fields });
    if (!said) return;
    form.reset();
    document.querySelectorAll("form[data-kind] [data-outcome]").forEach((each) => each.replaceChildren());
    dialog.close();
    say("undone", { hash: chosen });
    await show();
    table.closest(".scroll").focus();
  });
  document.addEventListener("sealed", show);
  document.addEventListener("imported", show);
  const token = document.getElementById("token");
  if (token) token.addEventListener("change", show);
  else show();
})();
