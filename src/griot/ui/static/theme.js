// The theme, before anything is painted: dark, unless this browser was told otherwise. And the place to come back to.
document.documentElement.dataset.theme = localStorage.getItem("griot-theme") === "light" ? "light" : "dark";
addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-keep-place]")) form.action += location.hash;
});
