// Forms of the desk: read the fields as JSON, send them, and put what is wrong beside the field it is about.
"use strict";
window.desk = (() => {
  const language = document.documentElement.lang.slice(0, 2);
  let number = 0;

  const word = (key) => {
    const found = document.querySelector(`[data-word="${key}"]`);
    return found ? found.textContent : key;
  };
  const fill = (text, names) => text.replace(/%\((\w+)\)s/g, (_, name) => names[name]);
  const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);

  // Fields -------------------------------------------------------------------------------------------------------

  function put(into, path, value) {
    const parts = path.split(".");
    parts.slice(0, -1).forEach((part, i) => {
      into[part] = into[part] ?? (/^\d+$/.test(parts[i + 1]) ? [] : {});
      into = into[part];
    });
    into[parts.at(-1)] = value;
  }

  function value(input) {
    if (input.type === "checkbox") return input.checked;
    const text = input.value.trim();
    if (!text) return "optional" in input.dataset ? undefined : "";
    if (input.dataset.listOf) return text.split(/[\s,;，、；]+/).filter(Boolean);
    return text + (input.dataset.unit ?? "");
  }

  // A fieldset that nobody has touched says nothing.
  const touched = (part) =>
    part.tagName !== "FIELDSET" || [...part.querySelectorAll("[data-path]")].some((i) => i.value !== i.defaultValue && i.tagName !== "SELECT");

  function read(form) {
    const fields = {};
    form.querySelectorAll("[data-path]").forEach((input) => {
      if (input.closest("[data-list]")) return;
      const part = input.closest(".part");
      input.dataset.full = input.dataset.path.replace(/\.(\d+)/g, "[$1]");
      const found = value(input);
      if (found !== undefined && (!part || touched(part))) put(fields, input.dataset.path, found);
    });
    form.querySelectorAll("[data-list]").forEach((list) => {
      const rows = [...list.querySelectorAll("[data-row]")];
      const items = rows.map((row, i) => {
        const item = {};
        row.querySelectorAll("[data-path]").forEach((input) => {
          input.dataset.full = `${list.dataset.list}[${i}].${input.dataset.path}`;
          const found = value(input);
          if (found !== undefined) item[input.dataset.path] = found;
        });
        return item;
      });
      if (items.length) fields[list.dataset.list] = items;
    });
    return fields;
  }

  function addRow(list, values = {}, focus = false) {
    const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelectorAll("[data-path]").forEach((input) => {
      if (values[input.dataset.path]) input.value = values[input.dataset.path];
    });
    row.querySelector("[data-remove]").addEventListener("click", () => {
      row.remove();
      list.querySelector("[data-add]").focus();
    });
    list.querySelector("[data-rows]").append(row);
    if (focus) row.querySelector("input, select").focus();
  }

  // Faults -------------------------------------------------------------------------------------------------------

  function clear(form) {
    document.querySelectorAll(".fault").forEach((each) => each.remove());
    document.querySelectorAll("[aria-invalid]").forEach((each) => {
      each.removeAttribute("aria-invalid");
      each.removeAttribute("aria-describedby");
    });
    form.querySelector("[data-outcome]").replaceChildren();
  }

  function place(form, path) {
    if (path === "by") return document.getElementById("by");
    for (const each of form.querySelectorAll("[data-path], [data-fault]")) {
      if ((each.dataset.full ?? each.dataset.fault) === path) return each;
    }
    for (const list of form.querySelectorAll("[data-list]")) {
      if (path === list.dataset.list || path.startsWith(`${list.dataset.list}[`)) return list.querySelector("[data-path]") ?? list.querySelector("[data-add]");
    }
    return null;
  }

  function fault(input, why) {
    const note = make("span", why, { className: "fault", id: `fault-${++number}` });
    (input.closest(".field") ?? input.parentElement).append(note);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", note.id);
  }

  function refuse(form, answer) {
    const outcome = form.querySelector("[data-outcome]");
    const faults = answer.faults ?? [];
    const rest = faults.filter(({ path, why }) => {
      const input = place(form, path);
      if (input) fault(input, why);
      return !input;
    });
    outcome.append(make("p", faults.length ? word("faults") : answer.error, { className: "wrong" }));
    if (faults.length) outcome.append(list(faults.map(({ path, why }) => (path ? `${path}: ${why}` : why))));
    (rest.length < faults.length ? document.querySelector("[aria-invalid]") : outcome).focus();
  }

  function list(lines) {
    const made = document.createElement("ul");
    lines.forEach((line) => made.append(make("li", line)));
    return made;
  }

  // Asking -------------------------------------------------------------------------------------------------------

  const headers = () => {
    const token = document.getElementById("token");
    return token && token.value ? { Authorization: `Bearer ${token.value.trim()}` } : {};
  };
  const by = () => document.getElementById("by")?.value ?? "";

  async function post(form, url, body) {
    clear(form);
    const outcome = form.querySelector("[data-outcome]");
    outcome.append(make("p", word("reading")));
    const buttons = form.querySelectorAll("button");
    buttons.forEach((each) => (each.disabled = true));
    const asked = { method: "POST", headers: { "Content-Type": "application/json", ...headers() }, body: JSON.stringify({ by: by(), ...body }) };
    const answer = await fetch(`${url}?lang=${language}`, asked).then((got) => got.json().then((said) => ({ ok: got.ok, said })), () => null).catch(() => null);
    buttons.forEach((each) => (each.disabled = false));
    outcome.replaceChildren();
    if (answer && answer.ok) return answer.said;
    refuse(form, answer ? answer.said : { error: word("lost") });
    return null;
  }

  function sealed(form, said) {
    const outcome = form.querySelector("[data-outcome]");
    const lines = said.sealed.map(({ kind, hash }) => `${word(`kind/${kind}`)} ${hash.slice(0, 16)}…`);
    outcome.append(make("p", lines.length ? `${word("sealed")}: ${lines.join(", ")}` : word("unchanged")));
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
      fault(pasted, word("none"));
      pasted.focus();
      return;
    }
    const said = await post(form, form.dataset.import, { name: file ? file.name : "csv", csv });
    if (!said) return;
    const outcome = form.querySelector("[data-outcome]");
    const refused = said.refused.map((each) => fill(word("line"), each));
    outcome.append(make("p", fill(word("rows"), { ...said, refused: refused.length }), { className: refused.length ? "wrong" : "" }));
    if (refused.length) outcome.append(list(refused.slice(0, 200)));
    outcome.focus();
    document.dispatchEvent(new CustomEvent("imported", { detail: { form, said } }));
  }

  document.querySelectorAll("[data-list]").forEach((each) => {
    for (let i = 0; i < Number(each.dataset.least); i++) addRow(each);
    each.querySelector("[data-add]").addEventListener("click", () => addRow(each, {}, true));
  });
  document.querySelectorAll("[data-post]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = read(form);
      const note = form.querySelector("[data-note]")?.value.trim() ?? "";
      const said = await post(form, form.dataset.post, "whole" in form.dataset ? fields : { note, fields });
      if (said) sealed(form, said);
    });
  });
  document.querySelectorAll("[data-import]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      importCsv(form);
    });
  });
  const name = document.getElementById("by");
  if (name) {
    name.value = localStorage.getItem("by") ?? "";
    name.addEventListener("change", () => localStorage.setItem("by", name.value));
  }
  return { addRow, clear, headers, make, post, read, word };
})();
