// The page that a stream shows: it puts what the server says in place, and comes back after a break.
"use strict";
(() => {
  const element = document.querySelector("main");
  const shown = new Map();

  function put({ frame, parts }) {
    if (frame !== null && frame !== undefined && shown.get("") !== frame) {
      element.innerHTML = frame;
      shown.clear();
      shown.set("", frame);
    }
    for (const [name, html] of Object.entries(parts)) {
      const place = element.querySelector(`[data-part="${name}"]`);
      if (!place || shown.get(name) === html) continue;
      const fresh = shown.has(name);
      shown.set(name, html);
      place.innerHTML = html;
      if (fresh) place.firstElementChild?.classList.add("fresh");
    }
  }

  function watch() {
    const stream = new EventSource(`${location.pathname}/stream`);
    stream.addEventListener("change", (event) => put(JSON.parse(event.data)));
    stream.addEventListener("error", () => stream.readyState === EventSource.CLOSED && setTimeout(watch, 15000));
  }

  watch();
})();
