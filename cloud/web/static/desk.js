// Sending the forms of the desk: JSON out, what was sealed or what is wrong back.
"use strict";
window.desk = (() => {
  const language = document.documentElement.lang.slice(0, 2);
  const { read, word } = window.fields;
  const { beside, clear, make, show } = window.faults;
  const fill = (text, names) => text.replace(/%\((\w+)\)s/g, (_, name) => names[name]);

  const headers = () => {
    const token = document.getElementById("token");
    return token && token.value ? { Authorization: `Bearer ${token.value.trim()}` } : {};
  };
  const by = () => document.getElementById("by")?.value.trim() ?? "";
  const ask = (url) => fetch(`${url}?lang=${language}`, { headers: headers() }).then((got) => (got.ok ? got.json() : null)).catch(() => null);

  async function post(form, url, body) {
    clear(form);
    const outcome = form.querySelector("[data-outcome]");
    outcome.append(make("p", word("reading")));
    const buttons = [...form.querySelectorAll("button")].filter((each) => !each.disabled);
    buttons.forEach((each) => (each.disabled = true));
    const asked = { method: "POST", headers: { "Content-Type": "application/json", ...headers() }, body: JSON.stringify({ by: by(), ...body }) };
    const answer = await fetch(`${url}?lang=${language}`, asked).then((got) => got.json().then((said) => ({ ok: got.ok, status: got.status, said })), () => null).catch(() => null);
    buttons.forEach((each) => (each.disabled = false));
    outcome.replaceChildren();
    if (answer && answer.ok) return answer.said;
    const refused = answer && [401, 403].includes(answer.status) && document.getElementById("token");
    if (refused) show(form, { faults: [{ path: "token", detail: answer.said.detail }] });
    else show(form, answer ? answer.said : { detail: word("lost") });
    return null;
  }

  function undo(item, what) {
    const button = make("button", word("undo"), { type: "button", className: "button small" });
    button.setAttribute("aria-label", `${word("undo")}: ${what}`);
    button.addEventListener("click", () => document.dispatchEvent(new CustomEvent("undo", { detail: { hash: item.hash, what } })));
    return button;
  }

  function sealed(form, said) {
    const outcome = form.querySelector("[data-outcome]");
    const withUndo = document.getElementById("undo") !== null;
    said.sealed.forEach((item) => {
      const what = [word(`kind/${item.kind}`), item.summary].filter(Boolean).join(" · ");
      const line = make("p", `${fill(word("sealed"), { what, hash: "" })} `, { className: "done" });
      line.append(make("code", item.hash, { className: "hash" }), " ");
      if (withUndo) line.append(undo(item, what));
      outcome.append(line);
    });
    if (!said.sealed.length) outcome.append(make("p", word("unchanged")));
    outcome.focus();
    document.dispatchEvent(new CustomEvent("sealed", { detail: { form, said } }));
  }

  async function text(file) {
    const bytes = await file.arrayBuffer();
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return new TextDecoder("gb18030").decode(bytes); // what a Chinese spreadsheet saves
    }
  }

  async function importCsv(form) {
    const [file] = form.querySelector("[data-file]").files;
    const pasted = form.querySelector("[data-csv]");
    clear(form);
    const csv = file ? await text(file) : pasted.value;
    if (!csv.trim()) {
      beside(pasted, word("none"));
      pasted.focus();
      return;
    }
    const said = await post(form, form.dataset.import, { name: file ? file.name : "csv", csv });
    if (!said) return;
    const outcome = form.querySelector("[data-outcome]");
    const refused = said.refused.map(({ line, detail }) => fill(word("line"), { line, why: detail }));
    outcome.append(make("p", fill(word("rows"), { ...said, refused: refused.length }), { className: refused.length ? "wrong" : "" }));
    if (refused.length) {
      const list = document.createElement("ul");
      list.append(...refused.slice(0, 200).map((each) => make("li", each)));
      outcome.append(list);
    }
    outcome.focus();
    document.dispatchEvent(new CustomEvent("imported", { detail: { form, said } }));
  }

  document.querySelectorAll("[data-post]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = read(form);
      const note = form.querySelector("[data-note]")?.value.trim() ?? "";
      const on = form.dataset.on === undefined ? {} : { on: form.dataset.on };
      const said = await post(form, form.dataset.post, "whole" in form.dataset ? fields : { note, fields, ...on });
      if (said) sealed(form, said);
    });
  });
  document.querySelectorAll("[data-import]").forEach((form) => {
    const pasted = form.querySelector("[data-csv]"); // what was pasted outlives a reload
    const key = `draft/csv/${form.dataset.import}`;
    pasted.value = sessionStorage.getItem(key) ?? "";
    pasted.addEventListener("input", () => pasted.value.length < 1e6 && sessionStorage.setItem(key, pasted.value));
    document.addEventListener("imported", ({ detail }) => detail.said.refused.length || sessionStorage.removeItem(key));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      importCsv(form);
    });
  });
  const name = document.getElementById("by");
  if (name) {
    name.value = localStorage.getItem("by") ?? "";
    name.addEventListener("input", () => localStorage.setItem("by", name.value.trim()));
  }
  return { ask, clear, fill, headers, make, post };
})();
