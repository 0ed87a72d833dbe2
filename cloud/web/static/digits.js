// Sets the digits of figures in threes by a little room between them. Their text stays as it came: what is copied or read
// aloud is the number itself.
"use strict";

(() => {
  function group(element) {
    const found = element.childElementCount ? null : /^([-−]?\d{1,3})((?:\d{3})+)(\.\d+)?$/.exec(element.textContent);
    if (!found) return;
    const threes = found[2].match(/\d{3}/g).map((text) => {
      const made = document.createElement("span");
      made.className = "three";
      made.textContent = text;
      return made;
    });
    element.replaceChildren(found[1], ...threes, found[3] || "");
  }

  const all = (root) => root.querySelectorAll("[data-figure], .digits").forEach(group);
  all(document);
  document.body.addEventListener("htmx:afterSwap", (event) => all(event.detail.target));
})();
