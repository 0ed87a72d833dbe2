// Opens the drawer when a figure's origin has come into it.
"use strict";
document.body.addEventListener("htmx:afterSwap", (event) => {
  const drawer = document.getElementById("drawer");
  if (event.detail.target.id === "drawer-body" && !drawer.open) drawer.showModal();
});
