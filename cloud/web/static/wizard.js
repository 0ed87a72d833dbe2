// The way of the wizard: points of a trade, then the CSV of the site that was sealed, then its figures.
"use strict";
(() => {
  const form = document.getElementById("site-form");
  const points = form.querySelector("[data-list=points]");
  const trade = document.getElementById("trade");
  const step = (id) => {
    const section = document.getElementById(id);
    section.hidden = false;
    section.scrollIntoView({ block: "start" });
    return section;
  };

  function begin() {
    points.querySelectorAll("[data-row]").forEach((row) => row.remove());
    JSON.parse(trade.selectedOptions[0].dataset.points).forEach((each) => window.fields.addRow(points, each));
  }

  // What was typed outlives a reload; it goes once the site is sealed.
  const draft = JSON.parse(sessionStorage.getItem("draft/wizard") ?? "null");
  const keep = () => sessionStorage.setItem("draft/wizard", JSON.stringify(window.fields.read(form)));
  trade.addEventListener("change", begin);
  if (draft) window.fields.fill(form, draft);
  else begin();
  ["input", "change"].forEach((kind) => form.addEventListener(kind, keep));
  document.addEventListener("sealed", ({ detail: { said } }) => {
    const site = encodeURIComponent(said.site);
    document.getElementById("import").dataset.import = `/api/v1/sites/${site}/import`;
    document.getElementById("to-report").href = `/v/report?site=${site}`;
    sessionStorage.removeItem("draft/wizard");
    form.querySelectorAll("input, select, button").forEach((each) => (each.disabled = true));
    step("step-csv").querySelector("[data-file]").focus();
  });
  document.addEventListener("imported", ({ detail: { said } }) => {
    if (!said.accepted) return;
    step("step-done");
    if (said.refused.length === 0) location.assign(document.getElementById("to-report").href);
  });
})();
