// Goes to the days that were chosen: the policy lets no form send anything.
"use strict";
document.querySelectorAll("[data-go]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = new URLSearchParams(new FormData(form));
    asked.set("site", form.dataset.site);
    location.assign(`${form.dataset.go}?${asked}`);
  });
});
