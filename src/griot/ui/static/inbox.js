// Whoever opens a conversation has read it: said once for each new word of the buyer, and only while it can be seen.
"use strict";

(() => {
  let told = "";
  addEventListener("griot:shown", () => {
    const mark = document.querySelector("#griot [data-seen]");
    const now = mark && `${mark.dataset.seen} ${mark.dataset.written}`;
    if (!mark || document.hidden || now === told) return;
    told = now;
    window.griot.perform("inbox.seen", { conversation: mark.dataset.seen });
  });
})();
