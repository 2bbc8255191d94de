// Labels go to the printer of the browser.
"use strict";
addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
