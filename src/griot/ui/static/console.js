// The page of the console. It knows no view: it asks the server for what an address shows, puts it in place, sends what
// is tapped, and keeps the parts of the view as the server says they are. What comes from the server is escaped there.
"use strict";

window.griot = (() => {
  const LIVING = 1000; // milliseconds between two looks at the clock
  const TOAST = 4000;
  let element, server, upload;
  let words = {};
  let shop = null;
  let stream = null;
  let news = 0; // changes that came by themselves
  let later = new Map(); // parts that came while somebody was typing in them
  const $ = (selector, from = element) => from.querySelector(selector);

  async function start(root, calls, send) {
    [element, server, upload] = [root.querySelector(".griot"), calls, send];
    document.querySelector('meta[name="viewport"]')?.setAttribute("content", "width=device-width, initial-scale=1");
    const wanted = Number(new URLSearchParams(location.search).get("shop"));
    shop = wanted || null;
    element.addEventListener("click", clicked);
    element.addEventListener("submit", submitted);
    element.addEventListener("change", changed);
    element.addEventListener("input", (event) => typed.add(event.target));
    element.addEventListener("reset", (event) => [...event.target.elements].forEach((field) => typed.delete(field)));
    element.addEventListener("focusout", () => setTimeout(catchUp));
    element.addEventListener("pause", () => setTimeout(catchUp), true);
    addEventListener("hashchange", () => show());
    addEventListener("online", () => show());
    setInterval(tick, LIVING);
    await show({ chrome: true });
    element.removeAttribute("aria-busy");
  }

  // Phones go wrong by minutes: times are told by the server's clock.
  let ahead = 0;
  const heard = (now) => now && (ahead = Date.parse(now) - Date.now());

  const at = () => location.hash.slice(1) || "/";

  // Ask the server; what it answers is shown. Answers of an address that was left meanwhile are dropped.
  async function call(given = {}) {
    const [from, known] = [at(), news];
    let answer;
    try {
      answer = await server.call({ shop, at: from, ...given });
    } catch {
      return say(words.offline || "…", true);
    }
    heard(answer.now);
    if (answer.login) return location.replace("/login" + location.hash);
    if (answer.chrome) around(answer);
    if (answer.error) say(answer.error, true);
    if (answer.fields) mark(answer.fields, given.form);
    if (answer.say) say(answer.say);
    if (answer.sheet) open(answer.sheet);
    else if (!answer.error && given.act) close();
    if (answer.go) return go(answer.go);
    if (from === at() && answer.frame !== undefined) {
      put(answer);
      if (given.act && known !== news) watch(); // what came meanwhile may be newer than the answer
    }
    return answer;
  }

  async function show(given = {}) {
    later.clear();
    close();
    fold();
    const view = $("#view");
    if (view) view.setAttribute("aria-busy", "true");
    const answer = await call(given);
    $("#view")?.removeAttribute("aria-busy");
    here();
    answer?.lost ? stream?.close() : watch();
    scrollTo(0, 0);
  }

  function around(answer) {
    [shop, words] = [answer.shop, answer.words];
    element.innerHTML = answer.chrome;
    document.documentElement.lang = (document.cookie.match(/griot_language=(\w\w)/) || [])[1] || element.dataset.language || navigator.language.slice(0, 2);
  }

  // Where we are: the bar of views says it.
  function here() {
    const view = at().split("/")[1].split("?")[0];
    if (!$("[data-view]")) return;
    for (const link of element.querySelectorAll("[data-view]")) {
      const current = link.dataset.view === (view || element.querySelector("[data-view]").dataset.view);
      current ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    }
  }

  function fold() {
    $(".views")?.classList.remove("open");
    $(".menu")?.removeAttribute("open");
  }

  function put({ now, title, frame, parts }) {
    heard(now);
    if (title) document.title = `${title} · Griot`;
    const view = $("#view");
    if (frame !== null && frame !== undefined && view.dataset.frame !== frame) {
      view.innerHTML = frame;
      view.dataset.frame = frame;
    }
    for (const [name, html] of Object.entries(parts)) part(name, html);
    here();
    tick();
    dispatchEvent(new CustomEvent("griot:shown"));
  }

  const shown = new WeakMap(); // place of a part -> what it shows

  function part(name, html) {
    const place = $(`[data-part="${name}"]`);
    if (!place || shown.get(place) === html) return;
    if (busy(place)) return later.set(name, html);
    later.delete(name);
    const low = place.dataset.end !== undefined || $("[data-end]", place) ? atEnd(place) : false;
    const open = [...place.querySelectorAll("details[open][id]")].map((item) => item.id);
    const first = !shown.has(place);
    place.innerHTML = html;
    shown.set(place, html);
    for (const id of open) $(`#${CSS.escape(id)}`, place)?.setAttribute("open", "");
    const end = $("[data-end]", place);
    if (end && (low || first)) end.scrollTop = end.scrollHeight;
  }

  const atEnd = (place) => {
    const end = $("[data-end]", place);
    return !end || end.scrollHeight - end.scrollTop - end.clientHeight < 80;
  };

  const typed = new WeakSet(); // fields that somebody has typed in, even if they are empty again

  // Nobody loses what they are typing, hearing or dragging.
  function busy(place) {
    const active = document.activeElement;
    if (active && place.contains(active) && active.matches("input:not([type=checkbox]):not([type=radio]), textarea, select") && (typed.has(active) || active.value !== active.defaultValue || active.matches("select"))) return true;
    if ($("[data-dragging]", place)) return true;
    return [...place.querySelectorAll("audio, video")].some((sound) => !sound.paused && !sound.ended);
  }

  function catchUp() {
    for (const [name, html] of [...later]) part(name, html);
  }

  // What happens on the server comes by itself. After a break the server begins with the whole view.
  function watch() {
    stream?.close();
    if (!shop) return;
    const where = at();
    stream = new EventSource(`/stream?shop=${shop}&at=${encodeURIComponent(where)}`);
    stream.addEventListener("change", (event) => {
      if (where !== at()) return; // what is asked for now is on its way
      news += 1;
      put(JSON.parse(event.data));
    });
    stream.addEventListener("gone", () => show());
    stream.addEventListener("open", () => lost(false));
    stream.addEventListener("error", () => {
      lost(true);
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => stream.readyState === EventSource.CLOSED && show(), 3000);
    });
  }

  let losing;
  function lost(yes) {
    clearTimeout(losing);
    const line = $(".offline");
    if (!yes && line) line.hidden = true;
    if (yes) losing = setTimeout(() => ($(".offline").hidden = false), 2500);
  }

  function go(hash) {
    const address = hash.startsWith("#") ? hash : `#${hash}`;
    if (address === location.hash) return show();
    location.hash = address;
  }

  function clicked(event) {
    const target = event.target.closest("[data-act], [data-more], [data-close], [data-theme-switch], [data-copy], [data-fill]");
    if (!target || target.tagName === "FORM") return;
    if (target.matches("[data-more]")) {
      const open = $(".views").classList.toggle("open");
      target.setAttribute("aria-expanded", open);
    } else if (target.matches("[data-close]")) close();
    else if (target.matches("[data-theme-switch]")) theme();
    else if (target.matches("[data-copy]")) copy(target);
    else if (target.matches("[data-fill]")) {
      const field = $(target.dataset.fill);
      field.value = target.dataset.text;
      if (target.dataset.quiet === undefined) field.focus(); // which brings the keyboard up
    } else {
      const { act, confirm, ...data } = target.dataset;
      perform(target, act, data, confirm);
    }
  }

  // What is copied may be a path of ours: others need all of it.
  async function copy(target) {
    const text = target.dataset.copy;
    await navigator.clipboard?.writeText(text.startsWith("/") ? location.origin + text : text);
    if (target.dataset.copied) say(target.dataset.copied);
  }

  async function submitted(event) {
    const form = event.target;
    if (form.dataset.look !== undefined) {
      event.preventDefault();
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      return go(`${form.dataset.look}${[...query].length ? `?${query}` : ""}`);
    }
    if (!form.dataset.act) return;
    event.preventDefault();
    const data = await read(form, event.submitter);
    const answer = await perform(form, form.dataset.act, data, (event.submitter || form).dataset.confirm || form.dataset.confirm);
    if (answer && !answer.error && !answer.sheet && form.isConnected && form.dataset.stay === undefined) form.reset();
  }

  // A form as plain data: several values of a name are a list, files are brought to the server first.
  async function read(form, submitter) {
    const data = {};
    for (const [name, value] of new FormData(form, submitter)) {
      const plain = value instanceof File ? (value.size ? (await upload(value)).path : "") : value;
      if (!(name in data)) data[name] = plain;
      else data[name] = [].concat(data[name], plain);
    }
    return data;
  }

  function changed(event) {
    if (event.target.matches("[data-shop]")) location.href = `/console/?shop=${event.target.value}`;
    const form = event.target.closest("form[data-look][data-at-once]");
    if (form) form.requestSubmit();
  }

  async function perform(from, act, data, confirm) {
    if (from.getAttribute("aria-busy")) return null;
    if (confirm && !(await sure(confirm))) return null;
    from.setAttribute("aria-busy", "true");
    try {
      return await call({ act, data, form: from });
    } finally {
      from.removeAttribute("aria-busy");
    }
  }

  function sure(question) {
    return new Promise((resolve) => {
      const dialog = document.createElement("dialog");
      dialog.className = "sheet";
      dialog.setAttribute("aria-label", words.sure);
      const text = document.createElement("p");
      text.textContent = question;
      const row = document.createElement("div");
      row.className = "row";
      for (const [name, value, kind] of [[words.yes, "yes", "main"], [words.no, "no", ""]]) {
        const button = document.createElement("button");
        button.className = `button ${kind}`;
        button.textContent = name;
        button.addEventListener("click", () => dialog.close(value));
        row.append(button);
      }
      dialog.append(text, row);
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "yes");
      });
      element.append(dialog);
      dialog.showModal();
    });
  }

  function open(html) {
    const sheet = $("dialog.sheet");
    $(".content", sheet).innerHTML = html;
    if (!sheet.open) sheet.showModal();
    tick();
  }

  function close() {
    const sheet = $("dialog.sheet");
    if (sheet?.open) sheet.close();
  }

  // Wrong fields say so themselves.
  function mark(fields, form) {
    if (!form?.elements) return;
    for (const old of form.querySelectorAll(".wrong")) old.remove();
    for (const [name, why] of Object.entries(fields)) {
      const found = form.elements[name];
      const field = found?.setAttribute ? found : found?.[0]; // several of a name: the first
      if (!field?.setAttribute) continue;
      field.setAttribute("aria-invalid", "true");
      const note = document.createElement("span");
      note.className = "wrong";
      note.textContent = why;
      field.after(note);
      field.addEventListener("input", () => (field.removeAttribute("aria-invalid"), note.remove()), { once: true });
    }
    form.querySelector("[aria-invalid]")?.focus();
  }

  let saying;
  function say(text, bad = false) {
    const toast = $(".toast");
    if (!toast) return null;
    clearTimeout(saying);
    toast.textContent = text;
    toast.classList.toggle("bad", bad);
    saying = setTimeout(() => (toast.textContent = ""), bad ? 2 * TOAST : TOAST);
    return null;
  }

  function theme() {
    const light = document.documentElement.dataset.theme !== "light";
    document.documentElement.dataset.theme = light ? "light" : "dark";
    localStorage.setItem("griot-theme", light ? "light" : "dark");
  }

  // Times that run: how long ago, how long still.
  function tick() {
    const now = Date.now() + ahead;
    for (const time of element.querySelectorAll("time[data-since]")) {
      const minutes = Math.floor((now - Date.parse(time.dataset.since)) / 60000);
      const [word, n] = minutes < 1 ? ["now", 0] : minutes < 60 ? ["minutes", minutes] : minutes < 2880 ? ["hours", Math.floor(minutes / 60)] : ["days", Math.floor(minutes / 1440)];
      tell(time, (words[word] || "").replace("{n}", n));
    }
    for (const time of element.querySelectorAll("time[data-until]")) {
      const seconds = Math.floor((Date.parse(time.dataset.until) - now) / 1000);
      tell(time, seconds <= 0 ? words.over : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    }
  }

  const tell = (time, text) => text && time.textContent !== text && (time.textContent = text);

  return { start, call, go, show, say, perform: (act, data) => call({ act, data }), upload: (file) => upload(file) };
})();
