// The log of the desk, and undo: another statement that says which one counts no more, and why.
"use strict";
(() => {
  const table = document.getElementById("log");
  const body = table.querySelector("tbody");
  const dialog = document.getElementById("undo");
  const form = document.getElementById("undo-form");
  const { make, word } = window.desk;
  const zone = document.getElementById("main").dataset.zone;
  const time = (text) => new Date(text).toLocaleString("sv", { timeZone: zone }); // 2026-11-24 21:15:23 in every language
  let chosen = null;

  function line(each) {
    const row = document.createElement("tr");
    const kind = word(`kind/${each.kind}`);
    row.append(make("td", time(each.at)), make("td", each.by), make("th", kind, { scope: "row" }), make("td", each.summary, { className: "text" }), make("td", each.note, { className: "text" }));
    const last = document.createElement("td");
    if (each.withdrawn) {
      row.querySelectorAll("td, th").forEach((cell) => cell.classList.add("gone"));
      last.textContent = word("undone");
    } else {
      const button = make("button", word("undo"), { type: "button", className: "button small" });
      button.setAttribute("aria-label", `${word("undo")}: ${kind} ${each.summary}`);
      button.addEventListener("click", () => {
        chosen = each.hash;
        window.desk.clear(form);
        form.querySelector("[data-what]").textContent = `${kind} · ${each.summary}`;
        dialog.showModal();
      });
      last.append(button);
    }
    row.append(last);
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

  form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = { statement: chosen, ...window.desk.read(form) };
    const said = await window.desk.post(form, table.dataset.undo, { note: "", fields });
    if (!said) return;
    form.reset();
    dialog.close();
    await show();
    table.closest(".scroll").focus();
  });
  document.addEventListener("sealed", show);
  document.addEventListener("imported", show);
  const token = document.getElementById("token");
  if (token) token.addEventListener("change", show);
  else show();
})();
